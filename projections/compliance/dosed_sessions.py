"""
Which sessions may have had a dosed person at the same time and place: a coarse look, so that few are looked at closely.

It names rather one session too many than one too few; what stood and counted, the histories of those named say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from ledger.events.arrival import NoShowRecorded
from ledger.events.corrections import EntryCorrected, EntryVoided
from ledger.events.dosing import DoseAdministered
from ledger.events.emergencies import LeftAgainstAdvice, ParticipantTransferred
from ledger.events.lifecycle import SessionClosed, SessionOpened, SessionScheduled
from ledger.events.release import ParticipantDeparted, ReleaseAuthorised
from ledger.reading import PlacedEvent
from projections.compliance.moments import DAY, to_second

_ENDS = (ReleaseAuthorised, ParticipantDeparted, ParticipantTransferred, LeftAgainstAdvice, NoShowRecorded)


@dataclass(slots=True)
class _Span:
    """One session: its first dose, who was dosed, and when the checks of each ended, with where that stands."""

    start: datetime | None = None
    dosed: set[str] = field(default_factory=set)
    ended: dict[str, tuple[datetime, int]] = field(default_factory=dict)
    closed: tuple[datetime, int] | None = None
    places: set[str] = field(default_factory=set)
    unsure: bool = False

    def end(self, size: int) -> datetime | None:
        """When the last dosed one's checks had ended by the first so many entries; None while they had not."""
        if self.closed is not None and self.closed[1] < size:
            return self.closed[0]
        ends = [self.ended.get(stream) for stream in self.dosed]
        known = [at for at, position in (end for end in ends if end is not None) if position < size]
        return max(known) if known and len(known) == len(ends) else None


class DosedSessions:
    """Every session in which somebody was dosed, by the days on which that may still matter."""

    def __init__(self) -> None:
        """Know of none."""
        self._spans: defaultdict[str, _Span] = defaultdict(_Span)
        self._on: defaultdict[date, dict[str, None]] = defaultdict(dict)
        self._going_on: dict[str, None] = {}
        self._telling: set[str] = set()

    def take(self, placed: PlacedEvent, at: datetime) -> None:
        """Learn one more event, which counts as having happened `at`."""
        if not placed.stream.startswith("session/"):
            return
        session = "/".join(placed.stream.split("/")[:2])
        match placed.event:
            case SessionScheduled(location=location) | SessionOpened(location=location):
                self._spans[session].places.add(location)
            case DoseAdministered():
                span = self._spans[session]
                span.start = at if span.start is None else min(span.start, at)
                span.dosed.add(placed.stream)
                self._on[at.date()][session] = None
            case SessionClosed():
                span = self._spans[session]
                span.closed = span.closed or (at, placed.position)
            case event if isinstance(event, _ENDS):
                span = self._spans[session]
                known = span.ended.get(placed.stream)
                span.ended[placed.stream] = (at, placed.position) if known is None or at < known[0] else known
            case EntryCorrected(target=target) | EntryVoided(target=target) if target.dig in self._telling:
                span = self._spans[session]
                span.unsure = True
                if isinstance(placed.event, EntryCorrected):
                    span.places.update(str(each.now) for each in placed.event.changes if each.field == "location")
            case _:
                return
        self._telling.add(placed.dig)
        self._settle(session, self._spans[session], to_second(placed.received_at))

    def beside(self, session: str, start: datetime, end: datetime, size: int) -> list[str]:
        """Other sessions at its place in which somebody may have been dosed and checked between these two moments."""
        own = self._spans[session].places
        days = (self._on.get(day, ()) for day in _days(start, end))
        names = dict.fromkeys([*(name for some in days for name in some), *self._going_on])
        return [name for name in names if name != session and self._may_meet(name, own, start, end, size)]

    def _may_meet(self, name: str, places: set[str], start: datetime, end: datetime, size: int) -> bool:
        span = self._spans[name]
        if span.start is None or places.isdisjoint(span.places):
            return False
        if span.unsure:
            return True
        ended = span.end(size)
        return span.start <= end and (ended is None or ended >= start)

    def _settle(self, session: str, span: _Span, received: datetime) -> None:
        """Keep it among those that go on, or on each of its days up to the one on which its end was known."""
        if span.start is None:
            return
        end = span.end(_ANY)
        if end is None or span.unsure:
            self._going_on[session] = None
            return
        self._going_on.pop(session, None)
        for day in _days(span.start, max(end, received)):
            self._on[day][session] = None


_ANY = 2**63
"""As known by however many entries."""


def _days(start: datetime, end: datetime) -> Iterator[date]:
    """Every day from one moment to another, in UTC."""
    day = start.date()
    while day <= end.date():
        yield day
        day += DAY
