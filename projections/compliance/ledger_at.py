"""
The whole ledger as it stood: as known at a position, and as happened up to an instant.

`as_of` is t*, the earlier of both axes: no question about the past sees a deadline that lay in its future.
What was known at position K was all there was until the entry after K was received.
Values that are gone stay `Gone`; a rule says what it makes of that.
Source: the exact rules, section 0, items 6 and 7.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ledger.credentials import CREDENTIAL_EVENTS, Holding, Place, holding, holding_anywhere
from ledger.devices import DeviceChain
from ledger.effective import SAID, effective
from ledger.events.authority import LocationRegistered, LocationRegistrationChanged, ProtocolRetired
from ledger.events.base import Event
from ledger.events.choices import PUBLISHED, Parameters2, parameters_of
from ledger.events.staff import TrainingCompleted
from ledger.reading import PlacedEvent
from ledger.vocabulary import CredentialType, Profession, Slot
from projections.compliance.containers import Containers
from projections.compliance.draft import Draft
from projections.compliance.known import Fact, Known, record_of
from projections.compliance.moments import local

if TYPE_CHECKING:
    from projections.compliance.history import History

_UTC = ZoneInfo("UTC")


class LedgerAt:
    """
    Every record as it stood; what was asked once is remembered, so one of these answers many rules.

    `beside` are events that are being recorded now and are in no store yet, `proposed` is the authorisation
    that a gate is asked about: rules then judge that act, and no other.
    `draft` are figures that nobody has published, by which the same is judged instead.
    `seen` is for a look ahead: what had happened by then is all that will have happened at `as_of`.
    """

    def __init__(
        self,
        known: Known,
        *,
        size: int,
        as_of: datetime,
        beside: Sequence[Fact] = (),
        proposed: Fact | None = None,
        draft: Draft | None = None,
        seen: datetime | None = None,
    ) -> None:
        until = known.index.known_until(size)
        self.known = known
        self.size = size
        self.as_of = as_of if until is None or seen is not None else min(as_of, until)
        self.seen = self.as_of if seen is None else seen
        self.proposed = proposed
        self.draft = draft
        self._beside = (*beside, proposed) if proposed is not None else tuple(beside)
        self._on: dict[str, list[Fact]] = {}
        self._sessions: dict[str, History] = {}
        self._credentials: dict[str, list[PlacedEvent]] = {}
        self._zones: dict[str | None, ZoneInfo] = {}
        self._protocols: dict[str, Fact | None] = {}
        self._of_kinds: dict[tuple[str, tuple[type[Event], ...]], list[Fact]] = {}
        self._holdings: dict[tuple[str, CredentialType, str, Place, tuple[Profession, ...]], Holding] = {}

    # -- records ------------------------------------------------------------------------------------

    def recorded(self, record: str) -> list[Fact]:
        """All that counts of a record, whenever it happened, in the order of the log."""
        facts = self.known.recorded(record, self.size)
        return facts + [fact for fact in self._beside if record_of(fact.stream) == record]

    def on(self, record: str, *kinds: type[Event]) -> list[Fact]:
        """What counts of a record and had happened by then, of these types or of any, in the order it happened."""
        facts = self._on.get(record)
        if facts is None:
            happened = [fact for fact in self.recorded(record) if self.has_happened(fact)]
            facts = self._on[record] = sorted(happened, key=lambda fact: (fact.at, fact.position))
        if not kinds:
            return list(facts)
        found = self._of_kinds.get((record, kinds))
        if found is None:
            found = self._of_kinds[record, kinds] = [fact for fact in facts if isinstance(fact.event, kinds)]
        return list(found)

    def has_happened(self, fact: Fact) -> bool:
        """Whether it had happened by then; what is being recorded now, by the instant that is asked about."""
        return fact.at <= (self.seen if fact.position < self.size else self.as_of)

    def names(self, kind: str) -> list[str]:
        """The records of a kind that had begun, as `session`, `stock`, `location` or `person`, in that order."""
        known = self.known.names(kind)
        beside = [record_of(fact.stream) for fact in self._beside]
        started = [name for name in known if self.known.records[name][0].position < self.size]
        return list(dict.fromkeys([*started, *(name for name in beside if name.startswith(f"{kind}/"))]))

    def everywhere(self, kind: str, *kinds: type[Event]) -> list[Fact]:
        """Events of these types on all records of a kind, in the order they happened; of sessions it reads all."""
        if kind == "session":
            found = [fact for name in self.names(kind) for fact in self.on(name, *kinds)]
        else:
            found = [fact for each in kinds for fact in self.known.found(kind, each, self.size)]
            found += [f for f in self._beside if isinstance(f.event, kinds) and f.stream.partition("/")[0] == kind]
            found = [fact for fact in found if self.has_happened(fact)]
        return sorted(found, key=lambda fact: (fact.at, fact.position))

    # -- sessions and persons -----------------------------------------------------------------------

    def session(self, name: str) -> History:
        """One session as it stood."""
        from projections.compliance.history import History  # noqa: PLC0415  # each is made of the other

        found = self._sessions.get(name)
        if found is None:
            found = self._sessions[name] = History(self, name)
        return found

    def sessions_of(self, person: str) -> list[tuple[History, Slot]]:
        """The sessions in which a slot is certainly this person's by its last planning, in the order of planning."""
        places = dict.fromkeys(self.known.slots_of.get(person, ()))
        found = [(self.session(name), slot) for name, slot in places]
        return [(history, slot) for history, slot in found if history.person(slot) == person]

    # -- staff and place ----------------------------------------------------------------------------

    def holding(
        self, staff: str, credential: CredentialType, day: str, place: Place, professions: Sequence[Profession] = ()
    ) -> Holding:
        """How a credential of a member of staff stood on a local day at a place, by all that is known of it now."""
        asked = (staff, credential, day, place, tuple(professions))
        found = self._holdings.get(asked)
        if found is None:
            found = self._holdings[asked] = holding(self.credentials_of(staff), credential, day, place, professions)
        return found

    def holding_anywhere(
        self, staff: str, credential: CredentialType, day: str, professions: Sequence[Profession] = ()
    ) -> Holding:
        """The same for what is done at no place."""
        return holding_anywhere(self.credentials_of(staff), credential, day, professions)

    def credentials_of(self, staff: str) -> list[PlacedEvent]:
        """What counts of a member of staff's credentials, in the order of their record."""
        counting = self._credentials.get(staff)
        if counting is None:
            kinds = (*CREDENTIAL_EVENTS, TrainingCompleted, *SAID)
            entries = self.known.entries.get(staff, ())
            known = [placed for placed in entries if placed.position < self.size and isinstance(placed.event, kinds)]
            counting = self._credentials[staff] = effective(known, self.known.revoked_below(self.size))
        return counting

    def registered(self, location: str | None) -> list[Fact]:
        """What is known to be registered about a place, in the order of the log; also what takes effect later."""
        if location is None:
            return []
        kinds = LocationRegistered | LocationRegistrationChanged
        return [fact for fact in self.recorded(location) if isinstance(fact.event, kinds)]

    def registration(self, location: str | None, day: str) -> LocationRegistered | LocationRegistrationChanged | None:
        """The registration of a place that was in effect on a local day; None for a place nobody registered."""
        found: LocationRegistered | LocationRegistrationChanged | None = None
        for fact in self.registered(location):
            match fact.event:
                case LocationRegistered() as event:
                    found = event
                case LocationRegistrationChanged(effective=effective_from) as event if effective_from <= day:
                    found = event
        return found

    def place(self, location: str | None, day: str) -> Place:
        """A place, and the state whose law holds there on a day."""
        found = self.registration(location, day)
        return Place(location, None if found is None else found.state)

    def zone(self, location: str | None) -> ZoneInfo:
        """The time zone of a place; UTC if it has none we know."""
        found = self._zones.get(location)
        if found is None:
            places = self.registered(location)
            place = places[-1].event if places else None
            found = _UTC
            if isinstance(place, LocationRegistered | LocationRegistrationChanged):
                found = _zone_info(place.time_zone)
            self._zones[location] = found
        return found

    def day(self, location: str | None, at: datetime) -> str:
        """The local date at a place, `2026-05-16`."""
        return local(at, self.zone(location)).date().isoformat()

    # -- containers ---------------------------------------------------------------------------------

    @cached_property
    def containers(self) -> Containers:
        """Every container with its balance, without what is recorded only now."""
        return Containers(self)

    # -- protocols ----------------------------------------------------------------------------------

    def protocol_pinned(self, dig: str) -> Fact | None:
        """The protocol with this digest, as it counts; None if nobody published it by then."""
        first = self.known.protocols.get(dig)
        if first is None or first.position >= self.size:
            return None
        return next((fact for fact in self.recorded(first.stream) if fact.position == first.position), None)

    def protocol_on(self, day: str) -> Fact | None:
        """
        The protocol by which what belongs to no session is judged: the last published one in effect on a local day.

        A retired one is out from the day its retirement takes effect.
        """
        if day not in self._protocols:
            self._protocols[day] = self._in_effect(day)
        return self._protocols[day]

    def _in_effect(self, day: str) -> Fact | None:
        found: list[Fact] = []
        for name in self.names("protocol"):
            facts = self.recorded(name)
            out = {
                fact.event.protocol.dig
                for fact in facts
                if isinstance(fact.event, ProtocolRetired) and fact.event.effective <= day
            }
            found += [
                fact
                for fact in facts
                if isinstance(fact.event, PUBLISHED) and fact.event.effective <= day and fact.dig not in out
            ]
        return max(found, key=lambda fact: fact.position, default=None)

    def figures_of(self, protocol: Fact | None) -> Parameters2 | None:
        """The figures and choices of a protocol, as a draft would have them where there is one."""
        stated = figures_stated(protocol)
        return stated if stated is None or self.draft is None else self.draft.over(stated)

    def under(self, draft: Draft) -> LedgerAt:
        """The same ledger, judged by a draft; nothing of it is recorded."""
        return LedgerAt(self.known, size=self.size, as_of=self.as_of, draft=draft)

    # -- devices ------------------------------------------------------------------------------------

    def device(self, name: str) -> DeviceChain:
        """A device as the log knows it; ask it with this ledger's `size`."""
        return self.known.devices.chain(name)

    def entry(self, record: str, dig: str) -> PlacedEvent | None:
        """The entry of a record with this digest, as it was signed."""
        found = (placed for placed in self.known.entries.get(record, ()) if placed.dig == dig)
        return next((placed for placed in found if placed.position < self.size), None)

    def entry_of(self, fact: Fact) -> PlacedEvent | None:
        """The entry of a fact, as it was signed; None for one that is only proposed."""
        entries = self.known.entries.get(record_of(fact.stream), ())
        at = bisect_left(entries, fact.position, key=lambda placed: placed.position)
        found = entries[at] if at < len(entries) else None
        return found if found is not None and found.position == fact.position < self.size else None


def figures_stated(protocol: Fact | None) -> Parameters2 | None:
    """The figures and choices that a protocol states; whoever judges asks `LedgerAt.figures_of`."""
    published = None if protocol is None else protocol.event
    return parameters_of(published) if isinstance(published, PUBLISHED) else None


def _zone_info(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _UTC
