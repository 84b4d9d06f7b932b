"""CS-14: before an order the prescription database was asked, where the state wants it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ledger.events.choices import Choices
from ledger.events.eligibility import EvaluationCompleted
from ledger.events.fields import Gone
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, last
from projections.compliance.moments import as_instant, day_and_clock, to_second
from projections.compliance.occasions import Occasion, each_dose, nobody_known, not_dosed
from projections.compliance.orders_in_force import order_used
from projections.compliance.rule import rule


@rule(
    id="CS-14",
    version="1",
    title="Before an order the prescription database was asked, where the state wants it.",
    severity="m",
    mode="F / S",
    source="state prescription drug monitoring programs [F88]; that all states are on the list is ours [D]",
    trigger=(
        "An order that a dose of this session was given under, at a place whose state is in `pdmp_states`. "
        "One finding per person and order."
    ),
    window="At the order or before it.",
    evidence=(
        "The latest evaluation before the order, or of the same moment, says that the database was asked; where it "
        "says when, that is not after the order."
    ),
    parameters=("choices.pdmp_states",),
    verdicts={
        "met": "it was asked",
        "breached": "it was not, or after the order, or nobody evaluated this person before it",
        "not-applicable": "not dosed, under no order, or the state is not on the list",
        "cannot-judge": "the evaluation, or whose slot it is, cannot be read any more, or no state is known",
    },
    notes=("A protocol that names no states means all of them.", "A dose without an order is ORD-01's matter."),
)
def cs_14(history: History) -> Iterator[Ruling]:
    """One ruling for each order, or one for a person without."""
    if history.figures is None:
        return
    for slot in SLOTS:
        yield from _of(history, slot, each_dose(history, slot), history.figures.choices)


def _of(history: History, slot: Slot, acts: list[Occasion], choices: Choices) -> Iterator[Ruling]:
    if not acts:
        yield not_dosed(slot)
        return
    unknown = next((nobody_known(history, slot, act) for act in acts), None)
    if unknown is not None:
        yield unknown
        return
    used = [(order, act) for act in acts if (order := order_used(history, slot, act)) is not None]
    for order, act in {order.dig: (order, act) for order, act in reversed(used)}.values():
        yield _order(history, slot, order, act, choices)
    if not used:
        positions = tuple(act.position for act in acts)
        yield Ruling(slot, "not-applicable", f"{slot.upper()}: no dose was given under an order on record.", positions)


def _order(history: History, slot: Slot, order: Fact, act: Occasion, choices: Choices) -> Ruling:
    """One order; `act` is the first dose under it."""
    signed = day_and_clock(order.at, history.zone)
    named, states = f"{slot.upper()}: the order of {signed}", choices.pdmp_states
    state = history.place(history.day(order.at)).state
    if states is not None and state is None:
        words = f"{named}: in which state it was is not on record."
        return Ruling(slot, "cannot-judge", words, (order.position, act.position), order.dig, causes=("no-state",))
    if states is not None and state not in states:
        words = f"{named}: {state} does not ask for it."
        return Ruling(slot, "not-applicable", words, (order.position, act.position), order.dig)
    found = last([fact for fact in history.personal(slot, EvaluationCompleted) if fact.at <= order.at])
    evidence = (*([] if found is None else [found.position]), order.position, act.position)
    event = None if found is None else found.event
    if not isinstance(event, EvaluationCompleted):
        return _breach(slot, f"{named} follows no evaluation on record.", evidence, order, "no-evaluation")
    if isinstance(event.pdmp_checked, Gone) or isinstance(event.pdmp_checked_at, Gone):
        words = f"{named}: what its evaluation says cannot be read any more."
        return Ruling(slot, "cannot-judge", words, evidence, order.dig, causes=("unreadable",))
    if not event.pdmp_checked:
        words = f"{named}: by its evaluation the prescription database was not asked."
        return _breach(slot, words, evidence, order, "not-asked")
    at = order.at if event.pdmp_checked_at is None else to_second(event.pdmp_checked_at)
    if at > order.at:
        asked = day_and_clock(at, history.zone)
        words = f"{named}: the prescription database was asked {asked}, after it."
        return _breach(slot, words, evidence, order, "too-late", at)
    words = f"{named}: the prescription database had been asked."
    return Ruling(slot, "met", words, evidence, order.dig, due=as_instant(order.at))


def _breach(
    slot: Slot, words: str, evidence: tuple[int, ...], order: Fact, cause: str, made_at: datetime | None = None
) -> Ruling:
    due, made = as_instant(order.at), as_instant(made_at)
    return Ruling(slot, "breached", words, evidence, order.dig, due=due, made_at=made, causes=(cause,))
