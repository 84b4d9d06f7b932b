"""ORD-02: every dose is within what the order permits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ledger.events.dosing import DoseAuthorised
from ledger.events.eligibility import OrderSigned
from ledger.events.orders import OrderAmended
from ledger.events.parameters import DoseFigures
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.moments import as_instant, clock
from projections.compliance.occasions import Occasion, mg_of, nobody_known, of_each_dose
from projections.compliance.orders_in_force import Range, ranges
from projections.compliance.rule import GateOf, rule


@rule(
    id="ORD-02",
    version="1",
    title="Every dose is within what the order permits.",
    severity="C",
    mode="B `dose-authorised`; F dose / I",
    source="practice of medicine: a dose is the one ordered; the tolerance is ours [D]",
    trigger="Every dose. One finding per dose.",
    window="At the dose.",
    evidence=(
        "From the order's least to its most milligrams, with `tolerance_mg` at both ends; not more further doses and "
        "not more in the session than it permits."
    ),
    parameters=("dose.tolerance_mg",),
    verdicts={
        "met": "the dose is within the order",
        "breached": "it is less or more than ordered, a further dose was not ordered, or there is no order",
        "not-applicable": "not dosed",
        "cannot-judge": "whose slot it is cannot be read any more",
    },
    notes=(
        "Orders are in milligrams: a rule by weight is turned into milligrams before it is signed.",
        "A dose that was only partly taken was given as recorded; that less went in is no breach.",
    ),
    gate=GateOf(
        DoseAuthorised,
        override="prescriber",
        opened_by=(OrderSigned, OrderAmended),
        otherwise="Or a dose that the order permits.",
    ),
)
def ord_02(history: History) -> Iterator[Ruling]:
    """One ruling for each dose."""
    if history.figures is None:
        return
    figures = history.figures.dose
    yield from of_each_dose(history, lambda slot, act: _of(history, slot, act, figures))


def _of(history: History, slot: Slot, act: Occasion, figures: DoseFigures) -> Ruling:
    unknown = nobody_known(history, slot, act, act.fact.dig)
    if unknown is not None:
        return unknown
    where = f"{slot.upper()}: {act.what} of {act.mg} mg at {clock(act.at, history.zone)}"
    ordered = ranges(history, slot, act)
    if not ordered:
        return _ruling(slot, act, f"{where} was not ordered.", (act.position,), "no-order")
    tolerance = Decimal(figures.tolerance_mg)
    best = min(reversed(ordered), key=lambda each: len(_faults(act, each, tolerance)))
    faults = _faults(act, best, tolerance)
    evidence = (best.fact.position, act.position, *(fact.position for fact in act.earlier))
    words = f"{where}: ordered {_said(best)}"
    return _ruling(slot, act, f"{words}{''.join(f'; {_WORDS[fault]}' for fault in faults)}.", evidence, *faults)


def _faults(act: Occasion, order: Range, tolerance: Decimal) -> list[str]:
    mg = act.mg or Decimal()
    faults = []
    if order.low is not None and mg < order.low - tolerance:
        faults.append("below")
    if mg > order.high + tolerance:
        faults.append("above")
    if order.redoses is not None and len(act.earlier) > order.redoses:
        faults.append("redose-not-ordered")
    given = sum((mg_of(fact) for fact in act.earlier), mg)
    if order.session is not None and given > order.session + tolerance:
        faults.append("above-for-session")
    return faults


_WORDS = {
    "below": "it is less",
    "above": "it is more",
    "redose-not-ordered": "no further dose was ordered",
    "above-for-session": "more than is ordered for the session",
}


def _said(order: Range) -> str:
    fixed = order.low is None or order.low == order.high
    return f"{order.high} mg" if fixed else f"{order.low} to {order.high} mg"


def _ruling(slot: Slot, act: Occasion, sentence: str, evidence: tuple[int, ...], *causes: str) -> Ruling:
    return Ruling(
        slot,
        "breached" if causes else "met",
        sentence,
        evidence,
        act.fact.dig,
        made_at=as_instant(act.at),
        causes=causes,
        act=act.position,
    )
