"""
What a rule may ask of a session: what had happened in it by then, the doses, and the person behind each slot.

`as_of` is t*, the earlier of both axes; `projections.compliance.ledger_at` says what was known and had happened.
Values that are gone stay `Gone`; a rule says what it makes of that.
Source: the exact rules, section 0, items 4 to 7.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import cached_property

from ledger.bracket import Bracket, Contradiction, bracket, contradiction
from ledger.credentials import Holding, Place
from ledger.devices import DeviceChain
from ledger.effective import Standing, standings
from ledger.events.arrival import NoShowRecorded
from ledger.events.base import Event
from ledger.events.choices import Parameters2
from ledger.events.dosing import DoseAdministered
from ledger.events.emergencies import LeftAgainstAdvice, ParticipantTransferred
from ledger.events.fields import WITHHELD, Gone
from ledger.events.lifecycle import SessionOpened, SessionScheduled
from ledger.events.release import ParticipantDeparted, ReleaseAuthorised
from ledger.reading import PlacedEvent
from ledger.vocabulary import CredentialType, Profession, Slot
from projections.compliance.doses import Dose, Ties, dose_of
from projections.compliance.finding import Whose
from projections.compliance.known import SLOTS, Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import as_instant
from projections.compliance.written import Written

TERMINAL: tuple[type[Event], ...] = (ParticipantDeparted, ParticipantTransferred, LeftAgainstAdvice, NoShowRecorded)
"""What ends one partner's part of a session."""


class History:
    """One session as it stood; what is read once is indexed, so that many rules may ask it."""

    def __init__(self, ledger: LedgerAt, session: str) -> None:
        """A session of a ledger as it stood; `LedgerAt.session` makes each only once."""
        self.ledger = ledger
        self.session = session
        self.size = ledger.size
        self.as_of = ledger.as_of
        self.proposed = ledger.proposed
        self._known = ledger.known
        everything = ledger.recorded(session)
        self._planned = [fact.event for fact in everything if isinstance(fact.event, SessionScheduled)]
        self.opening = next((fact for fact in everything if isinstance(fact.event, SessionOpened)), None)
        opened = None if self.opening is None else self.opening.event
        self.protocol = ledger.protocol_pinned(opened.protocol.dig) if isinstance(opened, SessionOpened) else None
        self.location = _where(everything)
        self.zone = ledger.zone(self.location)
        self.facts = ledger.on(session)
        self._index: defaultdict[tuple[str, type[Event]], list[Fact]] = defaultdict(list)
        for fact in self.facts:
            self._index[fact.stream, type(fact.event)].append(fact)
        self._together: dict[tuple[str, tuple[type[Event], ...]], list[Fact]] = {}
        self._doses: dict[Slot, list[Dose]] = {}
        self._entries: list[Standing] | None = None

    @cached_property
    def figures(self) -> Parameters2 | None:
        """The figures and choices of the protocol that was pinned at the opening."""
        return self.ledger.figures_of(self.protocol)

    def of(self, slot: Slot, *kinds: type[Event]) -> list[Fact]:
        """One partner's own events of these types, in the order they happened."""
        return self._among(f"{self.session}/{slot}", kinds)

    def joint(self, *kinds: type[Event]) -> list[Fact]:
        """The joint events of these types, in the order they happened."""
        return self._among(self.session, kinds)

    def _among(self, stream: str, kinds: tuple[type[Event], ...]) -> list[Fact]:
        if len(kinds) == 1:
            return list(self._index.get((stream, kinds[0]), ()))
        found = self._together.get((stream, kinds))
        if found is None:
            apart = [fact for kind in kinds for fact in self._index.get((stream, kind), ())]
            found = self._together[stream, kinds] = sorted(apart, key=lambda fact: (fact.at, fact.position))
        return list(found)

    # -- doses and ends -----------------------------------------------------------------------------

    def doses(self, slot: Slot) -> list[Dose]:
        """One partner's doses in this session, in the order they were given."""
        found = self._doses.get(slot)
        if found is None:
            found = self._doses[slot] = [dose_of(fact, self.zone) for fact in self.of(slot, DoseAdministered)]
        return list(found)

    def first_dose(self) -> Dose | None:
        """The couple's first dose: the earlier of the two first doses."""
        doses = [dose for slot in SLOTS for dose in self.doses(slot)]
        return min(doses, key=lambda dose: (dose.at, dose.fact.position), default=None)

    def end_of_checks(self, slot: Slot) -> Fact | None:
        """The first of release and whatever ended care: departure, transfer, leaving against advice, not coming."""
        return next(iter(self.of(slot, ReleaseAuthorised, *TERMINAL)), None)

    def end_of_care(self, slot: Slot) -> Fact | None:
        """The terminal event: the first of departure, transfer, leaving against advice, not coming."""
        return next(iter(self.of(slot, *TERMINAL)), None)

    # -- the person behind a slot -------------------------------------------------------------------

    def person(self, slot: Slot) -> str | Gone:
        """Who is in a slot, by the last planning of this session."""
        if not self._planned:
            return WITHHELD
        return self._planned[-1].person_a if slot == "a" else self._planned[-1].person_b

    @property
    def couple(self) -> str | None:
        """The couple by the last planning of this session; None while it was never planned."""
        return self._planned[-1].couple if self._planned else None

    def slots_of(self, person: str) -> list[Slot]:
        """Which partner of this session a person is; nothing for somebody else."""
        return [slot for slot in SLOTS if self.person(slot) == person]

    def personal(self, slot: Slot, *kinds: type[Event]) -> list[Fact]:
        """
        Events on the record of the person in this slot, in the order they happened; nothing of somebody who is gone.

        Evaluations, screens, consents, orders, courses stand there, not in the session.
        """
        person = self.person(slot)
        return [] if isinstance(person, Gone) else self.ledger.on(person, *kinds)

    def sessions_of(self, slot: Slot) -> list[tuple[History, Slot]]:
        """Every session of the person in this slot, this one included; only this one of somebody who is gone."""
        person = self.person(slot)
        return [(self, slot)] if isinstance(person, Gone) else self.ledger.sessions_of(person)

    def dosed_sessions(self, slot: Slot) -> list[tuple[History, Slot, list[Dose]]]:
        """The sessions in which the person in this slot was dosed, with those doses, by their first dose."""
        found = [(history, where, history.doses(where)) for history, where in self.sessions_of(slot)]
        dosed = [each for each in found if each[2]]
        return sorted(dosed, key=lambda each: (each[2][0].at, each[2][0].fact.position))

    def doses_of(self, person: str | Gone) -> Ties:
        """What a person was given in any session, up to now; nothing is certain of somebody who is gone."""
        certain = () if isinstance(person, Gone) else self._known.slots_of.get(person, ())
        return Ties(
            tuple(self._doses_in(certain, None if isinstance(person, Gone) else person)),
            tuple(self._doses_in(self._known.unreadable, None)),
        )

    # -- staff and place ----------------------------------------------------------------------------

    def day(self, at: datetime) -> str:
        """The local date where this session is, `2026-05-16`."""
        return self.ledger.day(self.location, at)

    def holding(
        self, staff: str, credential: CredentialType, at: datetime, professions: Sequence[Profession] = ()
    ) -> Holding:
        """How a credential of somebody on duty stood at a moment, by all that is known of it now."""
        day = self.day(at)
        return self.ledger.holding(staff, credential, day, self.place(day), professions)

    def place(self, day: str) -> Place:
        """Where this session is, and the state whose law holds there on a day."""
        return self.ledger.place(self.location, day)

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
                if placed.position < self.size and self._known.fact(placed).at <= self.ledger.seen
            ]
            self._entries = [
                standing for _, standing in sorted(standings(known, self._known.revoked_below(self.size)).items())
            ]
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
            if each.stream in streams and each.position < self.size and each.at <= self.ledger.seen
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
        return bracket(written.seen, upper, self._known.index.last_received_below)

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

    def _doses_in(self, places: Sequence[tuple[str, Slot]], person: str | None) -> Iterator[Dose]:
        """The doses in these slots, when the last planning still says so; None is a slot nobody can read."""
        for name, slot in dict.fromkeys(places):
            history = self if name == self.session else self.ledger.session(name)
            tied = history.person(slot)
            if tied == person or (person is None and isinstance(tied, Gone)):
                yield from history.doses(slot)


def _where(facts: Sequence[Fact]) -> str | None:
    """The place where a session was opened, or planned."""
    named = [fact.event.location for fact in facts if isinstance(fact.event, SessionScheduled | SessionOpened)]
    return named[-1] if named else None
