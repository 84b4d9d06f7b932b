"""
Which log key may sign a checkpoint of which size, and how trust goes from one log key to the next.

A log key counts for the sizes n with `added_at` < n <= `retired_at`: the checkpoint must cover the entry that
added it, and a retired key signs nothing that covers its retirement.
A key that the log itself brings could have been brought by a thief, so being added is not enough: it is
believed once a key that is believed already has signed a checkpoint over that entry, and the new key has signed
the same checkpoint beside it (the *overlap*).
Source: format v1, sections 6 and 8; docs/adr/0010.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ledger.errors import Invalid, Refused
from ledger.tlog.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from ledger.tlog.note import VerifierKey, parse_note, parse_vkey


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key that signs checkpoints, by its C2SP verifier key, with the positions that added and retired it."""

    vkey: str
    added_at: int
    retired_at: int | None = None

    def signs(self, size: int) -> bool:
        """Whether it counts under a checkpoint of `size` entries."""
        return self.added_at < size and (self.retired_at is None or size <= self.retired_at)


def covering_keys(note: bytes, log_keys: Iterable[LogKey]) -> list[VerifierKey]:
    """
    The verifier keys among these that count for the size a note claims.

    Raises:
        Invalid: `note-format` or `checkpoint-format`.
    """
    size = parse_checkpoint(parse_note(note)[0]).size
    return [parse_vkey(key.vkey) for key in log_keys if key.signs(size)]


def open_covering(note: bytes, log_keys: Iterable[LogKey], origin: str) -> Checkpoint:
    """
    The checkpoint in a note that one of these log keys has signed, whichever counts for its size.

    Raises:
        Invalid: `note-unsigned`, when none that counts has signed; and what `open_checkpoint` raises.
    """
    return open_checkpoint(note, covering_keys(note, log_keys), origin)


def is_signed_by_log_key(note: bytes, vkey: str, origin: str) -> bool:
    """Whether this one log key has signed a note."""
    try:
        open_checkpoint(note, [parse_vkey(vkey)], origin)
    except Invalid:
        return False
    return True


def check_signing_keys(log_keys: Sequence[LogKey], vkeys: Sequence[str], size: int) -> None:
    """
    Pass when the log keys at hand may sign a checkpoint of this size: none retired, and one that counts.

    A key that no entry names yet may sign beside it, as a new one does in the overlap.

    Raises:
        Refused: `log-key-retired` or `log-key-unknown`; an empty log names none, and is not asked.
    """
    named = {key.vkey: key for key in log_keys}
    if any(vkey in named and named[vkey].retired_at is not None for vkey in vkeys):
        raise Refused(
            "log-key-retired",
            "The log key at hand was retired; it signs nothing newer.",
            remedy="If a change of the log key broke off, run session-ledger rotate-log-key again.",
        )
    if named and not any(vkey in named and named[vkey].signs(size) for vkey in vkeys):
        raise Refused(
            "log-key-unknown",
            "The log key at hand is not one of this ledger.",
            remedy="Put the ledger's own log/log.key in its place.",
        )


class LogKeyChain:
    """The log keys an auditor believes, from the pinned one on; it grows as checkpoints are opened by size."""

    def __init__(self, origin: str, pinned_vkey: str) -> None:
        parse_vkey(pinned_vkey)
        self._origin = origin
        self._believed = {pinned_vkey: -1}

    @property
    def believed(self) -> tuple[str, ...]:
        """The verifier keys believed so far, the pinned one first."""
        return tuple(self._believed)

    def believe_genesis(self, log_keys: Iterable[LogKey]) -> None:
        """Believe the log keys of the pinned first entry: whoever pinned that entry pinned them."""
        for key in log_keys:
            self._believed.setdefault(key.vkey, key.added_at)

    def open(self, note: bytes, known: Sequence[LogKey]) -> Checkpoint:
        """
        The checkpoint in a stored note; `known` are the log keys that the entries below its size name.

        Raises:
            Invalid: `note-unsigned`, when no believed key that counts for this size has signed; and what
                `open_checkpoint` raises.
        """
        named = {key.vkey: key for key in known}
        candidates = [named.get(vkey, LogKey(vkey, since)) for vkey, since in self._believed.items()]
        checkpoint = open_covering(note, candidates, self._origin)
        for key in known:
            is_new = key.vkey not in self._believed and key.signs(checkpoint.size)
            if is_new and is_signed_by_log_key(note, key.vkey, self._origin):
                self._believed[key.vkey] = key.added_at
        return checkpoint
