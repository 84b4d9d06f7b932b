"""Any stock facts and doses in any order: nothing appears and nothing is lost, and replaying gives the same."""

from __future__ import annotations

import random
from datetime import timedelta
from fractions import Fraction

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ledger.container import ZERO, Container
from ledger.effective import effective
from ledger.impossible import oddities
from ledger.reading import PlacedEvent
from ledger.stock import begin, replay, take
from ledger.stock_facts import by_container
from tests.ledger.clinic import OWN_A, START
from tests.ledger.safe import BOX, COUPLES, OTHER, VIAL, Safe

CONTAINERS = st.sampled_from([VIAL, BOX, OWN_A])
SLOTS = st.sampled_from(["a", "b"])
SESSIONS = st.sampled_from(list(COUPLES))
AMOUNTS = st.integers(1, 200_000).map(lambda thousandths: f"{thousandths / 1000:.3f}")
COUNTS = st.integers(0, 20_000).map(lambda thousandths: f"{thousandths / 1000:.3f}")
LABELS = st.sampled_from([None, "L-1", "L-2"])
MINUTES = st.integers(0, 50_000).map(lambda minutes: START + timedelta(minutes=minutes))
MOVES = st.sampled_from(
    [
        "stock-dispensed-to-session/1",
        "stock-returned-from-session/1",
        "custody-transferred/1",
        "inventory-destroyed/1",
        "returned-to-reverse-distributor/1",
    ]
)


class AnyDay(RuleBasedStateMachine):
    """Facts come in any order, happened at any time, and may be wrong, corrected or voided."""

    def __init__(self) -> None:
        super().__init__()
        self.safe = Safe()
        self.doses: list[PlacedEvent] = []

    @rule(container=CONTAINERS, amount=AMOUNTS, strength=st.sampled_from(["10", "50", "0.07", None]), at=MINUTES)
    def receive(self, container: str, amount: str, strength: str | None, at: object) -> None:
        self.safe.received(container, amount, concentration=strength, at=at)

    @rule(container=CONTAINERS, count=COUNTS, strength=st.sampled_from(["100", "33.3"]), slot=SLOTS, at=MINUTES)
    def hand_in(self, container: str, count: str, strength: str, slot: str, at: object) -> None:
        self.safe.hands_in(count, strength, container, slot, at=at)

    @rule(container=CONTAINERS, count=COUNTS, slot=SLOTS, at=MINUTES)
    def hand_back(self, container: str, count: str, slot: str, at: object) -> None:
        self.safe.hands_back(count, container, slot, at=at)  # type: ignore[arg-type]

    @rule(container=CONTAINERS, amount=AMOUNTS, slot=SLOTS, label=LABELS, session=SESSIONS, at=MINUTES)
    def give(self, container: str, amount: str, slot: str, label: str | None, session: str, at: object) -> None:
        given = self.safe.gives(amount, container, slot, label=label, session=session, at=at)  # type: ignore[arg-type]
        self.doses.append(given)

    @rule(which=st.integers(0, 99), taken=AMOUNTS, at=MINUTES)
    def take_in_part(self, which: int, taken: str, at: object) -> None:
        dose = self.doses[which % len(self.doses)] if self.doses else None
        self.safe.takes_in_part(dose, taken, at)  # type: ignore[arg-type]

    @rule(container=CONTAINERS, amount=AMOUNTS, label=LABELS, session=st.sampled_from([None, *COUPLES]), at=MINUTES)
    def waste(self, container: str, amount: str, label: str | None, session: str | None, at: object) -> None:
        self.safe.wastes(amount, container, label=label, session=session, at=at)  # type: ignore[arg-type]

    @rule(container=CONTAINERS, amount=AMOUNTS, label=LABELS, which=st.none() | st.integers(0, 99), at=MINUTES)
    def waste_of(self, container: str, amount: str, label: str | None, which: int | None, at: object) -> None:
        dose = self.doses[which % len(self.doses)] if self.doses and which is not None else None
        self.safe.wastes_of(dose, amount, container, at, label=label)  # type: ignore[arg-type]

    @rule(container=CONTAINERS, taken=COUNTS, slot=SLOTS, label=LABELS, at=MINUTES)
    def break_off(self, container: str, taken: str, slot: str, label: str | None, at: object) -> None:
        self.safe.breaks_off(taken, container, slot, at, label=label)  # type: ignore[arg-type]

    @rule(container=CONTAINERS, amount=AMOUNTS, kind=st.sampled_from(["initial", "shift"]), at=MINUTES)
    def count(self, container: str, amount: str, kind: str, at: object) -> None:
        self.safe.counts((container, amount), kind=kind, at=at)  # type: ignore[arg-type]

    @rule(container=CONTAINERS, amount=AMOUNTS, tag=MOVES, arrives=st.booleans(), other=st.booleans(), at=MINUTES)
    def move(self, container: str, amount: str, tag: str, arrives: bool, other: bool, at: object) -> None:
        given: dict[str, object] = {}
        left = "2026-05-15T13:01:00.000000Z" if other else "2026-05-15T13:00:00.000000Z"
        if tag == "custody-transferred/1":
            given |= {"arrived_at": "2026-05-15T15:00:00.000000Z" if arrives else None, "departed_at": left}
        elif tag.endswith("session/1") and other:
            given["session"] = OTHER
        self.safe.moves(tag, amount, container, at, **given)  # type: ignore[arg-type]

    @rule(container=CONTAINERS, balance=AMOUNTS, at=MINUTES)
    def resolve(self, container: str, balance: str, at: object) -> None:
        self.safe.resolves(balance, container, at)  # type: ignore[arg-type]

    @rule(which=st.integers(0, 99), signed=st.booleans(), now=AMOUNTS)
    def correct(self, which: int, signed: bool, now: str) -> None:
        if self.doses:
            dose = self.doses[which % len(self.doses)]
            was = dose.event.mass.value  # type: ignore[attr-defined]
            correction = self.safe.corrects(dose, ("mass.value", was, now))
            if signed:
                self.safe.signs(correction)

    @rule(which=st.integers(0, 99))
    def void(self, which: int) -> None:
        facts = [
            each
            for each in self.safe.placed
            if each.payload.type.startswith(("dose-adm", "dose-int", "wast", "custody"))
        ]
        if facts:
            self.safe.signs(self.safe.voids(facts[which % len(facts)]))

    @invariant()
    def nothing_appears_and_nothing_is_lost(self) -> None:
        for state, counted in self._all():
            assert state.is_conserved
            assert state.balance == counted

    @invariant()
    def one_by_one_and_in_any_order_it_comes_to_the_same(self) -> None:
        for name, facts in by_container(effective(self.safe.placed)).items():
            shuffled = random.Random(len(facts)).sample(facts, len(facts))
            state, moves = replay(name, facts, COUPLES)
            ordered = [moved.placed for moved in moves]
            one_by_one = begin(name, ordered, COUPLES)
            for placed in ordered:
                one_by_one = take(one_by_one, placed).after
            assert replay(name, shuffled, COUPLES) == (state, moves)
            assert one_by_one == state

    @invariant()
    def a_balance_below_zero_is_always_marked(self) -> None:
        for name, facts in by_container(effective(self.safe.placed)).items():
            for moved in replay(name, facts, COUPLES)[1]:
                marked = {each.code for each in oddities(moved)}
                below = moved.after.balance < 0 and moved.kind != "prepared"
                assert ("below-zero" in marked) == (below and moved.before.arrival is not None)

    def _all(self) -> list[tuple[Container, Fraction]]:
        """Each container's state, and its balance worked out the plain way: all that came less all that went."""
        found = []
        for name, facts in by_container(effective(self.safe.placed)).items():
            state, moves = replay(name, facts, COUPLES)
            steps = sum((moved.after.balance - moved.before.balance for moved in moves), ZERO)
            out = state.given + state.wasted + state.handed_back + state.destroyed + state.sent_back
            assert steps == state.balance
            found.append((state, state.came + state.differences - out - state.left_over))
        return found


TestAnyDay = AnyDay.TestCase
TestAnyDay.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
