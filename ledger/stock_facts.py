"""
Which facts a container has: its own record's, the counts of its place, and the doses that name it.

A dose of which less went in names the dose, and so the container that one came from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from ledger.encoding import from_instant
from ledger.events import holds, inventory, losses, stock
from ledger.events.base import Event
from ledger.events.dosing import DoseAdministered, DosePrepared
from ledger.events.emergencies import InterventionPerformed
from ledger.events.kept_amounts import AmountsKept, DoseKept
from ledger.reading import PlacedEvent, stream_kind

STOCK_FACTS: tuple[type[Event], ...] = (
    stock.OwnMedicationCheckedIn,
    stock.OwnMedicationCounted,
    stock.OwnMedicationCheckedOut,
    inventory.StockReceived,
    inventory.InventoryCounted,
    inventory.ContainerOpened,
    inventory.UseByAssigned,
    inventory.StockDispensedToSession,
    inventory.StockReturnedFromSession,
    inventory.CustodyTransferred,
    losses.WastageRecorded,
    losses.WastageRecorded2,
    losses.DiscrepancyFound,
    losses.DiscrepancyResolved,
    losses.InventoryDestroyed,
    losses.ReturnedToReverseDistributor,
    losses.RecallNoticeApplied,
    DosePrepared,
    DoseAdministered,
    InterventionPerformed,
    holds.DoseInterrupted,
    holds.DoseInterrupted2,
    holds.DosePartiallyTaken,
    DoseKept,
)
"""The types a balance is worked out from."""

SHORTENED = (holds.DoseInterrupted, holds.DoseInterrupted2, holds.DosePartiallyTaken)
"""Types that name a dose; the second version of one names the container as well, for when there was none."""


def containers_of(placed: PlacedEvent) -> tuple[str, ...]:
    """The containers a fact names itself; a dose taken in part names none, but the dose (`dose_of`)."""
    match event := placed.event:
        case inventory.InventoryCounted():
            return tuple(dict.fromkeys(each.container for each in event.containers))
        case DosePrepared() | DoseAdministered() | DoseKept():
            return (event.container,)
        case holds.DoseInterrupted2():
            return (event.container,) if event.dose is None else ()
        case InterventionPerformed():
            return () if event.container is None else (event.container,)
        case _:
            is_stock = isinstance(event, STOCK_FACTS) and stream_kind(placed.stream) == "stock"
            return (placed.stream,) if is_stock else ()


def dose_of(event: Event) -> str:
    """The digest of the dose of which less went in; empty for every other fact, and where no dose was recorded."""
    return event.dose.dig if isinstance(event, SHORTENED) and event.dose is not None else ""


def by_container(effective: Iterable[PlacedEvent]) -> dict[str, list[PlacedEvent]]:
    """The facts of each container, from effective events in any order; of doses no longer kept what stands for them."""
    counting = list(effective)
    facts = [placed for placed in counting if isinstance(placed.event, STOCK_FACTS)]
    there = {placed.position for placed in facts}
    facts += [dose for placed in counting for dose in doses_kept(placed) if dose.position not in there]
    doses = {placed.dig: placed.event.container for placed in facts if isinstance(placed.event, DoseAdministered)}
    found: dict[str, list[PlacedEvent]] = {}
    for placed in facts:
        shortened = doses.get(dose_of(placed.event))
        for name in containers_of(placed) if shortened is None else (shortened,):
            found.setdefault(name, []).append(placed)
    return found


def doses_kept(placed: PlacedEvent) -> list[PlacedEvent]:
    """The doses that an `amounts-kept` tells of, each where its entry stood; of any other entry none. Nobody signed."""
    event, payload = placed.event, placed.payload
    if not isinstance(event, AmountsKept):
        return []
    return [
        replace(
            placed,
            position=each.position,
            dig=each.dig,
            payload=payload.model_copy(
                update={
                    "attested": (),
                    "stream": f"{event.session}/{each.slot}",
                    "type": "dose-kept",
                    "occurred": payload.occurred.model_copy(update={"at": each.at}),
                }
            ),
            event=DoseKept(container=placed.stream, label=each.label, mg=each.mg, taken=each.taken),
        )
        for each in event.amounts
    ]


def local_day(placed: PlacedEvent) -> str:
    """The date at the place where it happened."""
    occurred = placed.payload.occurred
    try:
        return (from_instant(occurred.at) + timedelta(minutes=occurred.offset)).date().isoformat()
    except OverflowError:
        return occurred.at[:10]
