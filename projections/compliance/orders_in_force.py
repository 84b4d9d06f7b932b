"""
Orders: which of them were in force when a dose was given.

An amended order ends the one it replaces, from when it was signed; a discontinued one ends.
An order by word of mouth stands in the session until a prescriber has signed it, or the time for that is over.
Source: the exact rules, ORD-01 and ORD-02.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from ledger.events.calls import VerbalOrderCosigned, VerbalOrderReceived
from ledger.events.dosing import DoseAuthorised
from ledger.events.eligibility import OrderSigned
from ledger.events.inventory import StockReceived
from ledger.events.orders import OrderAmended, OrderDiscontinued
from ledger.events.stock import OwnMedicationCheckedIn
from ledger.vocabulary import Drug, Route, Slot
from projections.compliance.history import History
from projections.compliance.known import Fact
from projections.compliance.occasions import Occasion

Written: TypeAlias = OrderSigned | OrderAmended
"""An order with all that it says."""


@dataclass(frozen=True, slots=True)
class Range:
    """What an order permits of one dose, in mg; `redoses` is null where it says nothing of further doses."""

    fact: Fact
    low: Decimal | None
    high: Decimal
    redoses: int | None
    session: Decimal | None
    redose_after_min: int | None


def orders_before(history: History, slot: Slot, at: datetime) -> list[Fact]:
    """The written orders of one partner that were signed before a moment and had not been ended by then, in order."""
    said = [fact for fact in history.personal(slot, OrderSigned, OrderAmended, OrderDiscontinued) if fact.at < at]
    ended = {fact.event.order.dig for fact in said if isinstance(fact.event, OrderAmended | OrderDiscontinued)}
    return [fact for fact in said if isinstance(fact.event, Written) and fact.dig not in ended]


def fitting(history: History, slot: Slot, act: Occasion) -> list[Fact]:
    """Those of them that are for the dose's drug and route, and in date."""
    day, drug = history.day(act.at), drug_of(history, act)
    found = orders_before(history, slot, act.at)
    return [fact for fact in found if isinstance(fact.event, Written) and _fits(fact.event, act.route, drug, day)]


def verbal(history: History, slot: Slot, act: Occasion) -> list[Fact]:
    """Orders by word of mouth for a dose by this route, received before it; cosigned or not."""
    return [
        fact
        for fact in history.of(slot, VerbalOrderReceived)
        if fact.at < act.at
        and isinstance(fact.event, VerbalOrderReceived)
        and fact.event.dose_max is not None
        and fact.event.route == act.route
    ]


def cosigned(history: History, slot: Slot, order: Fact) -> Fact | None:
    """The prescriber's signature under an order by word of mouth; one who says it was put wrongly is none."""
    return next(
        (
            fact
            for fact in history.of(slot, VerbalOrderCosigned)
            if isinstance(fact.event, VerbalOrderCosigned) and fact.event.order.dig == order.dig and fact.event.as_said
        ),
        None,
    )


def order_used(history: History, slot: Slot, act: Occasion) -> Fact | None:
    """The written order that a dose names, else the last one that fits it; None when there is none."""
    named = act.given.order if act.given is not None else None
    if named is None and isinstance(act.fact.event, DoseAuthorised):
        named = act.fact.event.order
    written = [fact for fact in history.personal(slot, OrderSigned, OrderAmended) if fact.at < act.at]
    if named is not None:
        chosen = [fact for fact in written if fact.dig == named.dig]
        if chosen:
            return chosen[-1]
    return next(iter(fitting(history, slot, act)[::-1]), None)


def ranges(history: History, slot: Slot, act: Occasion) -> list[Range]:
    """What the orders in force permit: only the one that the dose names, when that is in force, else each that fits."""
    written = fitting(history, slot, act)
    named = order_used(history, slot, act)
    chosen: Sequence[Fact] = [named] if named in written and named is not None else written
    found = [_range(fact) for fact in chosen] + [_spoken(fact) for fact in verbal(history, slot, act)]
    return [each for each in found if each is not None]


def drug_of(history: History, act: Occasion) -> Drug | None:
    """Which drug a dose was, by its container; None for a container nobody knows, and before it is given."""
    if act.given is None:
        return None
    for fact in history.ledger.recorded(act.given.container):
        match fact.event:
            case OwnMedicationCheckedIn(drug=drug):
                return drug
            case StockReceived(drug=drug):
                return drug
            case _:
                continue
    return None


def _fits(order: Written, route: Route | None, drug: Drug | None, day: str) -> bool:
    return order.route == route and drug in (None, order.drug) and order.valid_from <= day <= order.valid_to


def _range(fact: Fact) -> Range | None:
    event = fact.event
    if not isinstance(event, Written):
        return None
    most = None if event.max_session is None else event.max_session.mg
    return Range(fact, event.dose_min.mg, event.dose_max.mg, event.max_redoses, most, event.redose_after_min)


def _spoken(fact: Fact) -> Range | None:
    event = fact.event
    if not isinstance(event, VerbalOrderReceived) or event.dose_max is None:
        return None
    return Range(fact, None, event.dose_max.mg, None, None, None)
