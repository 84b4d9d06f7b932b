"""ORD-04: nobody is given more in one session than the protocol's total, nor more often."""

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
from projections.compliance.known import SLOTS
from projections.compliance.moments import as_instant, clock
from projections.compliance.occasions import Occasion, each_dose, mg_of, not_dosed, route_of
from projections.compliance.rule import GateOf, rule
from projections.compliance.weights import weight_at


@rule(
    id="ORD-04",
    version="1",
    title="Nobody is given more in one session than the protocol's total, nor more often.",
    severity="C",
    mode="B `dose-authorised`; F dose / S",
    source="the total with a secondary dose: the shape of OAR 333-333-5250; every limit is ours [D]",
    trigger="Each dose. One finding per person, session and limb: the total of a route, the number.",
    window="Since the session was opened.",
    evidence=(
        "Milligrams by the same route so far at most `session_max_mg` of it, and `session_max_mg_per_kg` by body "
        "weight; at most `max_doses` doses by whatever route."
    ),
    parameters=("dose.max_doses", "dose.session_max_mg", "dose.session_max_mg_per_kg"),
    verdicts={
        "met": "total and number are within the limits",
        "breached": "one of them is not; the first dose above it is named",
        "not-applicable": "not dosed",
        "cannot-judge": "the weight cannot be read any more",
    },
    notes=("Sprays and devices of one administration are one dose.",),
    gate=GateOf(
        DoseAuthorised,
        override="prescriber",
        opened_by=(EvaluationCompleted, PreDoseAssessed),
        otherwise="A smaller dose, or none; where no weight is on record, a weight.",
    ),
)
def ord_04(history: History) -> Iterator[Ruling]:
    """One ruling for each person and limb."""
    if history.figures is None:
        return
    for slot in SLOTS:
        acts = each_dose(history, slot)
        if not acts:
            yield not_dosed(slot)
        else:
            yield _worst([_total(history, slot, act, history.figures.dose) for act in acts])
            yield _worst([_number(history, slot, act, history.figures.dose) for act in acts])


def _worst(rulings: list[Ruling]) -> Ruling:
    """The first breach, else what cannot be judged, else the last word."""
    for verdict in ("breached", "cannot-judge"):
        for ruling in rulings:
            if ruling.verdict == verdict:
                return ruling
    return max(rulings, key=lambda ruling: ruling.act or False)


def _total(history: History, slot: Slot, act: Occasion, figures: DoseFigures) -> Ruling:
    same = [fact for fact in act.earlier if route_of(fact) == act.route]
    total = sum((mg_of(fact) for fact in same), act.mg or Decimal())
    cap = None if act.route is None else getattr(figures.session_max_mg, act.route)
    by_weight = None if act.route is None else getattr(figures.session_max_mg_per_kg, act.route)
    weighed = weight_at(history, slot, act) if by_weight is not None else None
    evidence = (*(fact.position for fact in same), act.position)
    words, causes = [f"{total} mg {act.route} by {clock(act.at, history.zone)}"], []
    if cap is not None:
        words.append(f"at most {cap} mg in a session")
        causes += ["above-total"] * (total > Decimal(cap))
    if by_weight is not None and weighed is not None:
        evidence = (*evidence, weighed.position)
        if isinstance(weighed.kg, Gone):
            sentence = f"{slot.upper()}: the weight cannot be read any more."
            return Ruling(slot, "cannot-judge", sentence, evidence, "total", causes=("unreadable",), act=act.position)
        words.append(f"at most {by_weight} mg/kg in a session, at {weighed.kg} kg")
        causes += ["above-total-per-kg"] * (total > Decimal(by_weight) * weighed.kg)
    return _ruling(slot, act, "total", f"{slot.upper()}: {'; '.join(words)}.", evidence, *causes)


def _number(history: History, slot: Slot, act: Occasion, figures: DoseFigures) -> Ruling:
    number = len((*act.earlier, act.fact))
    words = (
        f"{slot.upper()}: {number} doses by {clock(act.at, history.zone)}; at most {figures.max_doses} in a session."
    )
    evidence = (*(fact.position for fact in act.earlier), act.position)
    return _ruling(slot, act, "number", words, evidence, *(["too-many"] * (number > figures.max_doses)))


def _ruling(slot: Slot, act: Occasion, limb: str, sentence: str, evidence: tuple[int, ...], *causes: str) -> Ruling:
    return Ruling(
        slot,
        "breached" if causes else "met",
        sentence,
        evidence,
        limb,
        made_at=as_instant(act.at),
        causes=causes,
        act=act.position,
    )
