"""ORD-03: no dose is above the protocol's cap for its route, nor an infusion too fast."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ledger.events.arrival import PreDoseAssessed
from ledger.events.dosing import DoseAuthorised
from ledger.events.eligibility import EvaluationCompleted
from ledger.events.fields import Gone
from ledger.events.parameters import DoseFigures
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.moments import as_instant, clock, minutes, span, to_second
from projections.compliance.occasions import Occasion, of_each_dose
from projections.compliance.orders_in_force import drug_of
from projections.compliance.rule import GateOf, rule
from projections.compliance.weights import Weighed, weight_at


@rule(
    id="ORD-03",
    version="1",
    title="No dose is above the protocol's cap for its route, nor an infusion too fast.",
    severity="C",
    mode="B `dose-authorised`; F dose / I",
    source="dose ranges in use: ASKP, published protocols, the Spravato label for esketamine; every cap is ours [D]",
    trigger="Every dose. One finding per dose.",
    window="At the dose; an infusion lasts at least `infusion_min`, equality met.",
    evidence=(
        "At most `max_mg` of the route, `max_mg_per_kg` of it by body weight, `esketamine_max_mg` of esketamine. The "
        "weight is the dose's own, else the last one recorded."
    ),
    parameters=("dose.esketamine_max_mg", "dose.infusion_min", "dose.max_mg", "dose.max_mg_per_kg"),
    verdicts={
        "met": "the dose is within the caps",
        "breached": "it is above one, was given too fast, or no weight is on record where one is needed",
        "pending": "an infusion within the caps is still running",
        "not-applicable": "not dosed",
        "cannot-judge": "the weight cannot be read any more",
    },
    gate=GateOf(
        DoseAuthorised,
        override="prescriber",
        opened_by=(EvaluationCompleted, PreDoseAssessed),
        otherwise="A smaller dose; where no weight is on record, a weight.",
    ),
)
def ord_03(history: History) -> Iterator[Ruling]:
    """One ruling for each dose."""
    if history.figures is None:
        return
    figures = history.figures.dose
    yield from of_each_dose(history, lambda slot, act: _of(history, slot, act, figures))


def _of(history: History, slot: Slot, act: Occasion, figures: DoseFigures) -> Ruling:
    where = f"{slot.upper()}: {act.what} of {act.mg} mg at {clock(act.at, history.zone)}"
    mg = act.mg or Decimal()
    cap = None if act.route is None else getattr(figures.max_mg, act.route)
    if drug_of(history, act) == "esketamine":
        cap = figures.esketamine_max_mg
    by_weight = None if act.route is None else getattr(figures.max_mg_per_kg, act.route)
    weighed = weight_at(history, slot, act) if by_weight is not None else None
    evidence = (act.position, *(() if weighed is None else (weighed.position,)))
    words, causes = [], []
    if cap is not None:
        words.append(f"at most {cap} mg by this route")
        causes += ["above-cap"] * (mg > Decimal(cap))
    if by_weight is not None:
        words.append(f"at most {by_weight} mg/kg")
        if weighed is None:
            causes.append("no-weight")
        elif isinstance(weighed.kg, Gone):
            sentence = f"{where}: the weight cannot be read any more."
            return Ruling(slot, "cannot-judge", sentence, evidence, act.fact.dig, causes=("unreadable",))
        else:
            causes += ["above-per-kg"] * (mg > Decimal(by_weight) * weighed.kg)
            words.append(f"{_per_kg(mg, weighed)} at {weighed.kg} kg")
    running = False
    if act.route == "intravenous" and act.given is not None:
        stopped = act.given.stopped_at
        running = stopped is None
        if stopped is not None:
            lasted = to_second(stopped) - act.at
            words.append(f"given in {span(lasted)}, at least {figures.infusion_min} min are asked for")
            causes += ["too-fast"] * (lasted < minutes(figures.infusion_min))
    return Ruling(
        slot,
        "breached" if causes else "pending" if running else "met",
        f"{where}: {'; '.join([*words, *(_WORDS[cause] for cause in causes if cause in _WORDS)])}.",
        evidence,
        act.fact.dig,
        made_at=as_instant(act.at),
        outstanding=running and not causes,
        causes=tuple(causes),
        act=act.position,
    )


_WORDS = {"no-weight": "no weight is on record"}


def _per_kg(mg: Decimal, weighed: Weighed) -> str:
    return "" if isinstance(weighed.kg, Gone) else f"{(mg / weighed.kg).quantize(weighed.SHOWN)} mg/kg"
