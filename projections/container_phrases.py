"""
What happened to a container, as a plain sentence.

    410 mg counted, 425 mg expected: 15 mg less than there should be

A clinic's container is nobody's: these sentences are for staff.
Whose a participant's own medication is, the signature of the participant says.
"""

from __future__ import annotations

from ledger.events import inventory, kept_amounts, losses
from ledger.events.base import Event
from ledger.events.measures import Difference
from ledger.reading import PlacedEvent
from projections.said import listed, local_clock


def container_phrase(placed: PlacedEvent) -> str | None:
    """The sentence for an event on a container's record; None for a type it has no words for."""
    event = placed.event
    match event:
        case inventory.StockReceived():
            return (
                f"received from {event.supplier}: {event.amount.value} mg {event.product} {event.form},"
                f" lot {event.lot}, good until {event.expires}, invoice {event.invoice}"
            )
        case inventory.ContainerOpened():
            return "container opened" + (f", to be used by {event.use_by}" if event.use_by else "")
        case inventory.UseByAssigned():
            return f"to be used by {event.use_by} ({event.basis})"
        case inventory.StockDispensedToSession():
            return f"{event.amount.value} mg given out to {event.to} for a session, seals {listed(event.seals)}"
        case inventory.StockReturnedFromSession():
            return f"{event.amount.value} mg given back to {event.to} after a session"
        case inventory.CustodyTransferred():
            departed = local_clock(event.departed_at, placed.payload.occurred)
            arrived = local_clock(event.arrived_at, placed.payload.occurred) if event.arrived_at else "under way"
            return (
                f"{event.amount.value} mg taken to another place, left {departed}, arrived {arrived},"
                f" seals {listed(event.seals)}"
            )
        case kept_amounts.AmountsKept():
            doses = "1 dose" if len(event.amounts) == 1 else f"{len(event.amounts)} doses"
            return f"what {doses} of a session took out stays on record; the session itself is no longer kept"
        case _:
            return _loss(event)


def _loss(event: Event) -> str | None:
    match event:
        case losses.WastageRecorded() | losses.WastageRecorded2():
            label = f" of {event.label}" if event.label else ""
            return f"{event.mass.value} mg{label} wasted, {event.reason}, {event.method}"
        case losses.DiscrepancyFound():
            return f"{event.counted.value} mg counted, {event.expected.value} mg expected: {_by(event.difference)}"
        case losses.DiscrepancyInvestigated():
            return f"discrepancy looked into: {event.suspicion}, cause: {event.cause or 'not found'}"
        case losses.DiscrepancyResolved():
            return f"discrepancy closed: {event.outcome}, {event.balance.value} mg from now on"
        case losses.LossReportedToDea():
            number = event.reference or "none"
            return f"loss of {event.mass.value} mg reported to the DEA, {event.channel}, number {number}"
        case losses.Form106Filed():
            return f"Form 106 filed for {event.mass.value} mg, number {event.reference or 'none'}"
        case losses.InventoryDestroyed():
            return f"{event.amount.value} mg destroyed, {event.method}, form {event.form}"
        case losses.ReturnedToReverseDistributor():
            return f"{event.amount.value} mg given to {event.distributor} to be destroyed, form {event.form}"
        case losses.RecallNoticeApplied():
            return f"lot {event.lot} recalled by {event.source} ({event.notice}), {event.action}"
        case _:
            return None


def _by(difference: Difference) -> str:
    missing = difference.value.startswith("-")
    return f"{difference.value.removeprefix('-')} mg {'less' if missing else 'more'} than there should be"
