"""
Orders: which of them were in force when a dose was given.

An amended order ends the one it replaces, from when it was signed; a discontinued one ends.
An order by word of mouth stands in the session until a prescriber has signed it, or the time for that is over.
Source: the exact rules, ORD-01 and ORD-02.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from ledger.events.calls import VerbalOrderCosigned, VerbalOrderReceived
from ledger.events.dosing import DoseAdministered, DoseAuthorised
from ledger.events.eligibility import OrderSigned
from ledger.events.inventory import StockReceived
from ledger.events.orders import OrderAmended, OrderDiscontinued
from ledger.events.stock import OwnMedicationCheckedIn
from ledger.vocabulary import DoseForm, Drug, Route, Slot
from projections.compliance.history import History
from projections.compliance.known import Fact, last
from projections.compliance.occasions import Occasion

Written: TypeAlias = OrderSigned | OrderAmended
"""An order with all that it says."""

Product: TypeAlias = OwnMedicationCheckedIn | StockReceived
"""What tells of a container which drug it holds, in which form and strength."""


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
    named = named_by(act)
    written = [fact for fact in history.personal(slot, OrderSigned, OrderAmended) if fact.at < act.at]
    chosen = [fact for fact in written if fact.dig == named]
    return last(chosen or fitting(history, slot, act))


def named_by(act: Occasion) -> str | None:
    """The digest of the order that a dose, or its authorisation, names; None when it names none."""
    named = act.fact.event.order if isinstance(act.fact.event, DoseAdministered | DoseAuthorised) else None
    return None if named is None else named.dig


def ranges(history: History, slot: Slot, act: Occasion) -> list[Range]:
    """What the orders in force permit: only the one that the dose names, when that is in force, else each that fits."""
    written = fitting(history, slot, act)
    named = named_by(act)
    chosen = [fact for fact in written if fact.dig == named] or written
    found = [_range(fact) for fact in chosen] + [_spoken(fact) for fact in verbal(history, slot, act)]
    return [each for each in found if each is not None]


def form_of(history: History, dose: DoseAdministered) -> DoseForm | None:
    """In which form the drug of a dose was kept, by its container; None for a container nobody knows."""
    came = product_of(history, dose.container)
    return None if came is None else _product(came).form


def product_of(history: History, container: str) -> Fact | None:
    """How a container came in: handed in by its owner or received from a supplier; None if nobody recorded it."""
    return next((fact for fact in history.ledger.recorded(container) if isinstance(fact.event, Product)), None)


def _product(came: Fact) -> Product:
    if not isinstance(came.event, Product):
        raise TypeError(f"{came.event.type} brings no product")
    return came.event


def drug_of(history: History, act: Occasion) -> Drug | None:
    """Which drug a dose was, by its container; None for a container nobody knows, and before it is given."""
    if act.given is None:
        return None
    came = product_of(history, act.given.container)
    return None if came is None else _product(came).drug


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
