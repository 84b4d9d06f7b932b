"""What was refused and kept for the alarm, in a form people can read; the bytes themselves stay in the store."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from ledger.envelope import parse_envelope
from ledger.errors import Invalid
from ledger.store.port import Store


@dataclass(frozen=True, slots=True)
class KeptRefusal:
    """
    One envelope that was refused; `signed_by` is what it claims, and need not be true.

    `first_position` is where the event stands that has this id, None when it cannot be found.
    """

    received_at: str
    code: str
    event_id: str
    dig: str
    type: str
    stream: str
    signed_by: tuple[str, ...]
    first_position: int | None

    def as_json(self) -> dict[str, object]:
        """The same for programs."""
        return asdict(self)


def refused_list(store: Store) -> list[KeptRefusal]:
    """All of them, oldest first; an envelope that cannot be read is listed by its code alone."""
    return [_read(store, kept.received_at, kept.code, kept.envelope) for kept in store.refused()]


def _read(store: Store, at: str, code: str, raw: bytes) -> KeptRefusal:
    try:
        envelope = parse_envelope(raw)
    except Invalid:
        return KeptRefusal(at, code, "", "", "unreadable", "", (), None)
    payload = envelope.payload
    with_id = (row.position for row in store.stream_rows(payload.stream) if row.event_id == payload.id)
    signers = tuple(each.by for each in payload.attested)
    return KeptRefusal(at, code, payload.id, envelope.dig, payload.type, payload.stream, signers, next(with_id, None))
