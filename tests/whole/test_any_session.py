"""
Whole sessions with any facts in any order: what holds whatever happens.

What was folded step by step is what is folded at once, and so is what the rules find; no milligram appears or goes;
with every rule at the door no fact is refused for policy; what was found at a position is found there for ever; and
nothing of one partner is on the other's records or in their copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ledger.container import ZERO
from ledger.effective import effective
from ledger.encoding import to_instant
from ledger.events import EVENT_TYPES
from ledger.events.dosing import DoseAdministered
from ledger.reading import PlacedEvent, without_sealed
from ledger.session import Session, evolve
from ledger.stock import replay as replay_stock
from ledger.stock_facts import by_container
from ledger.vocabulary import Slot
from projections.compliance.finding import Finding
from projections.compliance.reader import Compliance
from projections.session_timeline import timeline
from tests.ledger.events.example_making import COUPLE
from tests.whole.days import ANY_FACT, CONTAINERS, ONLY, PERSON, SESSIONS, Days
from tests.whole.state import copies, fold, views_of

WHICH = st.integers(0, 99)
AGO = st.integers(-30, 3000)
SLOT: st.SearchStrategy[Slot] = st.sampled_from(["a", "b"])
SESSION = st.sampled_from(SESSIONS)
AMOUNT = st.integers(10_000, 400_000).map(lambda thousandths: f"{thousandths / 1000:.3f}")
TAKEN = st.integers(0, 400_000).map(lambda thousandths: f"{thousandths / 1000:.3f}")
MAY_BE_REFUSED = {"session-state", "out-of-order", "gate-closed"}
"""Why the record itself or a rule may stand against an authorisation; a fact has no such reason."""


class AnySession(RuleBasedStateMachine):
    """What happens, and what holds after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.days = Days()
        self.found: dict[int, tuple[str, list[Finding]]] = {}
        self.folded = {session: fold(self.days.entries(), session) for session in SESSIONS}

    @initialize(comes=st.booleans(), opened=st.booleans())
    def begins(self, comes: bool, opened: bool) -> None:
        if opened:
            self.days.opens(SESSIONS[0])
        self.days.asks()
        if comes:
            self.days.happens("own-medication-checked-in/1", SESSIONS[0], "a", 3000)
            self.days.happens("stock-received/1", SESSIONS[0], "a", 3000)

    @rule(tag=st.sampled_from(ANY_FACT), session=SESSION, slot=SLOT, ago=AGO)
    def happens(self, tag: str, session: str, slot: Slot, ago: int) -> None:
        self.days.happens(tag, session, slot, ago)

    @rule(
        session=SESSION,
        slot=SLOT,
        amount=AMOUNT,
        container=st.sampled_from(CONTAINERS),
        label=st.sampled_from([None, "L-1", "L-2"]),
        ago=AGO,
    )
    def gives(self, session: str, slot: Slot, amount: str, container: str, label: str | None, ago: int) -> None:
        self.days.gives(session, slot, amount, container, label, ago)

    @rule(which=WHICH, taken=TAKEN, ago=AGO)
    def takes_in_part(self, which: int, taken: str, ago: int) -> None:
        self.days.takes_in_part(which, taken, ago)

    @rule(container=st.sampled_from(CONTAINERS), amount=AMOUNT, which=st.none() | WHICH, ago=AGO)
    def wastes(self, container: str, amount: str, which: int | None, ago: int) -> None:
        self.days.wastes(container, amount, which, ago)

    @rule(which=WHICH, now=AMOUNT)
    def corrects(self, which: int, now: str) -> None:
        self.days.corrects(which, now)

    @rule(which=WHICH)
    def voids(self, which: int) -> None:
        self.days.voids(which)

    @rule(which=WHICH, verdict=st.sampled_from(["confirms", "disputes"]))
    def signs(self, which: int, verdict: str) -> None:
        self.days.signs(which, verdict)

    # -- what reads everything, and so is asked now and then ----------------------------------------

    @rule()
    def somebody_asks_what_is_found(self) -> None:
        """The reader of the findings follows; what it says is kept, to be asked again later."""
        as_of, size = to_instant(self.days.house.clock.now), self.days.house.store.head().size
        self.found[size] = as_of, self.days.compliance.findings(as_of=as_of)

    @rule()
    def what_followed_finds_what_reads_at_once(self) -> None:
        """And what was found then, asked again as known then, is what was found."""
        self.somebody_asks_what_is_found()
        house = self.days.house
        fresh = Compliance(house.store, house.subject_keys)
        for size, (as_of, found) in self.found.items():
            assert fresh.findings(as_of=as_of, known_at=size) == found
            assert self.days.compliance.findings(as_of=as_of, known_at=size) == found

    @rule()
    def in_neither_copy_is_a_word_of_the_other(self) -> None:
        """Timelines, course and containers, as each partner is shown them."""
        database = views_of(self.days.house, batch=7)
        mine = {each.position: each.stream[-2:] for each in self.days.entries() if each.stream[-2:] in ("/a", "/b")}
        for slot, other in (("a", "b"), ("b", "a")):
            shown = repr(copies(database, slot))
            assert not [text for text in ONLY[other] if text in shown]
            rows = [row for session in SESSIONS for row in timeline(database, session, for_partner=slot).rows]
            assert f"/{other}" not in {mine.get(row.position) for row in rows}

    # -- what holds after each step -----------------------------------------------------------------

    @invariant()
    def no_fact_is_refused(self) -> None:
        for tag, code in self.days.refused:
            assert EVENT_TYPES[tag].AUTHORISES and code in MAY_BE_REFUSED, (tag, code)

    @invariant()
    def step_by_step_and_at_once_it_comes_to_the_same(self) -> None:
        for session in SESSIONS:
            before, entries = self.folded[session], self.days.of(session)
            for placed in entries:
                if placed.position > before.position:
                    before = evolve(before, placed)
            self.folded[session] = before
            assert before == fold(entries, session)
            assert self.days.house.recorder.session(session) == _unread(session, entries)

    @invariant()
    def no_milligram_appears_or_goes(self) -> None:
        entries = effective(self.days.entries())
        doses = [each.event.mass.mg for each in entries if isinstance(each.event, DoseAdministered)]
        folded = [fold(self.days.of(session), session) for session in SESSIONS]
        state = [dose.mg for each in folded for side in (each.a, each.b) for dose in side.doses]
        assert sorted(state) == sorted(doses)
        came_out = ZERO
        for name, facts in by_container(entries).items():
            container, _ = replay_stock(name, facts, dict.fromkeys(SESSIONS, COUPLE))
            assert container.is_conserved
            came_out += sum((each.mg for each in container.doses.values()), ZERO)
        assert came_out >= sum(doses, Decimal(0))

    @invariant()
    def what_is_sealed_for_one_partner_is_on_no_record_of_the_other(self) -> None:
        streams = {each.position: each.stream for each in self.days.entries()}
        for slot, other in (("a", "/b"), ("b", "/a")):
            about = {streams[position] for _, position in self.days.house.store.blocks_about(PERSON[slot])}
            assert not [stream for stream in about if stream.endswith(other)]


def _unread(session: str, entries: Sequence[PlacedEvent]) -> Session:
    """The session as a recorder folds it, which reads no sealed field."""
    folded = Session(session)
    for placed in entries:
        folded = evolve(folded, without_sealed(placed))
    return folded


TestAnySession = AnySession.TestCase
TestAnySession.settings = settings(
    max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.soak
def test_any_session_for_a_long_while() -> None:
    run_state_machine_as_test(
        AnySession,
        settings=settings(
            max_examples=2000, stateful_step_count=80, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
