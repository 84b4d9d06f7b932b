"""PRE-04: before a dose nobody ate or drank for as long as its route asks for."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.arrival import ParticipantCheckedIn
from ledger.events.fields import Gone
from ledger.events.parameters import BeforeDoseFigures
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, last
from projections.compliance.moments import as_instant, clock, long_span, minutes, to_second
from projections.compliance.occasions import Occasion, first_dose, not_dosed
from projections.compliance.rule import rule


@rule(
    id="PRE-04",
    version="1",
    title="Before a dose nobody ate or drank for as long as its route asks for.",
    severity="m",
    mode="F / I",
    source="food 2 h and fluids 30 min before: the Spravato label; by needle and infusion ours [D]",
    trigger="A person's first dose in the session. One finding per person, session and limb: food, and fluid.",
    window="From the last food to the dose at least `fasting_food_min` of its route, from the last fluid at least "
    "`fasting_fluid_min`, equality met.",
    evidence="The times in the check-in.",
    parameters=("before_dose.fasting_fluid_min", "before_dose.fasting_food_min"),
    verdicts={
        "met": "long enough ago",
        "breached": "not long enough ago, or not recorded",
        "not-applicable": "not dosed, or nothing is asked for by this route",
        "cannot-judge": "the times cannot be read any more",
    },
)
def pre_04(history: History) -> Iterator[Ruling]:
    """Two rulings for each person: food and fluid."""
    if history.figures is None:
        return
    for slot in SLOTS:
        act = first_dose(history, slot)
        if act is None:
            yield not_dosed(slot)
        else:
            yield from _of(history, slot, act, history.figures.before_dose)


def _of(history: History, slot: Slot, act: Occasion, figures: BeforeDoseFigures) -> Iterator[Ruling]:
    arrived = last([fact for fact in history.of(slot, ParticipantCheckedIn) if fact.at <= act.at])
    event = arrived.event if arrived is not None and isinstance(arrived.event, ParticipantCheckedIn) else None
    evidence = (act.position, *(() if arrived is None else (arrived.position,)))
    told = (
        ("food", None if event is None else event.last_food, figures.fasting_food_min),
        ("fluid", None if event is None else event.last_fluid, figures.fasting_fluid_min),
    )
    for limb, at, asked in told:
        needed = None if act.route is None else getattr(asked, act.route)
        if needed is None:
            words = f"{slot.upper()}: no time without {limb} is asked for by this route."
            yield Ruling(slot, "not-applicable", words, evidence, limb)
        elif isinstance(at, Gone):
            words = f"{slot.upper()}: when the last {limb} was cannot be read any more."
            yield Ruling(slot, "cannot-judge", words, evidence, limb, causes=("unreadable",))
        elif at is None:
            yield _ruling(
                slot, act, limb, f"{slot.upper()}: the last {limb} was not recorded.", evidence, "not-recorded"
            )
        else:
            passed = act.at - to_second(at)
            words = f"{slot.upper()}: the last {limb} was {long_span(passed)} before the dose"
            when = f"at {clock(to_second(at), history.zone)}"
            cause = "too-late" if passed < minutes(needed) else None
            yield _ruling(slot, act, limb, f"{words}, {when}; at least {needed} min are asked for.", evidence, cause)


def _ruling(
    slot: Slot, act: Occasion, limb: str, sentence: str, evidence: tuple[int, ...], cause: str | None
) -> Ruling:
    return Ruling(
        slot,
        "met" if cause is None else "breached",
        sentence,
        evidence,
        limb,
        made_at=as_instant(act.at),
        causes=() if cause is None else (cause,),
        act=act.position,
    )
