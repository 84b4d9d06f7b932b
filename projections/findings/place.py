"""Where a finding is: the place and the room, by its session or by the record it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from ledger.events.authority import LocationRegistered, LocationRegistrationChanged
from ledger.events.lifecycle import SessionOpened
from ledger.events.people import StaffRegistered
from projections.compliance.finding import Finding
from projections.compliance.ledger_at import LedgerAt

NOWHERE = "–"
"""What is said of a place, a room or a day that nobody knows."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place by record and code, the room in it, and its time zone; None where nobody knows."""

    location: str | None
    code: str | None
    room: str | None
    zone: ZoneInfo


class Places:
    """Where the findings of a ledger are, and the codes of its places and people; each is looked up once."""

    def __init__(self, ledger: LedgerAt) -> None:
        """Of a ledger as it stood."""
        self._ledger = ledger
        self._codes: dict[str, str] = {}
        self._known: dict[str, Place] = {}

    def of(self, finding: Finding) -> Place:
        """Where a finding is."""
        return self.of_session(finding.session) if finding.session else self._of(finding.about, self._record)

    def of_session(self, session: str) -> Place:
        """Where a session was opened, or planned."""
        return self._of(session, self._session)

    def _of(self, record: str, look: Callable[[str], tuple[str | None, str | None]]) -> Place:
        found = self._known.get(record)
        if found is None:
            location, room = look(record)
            code = None if location is None else self.code(location)
            found = self._known[record] = Place(location, code, room, self._ledger.zone(location))
        return found

    def code(self, record: str) -> str:
        """The short code of a place or of a member of staff, R-1 or RN1; the record where it has none."""
        found = self._codes.get(record)
        if found is None:
            kinds = (LocationRegistered, LocationRegistrationChanged, StaffRegistered)
            codes = [
                str(code)
                for fact in self._ledger.recorded(record)
                if isinstance(fact.event, kinds) and isinstance(code := getattr(fact.event, "code", None), str)
            ]
            found = self._codes[record] = codes[-1] if codes else record
        return found

    def _session(self, session: str) -> tuple[str | None, str | None]:
        history = self._ledger.session(session)
        opened = None if history.opening is None else history.opening.event
        return history.location, opened.room if isinstance(opened, SessionOpened) else None

    def _record(self, record: str) -> tuple[str | None, None]:
        """A place itself, or where what happened last on a record says that it was."""
        if record.startswith("location/"):
            return record, None
        named = [getattr(fact.event, "location", None) for fact in self._ledger.recorded(record)]
        places = (each for each in reversed(named) if isinstance(each, str) and each.startswith("location/"))
        return next(places, None), None
