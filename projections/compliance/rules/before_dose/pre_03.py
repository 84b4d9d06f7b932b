"""PRE-03: saturation, heart rate and breathing before the first dose are in range on room air."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.arrival import PreDoseAssessed
from ledger.events.dosing import DoseAuthorised
from ledger.events.fields import Gone
from ledger.events.parameters import BeforeDoseFigures
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import last
from projections.compliance.moments import as_instant, clock
from projections.compliance.occasions import Occasion, of_first_dose
from projections.compliance.rule import GateOf, rule


@rule(
    id="PRE-03",
    version="1",
    title="Saturation, heart rate and breathing before the first dose are in range on room air.",
    severity="M",
    mode="B `dose-authorised`; F dose / I",
    source="exclusion ranges of published protocols; every limit is ours [D]",
    trigger="A person's first dose in the session. One finding per person and session.",
    window="The last assessment at or before it.",
    evidence=(
        "Saturation at least `spo2_predose`, heart rate `heart_rate_low` to `heart_rate_high`, breaths "
        "`respiratory_rate_low` to `respiratory_rate_high`, all included, on room air."
    ),
    parameters=(
        "before_dose.heart_rate_high",
        "before_dose.heart_rate_low",
        "before_dose.respiratory_rate_high",
        "before_dose.respiratory_rate_low",
        "before_dose.spo2_predose",
    ),
    verdicts={
        "met": "every value that was obtained is in range",
        "breached": "one is not, or it was not on room air",
        "not-applicable": "not dosed, or no assessment (PRE-01 speaks)",
        "cannot-judge": "the values cannot be read any more",
    },
    notes=("A value that was not obtained is PRE-01's.",),
    gate=GateOf(DoseAuthorised, override="prescriber", opened_by=(PreDoseAssessed,)),
)
def pre_03(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    if history.figures is None:
        return
    figures = history.figures.before_dose
    yield from of_first_dose(history, lambda slot, act: _of(history, slot, act, figures))


def _of(history: History, slot: Slot, act: Occasion, figures: BeforeDoseFigures) -> Ruling:
    found = last([fact for fact in history.of(slot, PreDoseAssessed) if fact.at <= act.at])
    if found is None or not isinstance(found.event, PreDoseAssessed):
        return Ruling(slot, "not-applicable", f"{slot.upper()}: no values were taken before.", (act.position,))
    event, evidence = found.event, (found.position, act.position)
    ranges = (
        ("SpO2", event.spo2, figures.spo2_predose, None),
        ("heart rate", event.heart_rate, figures.heart_rate_low, figures.heart_rate_high),
        ("breaths", event.respiratory_rate, figures.respiratory_rate_low, figures.respiratory_rate_high),
    )
    if any(isinstance(value, Gone) for _, value, _, _ in ranges) or isinstance(event.room_air, Gone):
        words = f"{slot.upper()}: the values of {clock(found.at, history.zone)} cannot be read any more."
        return Ruling(slot, "cannot-judge", words, evidence, causes=("unreadable",))
    faults = [
        f"{name} {value} is outside {low} to {high}" if high is not None else f"{name} {value} is under {low}"
        for name, value, low, high in ranges
        if isinstance(value, int) and (value < low or (high is not None and value > high))
    ]
    if event.room_air is not True:
        faults.append("not on room air" if event.room_air is False else "on room air or not was not recorded")
    words = "; ".join(faults) or "in range, on room air"
    return Ruling(
        slot,
        "breached" if faults else "met",
        f"{slot.upper()}: at {clock(found.at, history.zone)} {words}.",
        evidence,
        made_at=as_instant(act.at),
        causes=("out-of-range",) if faults else (),
        act=act.position,
    )
