"""PRE-01: the first dose follows a full set of values, taken shortly before."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.arrival import PreDoseAssessed
from ledger.events.dosing import DoseAuthorised
from ledger.events.fields import Gone
from ledger.events.parameters import BeforeDoseFigures
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import Fact, last
from projections.compliance.moments import as_instant, clock, minutes, span
from projections.compliance.occasions import Occasion, of_first_dose
from projections.compliance.rule import GateOf, rule


@rule(
    id="PRE-01",
    version="1",
    title="The first dose follows a full set of values, taken shortly before.",
    severity="C",
    mode="B `dose-authorised`; F dose / W",
    source="blood pressure before the dose: Spravato REMS; vital signs: ASKP; the minutes are ours [D]",
    trigger="A person's first dose in the session. One finding per person and session.",
    window="The assessment is 0 to `vitals_max_age_min` before the dose, both included.",
    evidence="One assessment with blood pressure, heart rate, oxygen saturation and breaths, all obtained.",
    parameters=("before_dose.vitals_max_age_min",),
    verdicts={
        "met": "there is one",
        "breached": "there is none in that time, or a value is missing",
        "not-applicable": "not dosed",
        "cannot-judge": "the values cannot be read any more",
    },
    gate=GateOf(DoseAuthorised, override="prescriber", opened_by=(PreDoseAssessed,)),
)
def pre_01(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    if history.figures is None:
        return
    figures = history.figures.before_dose
    yield from of_first_dose(history, lambda slot, act: _of(history, slot, act, figures))


def _of(history: History, slot: Slot, act: Occasion, figures: BeforeDoseFigures) -> Ruling:
    before = [fact for fact in history.of(slot, PreDoseAssessed) if fact.at <= act.at]
    near = [fact for fact in before if act.at - fact.at <= minutes(figures.vitals_max_age_min)]
    states = [(fact, _is_full(fact)) for fact in near]
    full = last([fact for fact, state in states if state])
    where = f"{slot.upper()}: {act.what} of {clock(act.at, history.zone)}"
    if full is None and any(state is None for _, state in states):
        evidence = (*(fact.position for fact in near), act.position)
        return Ruling(
            slot, "cannot-judge", f"{where}: the values cannot be read any more.", evidence, causes=("unreadable",)
        )
    shown = full or last(near) or last(before)
    if shown is None:
        words = "no values were taken before"
    else:
        kind = "a full set of values" if full is not None else "values"
        lacking = "; not all were obtained" if full is None and near else ""
        words = f"{kind} {span(act.at - shown.at)} before{lacking}"
    return Ruling(
        slot,
        "met" if full is not None else "breached",
        f"{where}: {words}; at most {figures.vitals_max_age_min} min are asked for.",
        (act.position, *(() if shown is None else (shown.position,))),
        made_at=as_instant(act.at),
        causes=() if full is not None else ("incomplete" if near else "too-old" if before else "none",),
        act=act.position,
    )


def _is_full(fact: Fact) -> bool | None:
    """Whether all four values were obtained; None when that cannot be read any more."""
    event = fact.event
    if not isinstance(event, PreDoseAssessed):
        return False
    values = (event.blood_pressure, event.heart_rate, event.spo2, event.respiratory_rate)
    return None if any(isinstance(value, Gone) for value in values) else None not in values
