"""
Which sessions may be of a couple or a place, and when each may have begun: so that few are looked at closely.

It names rather one session too many than one too few; what counts, the histories of those named say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, datetime

from ledger.effective import SAID
from ledger.events.corrections import EntryCorrected
from ledger.events.lifecycle import SessionOpened, SessionScheduled
from ledger.reading import PlacedEvent
from projections.compliance.moments import DAY

_NAMED = re.compile(r"(?:couple|location)/[0-9a-f-]{36}")


class SessionIndex:
    """Append-only, as the log is read."""

    def __init__(self) -> None:
        """Know of none."""
        self._of: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._spans: dict[str, tuple[datetime, datetime]] = {}
        self._unsure: set[str] = set()

    def take(self, record: str, placed: PlacedEvent, at: datetime) -> None:
        """Learn one more entry of a record, which counts as having happened `at`."""
        if not record.startswith("session/"):
            return
        event = placed.event
        if isinstance(event, SAID):
            self._unsure.add(record)
            if isinstance(event, EntryCorrected):
                for named in _NAMED.findall(" ".join(str(change.now) for change in event.changes)):
                    self._of[named][record] = None
            return
        if isinstance(event, SessionScheduled):
            self._of[event.couple][record] = None
        if isinstance(event, SessionScheduled | SessionOpened):
            self._of[event.location][record] = None
        first, last = self._spans.get(record, (at, at))
        self._spans[record] = (min(first, at), max(last, at))

    def of(self, couple_or_place: str) -> list[str]:
        """The sessions that were ever said to be of this couple, or at this place."""
        return list(self._of.get(couple_or_place, ()))

    def may_begin(self, session: str, start: date | datetime | None, end: date | datetime | None) -> bool:
        """Whether a session may have begun between these, local days or instants; its zone is not asked."""
        span = self._spans.get(session)
        if span is None or session in self._unsure:
            return True
        first, last = span
        return not (_before(last, start) or _after(first, end))


def _before(at: datetime, start: date | datetime | None) -> bool:
    if isinstance(start, datetime):
        return at < start
    return start is not None and (at + DAY).date() < start


def _after(at: datetime, end: date | datetime | None) -> bool:
    if isinstance(end, datetime):
        return at > end
    return end is not None and (at - DAY).date() > end
