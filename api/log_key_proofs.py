"""
The proof that a log key was changed: for whoever pinned the old key and holds nothing else of the log.

The envelope of `log-key-added/1` names the new key. A receipt puts that very envelope into a tree which a key known
before has signed; the same checkpoint carries the new key's line. So trust goes on without asking anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.log_keys import LogKey, is_signed_by_log_key
from ledger.store.port import EventRow, Store
from ledger.tlog.proofs import prove_inclusion
from ledger.tlog.receipt import Receipt, format_receipt

_PAGE = 200
"""Checkpoints read at once; the overlap is mostly the very first."""


@dataclass(frozen=True, slots=True)
class ProvenLogKey:
    """A later log key with its proof: the envelope that added it, and a receipt under the overlap."""

    vkey: str
    envelope: str
    receipt: str


def proven_log_keys(store: Store, log_keys: Sequence[LogKey]) -> tuple[ProvenLogKey, ...]:
    """The later log keys that can be believed, in the order they were added, each with its proof."""
    proven: list[ProvenLogKey] = []
    for index, key in enumerate(log_keys):
        row = store.row(key.added_at)
        found = None if key.added_at == 0 else overlap_of(store, key, log_keys[:index])
        if found is None or not isinstance(row, EventRow):
            continue
        size, note = found
        proof = prove_inclusion(key.added_at, size, store.read_tile)
        receipt = format_receipt(Receipt(row.entry, key.added_at, proof, note))
        proven.append(ProvenLogKey(key.vkey, row.envelope.decode("ascii"), receipt.decode("utf-8")))
    return tuple(proven)


def overlap_of(store: Store, new: LogKey, before: Sequence[LogKey]) -> tuple[int, bytes] | None:
    """The first checkpoint over the new key's entry that it signed together with a key of before, and its size."""
    start = new.added_at + 1
    while page := store.checkpoints(start, _PAGE):
        for size, note in page:
            others = [key for key in before if key.signs(size)]
            if not others:
                return None
            by_new = new.signs(size) and is_signed_by_log_key(note, new.vkey, store.origin)
            if by_new and any(is_signed_by_log_key(note, key.vkey, store.origin) for key in others):
                return size, note
        start = page[-1][0] + 1
    return None
