"""
Who stands in for a doubted signature: countersignatures that confirm its event, by keys that are not doubted.

The same person may confirm with a key that counts what an older key of theirs signed, or somebody else who was
there. The doubt about the old key stays; it is shown that somebody answers for the event.
Whether a countersignature also brings a signature that the event asks for is another question (`second_signatures`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ledger.envelope import content_digest, parse_envelope
from ledger.events.corrections import CountersignatureGiven
from ledger.follow import place
from ledger.keys import KeyHistory
from ledger.standing import Doubt
from ledger.store.port import EventRow, Store


def with_confirmations(store: Store, keys: KeyHistory, doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """
    The doubts, each with the positions that confirm its event; reads the rest of that event's record.

    It takes the store at its word, so it is asked after an audit, or about one's own log.
    """
    return tuple(replace(doubt, confirmed_at=_confirmed_at(store, keys, doubt)) for doubt in doubts)


def _confirmed_at(store: Store, keys: KeyHistory, doubt: Doubt) -> tuple[int, ...]:
    row = store.row(doubt.position)
    if not isinstance(row, EventRow) or not row.envelope:
        return ()
    dig = content_digest(parse_envelope(row.envelope).payload_bytes)
    found = []
    for later in store.stream_rows(row.stream, row.version):
        if later.type != CountersignatureGiven.type_tag() or not later.envelope:
            continue
        placed = place(store, later)
        confirms = isinstance(placed.event, CountersignatureGiven) and placed.event.verdict == "confirms"
        is_about = isinstance(placed.event, CountersignatureGiven) and placed.event.target.dig == dig
        counts = all(keys.state(signer.key, later.position) == "valid" for signer in placed.payload.attested)
        if confirms and is_about and counts:
            found.append(later.position)
    return tuple(found)
