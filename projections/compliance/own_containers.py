"""
Patients' own containers: what came out of them in a session, and what booked one as the clinic's stock.

A container is somebody's own when the entry with which it first came says so.
Source: the exact rules, CS-08.
"""

from __future__ import annotations

from ledger.container import slot_of_signer
from ledger.events.base import Event
from ledger.events.dosing import DoseAdministered
from ledger.events.emergencies import InterventionPerformed
from ledger.events.holds import DoseInterrupted2
from ledger.events.inventory import InventoryCounted
from ledger.events.stock import OwnMedicationCheckedIn
from ledger.impossible import CLINIC_ONLY
from ledger.vocabulary import Slot
from projections.compliance.finding import Whose
from projections.compliance.history import History
from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.orders_in_force import product_of

USES: tuple[type[Event], ...] = (DoseAdministered, DoseInterrupted2, InterventionPerformed)
"""What takes something out of a container for a person."""

_ON_ITS_RECORD = tuple(kind for kind in CLINIC_ONLY if kind is not InventoryCounted)


def used(history: History, slot: Slot) -> list[tuple[Fact, Fact]]:
    """What one partner got out of somebody's own container, with how that came in; by time."""
    found = [(fact, container) for fact in history.of(slot, *USES) if (container := _container(fact)) is not None]
    came = [(fact, product_of(history, container)) for fact, container in found]
    return [(fact, own) for fact, own in came if own is not None and isinstance(own.event, OwnMedicationCheckedIn)]


def booked_as_stock(history: History) -> list[tuple[Whose, Fact, Fact]]:
    """
    What booked an own container of this session as the clinic's, with whose it is and how it came in.

    Of a container that was handed in for several sessions it belongs to the one before.
    """
    ledger, found = history.ledger, []
    for container in list(ledger.known.stock.named_in.get(history.session, ())):
        first = product_of(history, container)
        if first is None or not isinstance(first.event, OwnMedicationCheckedIn):
            continue
        came = ledger.on(container, OwnMedicationCheckedIn)
        for movement in _bookings(ledger, container):
            before = [fact for fact in came if fact.at <= movement.at] or came[:1]
            event = before[-1].event if before else None
            if isinstance(event, OwnMedicationCheckedIn) and event.session == history.session:
                found.append((_whose(history, before[-1]), movement, before[-1]))
    return found


def _bookings(ledger: LedgerAt, container: str) -> list[Fact]:
    """Everything that only a clinic's container may have, by time."""
    about = list(ledger.known.stock.about.get(container, {}).values())
    places = dict.fromkeys(placed.stream for placed in about if isinstance(placed.event, InventoryCounted))
    counts = [fact for place in places for fact in ledger.on(place, InventoryCounted) if _names(fact, container)]
    return sorted([*ledger.on(container, *_ON_ITS_RECORD), *counts], key=lambda fact: (fact.at, fact.position))


def _names(fact: Fact, container: str) -> bool:
    event = fact.event
    return isinstance(event, InventoryCounted) and any(each.container == container for each in event.containers)


def _whose(history: History, came: Fact) -> Whose:
    """The slot that signed when it was handed in; empty when none did."""
    entry = history.ledger.entry(came.stream, came.dig)
    slot = "" if entry is None else slot_of_signer(entry)
    return "a" if slot == "a" else "b" if slot == "b" else ""


def _container(fact: Fact) -> str | None:
    match fact.event:
        case DoseAdministered(container=container) | InterventionPerformed(container=container):
            return container
        case DoseInterrupted2(dose=None, container=container):
            return container
        case _:
            return None
