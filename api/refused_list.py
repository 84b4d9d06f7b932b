"""What was refused and kept for the alarm, in a form people can read; the bytes themselves stay in the store."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from ledger.encoding import to_instant
from ledger.entry import parse_event_entry
from ledger.envelope import parse_envelope
from ledger.errors import Invalid
from ledger.store.port import EventRow, Store
from projections.both_times import size_asked
from projections.snapshot import NOW, AsOf


@dataclass(frozen=True, slots=True)
class KeptRefusal:
    """
    One envelope that was refused; `signed_by` is what it claims, and need not be true.

    `first_position` is where the event stands that has this id, None when it cannot be found.
    `occurred_at` is when it is said to have happened, empty when that cannot be read.
    """

    received_at: str
    code: str
    event_id: str
    dig: str
    type: str
    stream: str
    signed_by: tuple[str, ...]
    first_position: int | None
    occurred_at: str = ""

    def as_json(self) -> dict[str, object]:
        """The same for programs."""
        return asdict(self)


def refused_list(store: Store, when: AsOf = NOW) -> list[KeptRefusal]:
    """
    All of them, oldest first; an envelope that cannot be read is listed by its code alone.

    They stand in no log: as known at a number of entries is before the entry after those was received.

    Raises:
        Refused: `not-known-yet`.
    """
    size = size_asked(when, store.head().size)
    following = next((row for row in store.rows(size, 100) if isinstance(row, EventRow)), None)
    until = None if following is None else parse_event_entry(following.entry).received_at
    kept = [each for each in store.refused() if until is None or _instant(each.received_at) < until]
    found = [_read(store, each.received_at, each.code, each.envelope) for each in kept]
    happened = when.happened_up_to
    return [each for each in found if happened is None or each.occurred_at <= happened]


def _instant(text: str) -> str:
    return to_instant(datetime.fromisoformat(text))


def _read(store: Store, at: str, code: str, raw: bytes) -> KeptRefusal:
    try:
        envelope = parse_envelope(raw)
    except Invalid:
        return KeptRefusal(at, code, "", "", "unreadable", "", (), None)
    payload = envelope.payload
    with_id = (row.position for row in store.stream_rows(payload.stream) if row.event_id == payload.id)
    signers = tuple(each.by for each in payload.attested)
    return KeptRefusal(
        at,
        code,
        payload.id,
        envelope.dig,
        payload.type,
        payload.stream,
        signers,
        next(with_id, None),
        payload.occurred.at,
    )
