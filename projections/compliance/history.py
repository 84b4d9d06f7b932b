"""
What a rule may ask: one session as known at a position and as of an instant, and the doses of who concerns it.

`as_of` is t*, the earlier of both axes: no question about the past sees a deadline that lay in its future.
What was known at position K was all there was until the entry after K was received.
Values that are gone stay `Gone`; a rule says what it makes of that.
Source: the exact rules, section 0, items 4 to 7.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ledger.bracket import Bracket, Contradiction, bracket, contradiction
from ledger.credentials import Holding, Place, holding
from ledger.devices import DeviceChain
from ledger.effective import Standing, effective, standings
from ledger.events.arrival import NoShowRecorded
from ledger.events.authority import LocationRegistered, LocationRegistrationChanged, ProtocolPublished
from ledger.events.base import Event
from ledger.events.dosing import DoseAdministered
from ledger.events.emergencies import LeftAgainstAdvice, ParticipantTransferred
from ledger.events.fields import WITHHELD, Gone
from ledger.events.lifecycle import SessionOpened, SessionScheduled
from ledger.events.parameters import Parameters
from ledger.events.release import ParticipantDeparted, ReleaseAuthorised
from ledger.reading import PlacedEvent
from ledger.vocabulary import CredentialType, Profession, Slot
from projections.compliance.finding import Whose
from projections.compliance.known import Fact, Known
from projections.compliance.moments import as_instant, local, to_second
from projections.compliance.written import Written

_UTC = ZoneInfo("UTC")

TERMINAL: tuple[type[Event], ...] = (ParticipantDeparted, ParticipantTransferred, LeftAgainstAdvice, NoShowRecorded)
"""What ends one partner's part of a session."""


@dataclass(frozen=True, slots=True)
class Dose:
    """
    A dose as clocks see it: `at` it entered the body, `counts_from` is later only for an infusion: its stop.

    `zone` is that of the place where it was given.
    """

    fact: Fact
    at: datetime
    counts_from: datetime
    mg: Decimal
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Ties:
    """The doses that are certainly one person's, and those in a slot whose person cannot be read any more."""

    theirs: tuple[Dose, ...]
    perhaps: tuple[Dose, ...]


class History:
    """
    One session as it stood.

    `beside` are events that are being recorded now and are in no store yet, `proposed` is the authorisation
    that a gate is asked about: rules then judge that act, and no other.
    """

    def __init__(
        self,
        known: Known,
        session: str,
        *,
        size: int,
        as_of: datetime,
        beside: Sequence[Fact] = (),
        proposed: Fact | None = None,
    ) -> None:
        until = known.known_until(size)
        self.session = session
        self.size = size
        self.as_of = as_of if until is None else min(as_of, until)
        self.proposed = proposed
        self._known = known
        self._beside = (*beside, proposed) if proposed is not None else tuple(beside)
        everything = self._recorded(session)
        self._opened = next((fact for fact in everything if isinstance(fact.event, SessionOpened)), None)
        self.protocol = self._protocol()
        self._where = _where(everything)
        self.zone = self._zone(self._where)
        self.facts = self._happened(everything)
        self._entries: list[Standing] | None = None

    @property
    def figures(self) -> Parameters | None:
        """The figures of the protocol that was pinned at the opening."""
        published = self.protocol.event if self.protocol is not None else None
        return published.parameters if isinstance(published, ProtocolPublished) else None

    def of(self, slot: Slot, *kinds: type[Event]) -> list[Fact]:
        """One partner's own events of these types, in the order they happened."""
        stream = f"{self.session}/{slot}"
        return [fact for fact in self.facts if fact.stream == stream and isinstance(fact.event, kinds)]

    def joint(self, *kinds: type[Event]) -> list[Fact]:
        """The joint events of these types, in the order they happened."""
        return [fact for fact in self.facts if fact.stream == self.session and isinstance(fact.event, kinds)]

    def doses(self, slot: Slot) -> list[Dose]:
        """One partner's doses in this session, in the order they were given."""
        return [_dose(fact, self.zone) for fact in self.of(slot, DoseAdministered)]

    def end_of_checks(self, slot: Slot) -> Fact | None:
        """The first of release and whatever ended care: departure, transfer, leaving against advice, not coming."""
        return next(iter(self.of(slot, ReleaseAuthorised, *TERMINAL)), None)

    def person(self, slot: Slot) -> str | Gone:
        """Who is in a slot, by the last planning of this session."""
        return _tied(self._recorded(self.session), slot)

    def slots_of(self, person: str) -> list[Slot]:
        """Which partner of this session a person is; nothing for somebody else."""
        slots: tuple[Slot, Slot] = ("a", "b")
        return [slot for slot in slots if self.person(slot) == person]

    def doses_of(self, person: str | Gone) -> Ties:
        """What a person was given in any session, up to now; nothing is certain of somebody who is gone."""
        certain = () if isinstance(person, Gone) else self._known.slots_of.get(person, ())
        return Ties(
            tuple(self._doses_in(certain, None if isinstance(person, Gone) else person)),
            tuple(self._doses_in(self._known.unreadable, None)),
        )

    # -- staff and place ----------------------------------------------------------------------------

    def holding(
        self, staff: str, credential: CredentialType, at: datetime, professions: Sequence[Profession] = ()
    ) -> Holding:
        """How a credential of somebody on duty stood at a moment, by all that is known of it now."""
        day = f"{local(at, self.zone):%Y-%m-%d}"
        known = [placed for placed in self._known.staff.get(staff, ()) if placed.position < self.size]
        return holding(effective(known), credential, day, self.place(day), professions)

    def place(self, day: str) -> Place:
        """Where this session is, and the state whose law holds there on a day."""
        where = self._where
        registered = [] if where is None else self._places(where)
        state = None
        for fact in registered:
            if isinstance(fact.event, LocationRegistered) or (
                isinstance(fact.event, LocationRegistrationChanged) and fact.event.effective <= day
            ):
                state = fact.event.state
        return Place(where, state)

    # -- what was said about entries ----------------------------------------------------------------

    def entries(self) -> list[Standing]:
        """
        How entries of this session stand by what had been recorded and had happened, in the order of the log.

        Those about which nothing was said, and which lack no signature, are left out.
        """
        if self._entries is None:
            known = [
                placed
                for placed in self._known.spoken_of(self.session)
                if placed.position < self.size and self._known.fact(placed).at <= self.as_of
            ]
            self._entries = [standing for _, standing in sorted(standings(known).items())]
        return self._entries

    def entry(self, dig: str) -> PlacedEvent | None:
        """The entry of this session with this digest, as it was signed."""
        found = (placed for placed in self._known.entries.get(self.session, ()) if placed.dig == dig)
        return next((placed for placed in found if placed.position < self.size), None)

    def fact(self, placed: PlacedEvent) -> Fact:
        """An entry as rules see it."""
        return self._known.fact(placed)

    # -- devices ------------------------------------------------------------------------------------

    def written(self, slot: Slot) -> list[Written]:
        """Every entry about one partner, their own and the joint ones, in the order of the log."""
        streams = (self.session, f"{self.session}/{slot}")
        return [
            each
            for each in self._known.written.get(self.session, ())
            if each.stream in streams and each.position < self.size and each.at <= self.as_of
        ]

    def device(self, name: str) -> DeviceChain:
        """A device as the log knows it; ask it with this history's `size`."""
        return self._known.devices.chain(name)

    def contradiction(self, written: Written) -> Contradiction | None:
        """What is wrong with the checkpoint that an entry names."""
        root_at = self._known.root_at
        if root_at is None:
            return "ahead-of-log" if written.seen.size > written.position else None
        return contradiction(written.seen, written.position, root_at)

    def bracket(self, written: Written) -> Bracket:
        """Between which instants of the ledger's clock an entry was written."""
        upper = as_instant(written.received_at) or ""
        if self.contradiction(written) is not None:
            return Bracket(None, upper)
        return bracket(written.seen, upper, self._known.last_received_below)

    def why_gone(self, evidence: Collection[int], slot: Whose) -> list[str]:
        """Why values of this partner in these events cannot be read, without repeating; nothing if all can."""
        found: set[str] = set()
        for fact in self.facts:
            if fact.position in evidence:
                names = type(fact.event).model_fields
                own = (
                    names
                    if fact.stream != self.session
                    else [name for name in names if slot and name.endswith(f"_{slot}")]
                )
                values = (getattr(fact.event, name) for name in own)
                found |= {value.why for value in values if isinstance(value, Gone)}
        return sorted(found)

    # -- cutting ------------------------------------------------------------------------------------

    def _recorded(self, session: str) -> list[Fact]:
        """All that is known of a session, whenever it happened, in the order of the log."""
        facts = [fact for fact in self._known.sessions.get(session, ()) if fact.position < self.size]
        stands = self._known.standings(session, self.size)
        if stands:
            facts = [self._counted(fact, stands.get(fact.position)) for fact in facts if _counts(fact, stands)]
        return facts + [fact for fact in self._beside if fact.session == session]

    def _counted(self, fact: Fact, standing: Standing | None) -> Fact:
        """A fact with the values that count."""
        if standing is None or standing.is_untouched or standing.counts is None:
            return fact
        return self._known.fact(standing.counts)

    def _happened(self, facts: Sequence[Fact]) -> list[Fact]:
        happened = [fact for fact in facts if fact.at <= self.as_of]
        return sorted(happened, key=lambda fact: (fact.at, fact.position))

    def _doses_in(self, places: Sequence[tuple[str, Slot]], person: str | None) -> Iterator[Dose]:
        """The doses in these slots, when the last planning still says so; None is a slot nobody can read."""
        for session, slot in dict.fromkeys(places):
            recorded = self._recorded(session)
            tied = _tied(recorded, slot)
            if tied != person and not (person is None and isinstance(tied, Gone)):
                continue
            zone = self._zone(_where(recorded))
            for fact in self._happened(recorded):
                if fact.stream == f"{session}/{slot}" and isinstance(fact.event, DoseAdministered):
                    yield _dose(fact, zone)

    def _protocol(self) -> Fact | None:
        opened = self._opened.event if self._opened is not None else None
        if not isinstance(opened, SessionOpened):
            return None
        published = self._known.protocols.get(opened.protocol.dig)
        return published if published is not None and published.position < self.size else None

    def _zone(self, where: str | None) -> ZoneInfo:
        """The time zone of the place where a session was opened or planned; UTC if it has none we know."""
        places = [] if where is None else self._places(where)
        place = places[-1].event if places else None
        if isinstance(place, LocationRegistered | LocationRegistrationChanged):
            return _zone_info(place.time_zone)
        return _UTC

    def _places(self, where: str) -> list[Fact]:
        """What is known to be registered about a place, in the order of the log."""
        return [fact for fact in self._known.places.get(where, ()) if fact.position < self.size]


def _dose(fact: Fact, zone: ZoneInfo) -> Dose:
    event = fact.event
    if not isinstance(event, DoseAdministered):
        raise TypeError(f"{event.type} is no dose")
    stopped = fact.at if event.stopped_at is None else max(fact.at, to_second(event.stopped_at))
    return Dose(fact, fact.at, stopped, event.mass.mg, zone)


def _counts(fact: Fact, stands: Mapping[int, Standing]) -> bool:
    standing = stands.get(fact.position)
    return standing is None or standing.counts is not None


def _where(facts: Sequence[Fact]) -> str | None:
    """The place where a session was opened, or planned."""
    named = [fact.event.location for fact in facts if isinstance(fact.event, SessionScheduled | SessionOpened)]
    return named[-1] if named else None


def _tied(facts: Sequence[Fact], slot: Slot) -> str | Gone:
    planned = [fact.event for fact in facts if isinstance(fact.event, SessionScheduled)]
    if not planned:
        return WITHHELD
    return planned[-1].person_a if slot == "a" else planned[-1].person_b


def _zone_info(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _UTC


def minutes(number: int) -> timedelta:
    """A figure of the protocol as a length of time."""
    return timedelta(minutes=number)


def seconds(number: int) -> timedelta:
    """The same in seconds."""
    return timedelta(seconds=number)


def hours(number: int) -> timedelta:
    """The same in hours."""
    return timedelta(hours=number)
