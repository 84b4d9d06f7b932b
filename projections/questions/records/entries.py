"""
The entries of the log that a question about the record looks at, as they were signed, in the order of the log.

What stands on records that only compliance reads is never among them, nor what became of a finding about it.
Days are those of the clock where an entry was written.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from ledger.devices import shifted
from ledger.events.base import Event
from ledger.events.incidents import BoundaryIncidentClosed, BoundaryIncidentRecorded
from ledger.reading import PlacedEvent
from projections.compliance.known import record_of
from projections.questions.asked import Asked

_IN_CONFIDENCE = (BoundaryIncidentRecorded, BoundaryIncidentClosed)
_RULE_IN_CONFIDENCE = "AE-05"


def entries(asked: Asked, *kinds: type[Event], within: bool = True) -> list[PlacedEvent]:
    """What had been recorded and had happened by then, of these types or any; `within` the days that were asked for."""
    known, ledger = asked.ledger.known, asked.ledger
    found = [
        placed
        for record, placed_on in list(known.entries.items())
        for placed in placed_on
        if record_of(placed.stream) == record  # what was said beside a session stands with the session as well
        if placed.position < ledger.size and (not kinds or isinstance(placed.event, kinds))
        if known.fact(placed).at <= ledger.as_of and not _is_in_confidence(placed)
        if not within or is_within(asked, placed)
    ]
    return sorted(found, key=lambda placed: placed.position)


def is_within(asked: Asked, placed: PlacedEvent) -> bool:
    """Whether an entry is about something between `from` and `to`."""
    return asked.filters.within(asked.ledger.known.fact(placed).at, lambda at: day_there(placed, at))


def day_there(placed: PlacedEvent, at: datetime) -> str:
    """The local day of a moment by the clock where an entry was written."""
    return f"{shifted(at, timedelta(minutes=placed.payload.occurred.offset)):%Y-%m-%d}"


def named(asked: Asked, signer: str) -> str:
    """A member of staff by code; a participant is not named."""
    kind = signer.partition("/")[0]
    return asked.codes.code(signer) if kind == "staff" else "participant" if kind in ("person", "session") else kind


def _is_in_confidence(placed: PlacedEvent) -> bool:
    rule = getattr(placed.event, "rule", None)
    return isinstance(placed.event, _IN_CONFIDENCE) or rule == _RULE_IN_CONFIDENCE
