"""ELIG-10: an order that rests on telemedicine alone had a lawful basis on the day it was signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ledger.events.eligibility import EvaluationCompleted
from ledger.events.fields import Gone
from ledger.events.parameters import EligibilityFigures
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import Fact, last
from projections.compliance.moments import as_instant
from projections.compliance.occasions import Occasion, nobody_known, of_first_dose
from projections.compliance.orders_in_force import order_used
from projections.compliance.rule import rule

_REMOTE = "telemedicine"


@rule(
    id="ELIG-10",
    version="1",
    title="An order that rests on telemedicine alone had a lawful basis on the day it was signed.",
    severity="M",
    mode="F / S",
    source="telemedicine flexibilities to 31 December 2026: 90 FR 61301; that it is judged per order is ours [D]",
    trigger=(
        "The order used by a person's first dose, when every evaluation by that prescriber until then was by "
        "telemedicine. One finding per person and order."
    ),
    window="The local date of the order is at most `telemedicine_until`.",
    evidence="The day, or a lawful basis named in the last such evaluation.",
    parameters=("eligibility.telemedicine_until",),
    verdicts={
        "met": "the prescriber had seen them in person, or the day or a basis permits it",
        "breached": "none of these",
        "not-applicable": "not dosed, or not under an order of a prescriber who evaluated them",
        "cannot-judge": "the evaluations, or whose slot it is, cannot be read any more",
    },
    notes=("A protocol without `telemedicine_until` switches the limit off.",),
)
def elig_10(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    if history.figures is None:
        return
    figures = history.figures.eligibility
    yield from of_first_dose(history, lambda slot, act: _of(history, slot, act, figures))


def _of(history: History, slot: Slot, act: Occasion, figures: EligibilityFigures) -> Ruling:
    unknown = nobody_known(history, slot, act)
    if unknown is not None:
        named = act.given.order if act.given is not None else None
        return replace(unknown, anchor="" if named is None else named.dig)
    order = order_used(history, slot, act)
    seen = [] if order is None else _evaluations(history, slot, order)
    if order is None or not seen:
        return Ruling(slot, "not-applicable", f"{slot.upper()}: no order rests on an evaluation.", (act.position,))
    evidence = (*(fact.position for fact in seen), order.position)
    ways = [fact.event.modality for fact in seen if isinstance(fact.event, EvaluationCompleted)]
    if any(not isinstance(way, Gone) and way != _REMOTE for way in ways):
        return Ruling(slot, "met", f"{slot.upper()}: the prescriber had seen them in person.", evidence, order.dig)
    if any(isinstance(way, Gone) for way in ways):
        words = f"{slot.upper()}: how they were evaluated cannot be read any more."
        return Ruling(slot, "cannot-judge", words, evidence, order.dig, causes=("unreadable",))
    day, latest = history.day(order.at), last(seen)
    event = None if latest is None else latest.event
    basis = event.lawful_basis if isinstance(event, EvaluationCompleted) else None
    permitted = figures.telemedicine_until is None or day <= figures.telemedicine_until or isinstance(basis, str)
    until = figures.telemedicine_until or "any day"
    words = "" if permitted else ", and no lawful basis is named"
    return Ruling(
        slot,
        "met" if permitted else "breached",
        f"{slot.upper()}: the order of {day} rests on telemedicine alone, which is permitted until {until}{words}.",
        evidence,
        anchor=order.dig,
        made_at=as_instant(act.at),
        causes=() if permitted else ("no-basis",),
    )


def _evaluations(history: History, slot: Slot, order: Fact) -> list[Fact]:
    """The evaluations by who signed the order, up to it."""
    by = set(order.by)
    return [fact for fact in history.personal(slot, EvaluationCompleted) if by & set(fact.by) and fact.at <= order.at]
