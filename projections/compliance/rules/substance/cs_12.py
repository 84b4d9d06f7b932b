"""CS-12: who is at the clinic's stock outside the hours in which a place is staffed is flagged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ledger.events.base import Event
from ledger.events.inventory import (
    ContainerOpened,
    CustodyTransferred,
    InventoryCounted,
    StockDispensedToSession,
    StockReturnedFromSession,
)
from projections.compliance.containers import Held, Step
from projections.compliance.finding import Ruling
from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import as_instant, day_and_clock, local
from projections.compliance.rule import ledger_rule

_OF_A_CONTAINER: tuple[type[Event], ...] = (
    ContainerOpened,
    CustodyTransferred,
    StockDispensedToSession,
    StockReturnedFromSession,
)


@dataclass(frozen=True, slots=True)
class _Access:
    """One act at the stock: what it was, where, and when."""

    fact: Fact
    what: str
    place: str
    at: datetime


@ledger_rule(
    id="CS-12",
    version="1",
    title="Who is at the clinic's stock outside the staffed hours is flagged.",
    severity="m",
    mode="F / I",
    source="controls against diversion: 21 CFR 1301.71(a); the hours are ours [D]",
    trigger=(
        "Opening a clinic's container, giving it out to a session, its return, its way to another place, and a count "
        "of a place. One finding per act outside the hours; of acts within them one ruling per container or place."
    ),
    window="From `access_from` to `access_to` by the clock of the place, both included.",
    evidence="The time at which it happened.",
    parameters=("substance.access_from", "substance.access_to"),
    verdicts={
        "met": "every act was within the hours",
        "breached": "an act was outside them",
        "cannot-judge": "no protocol was in effect on that day",
    },
    notes=(
        "The place is where the container was kept until then; of an arrival it is the place where it arrived.",
        "A patient's own medication is no stock.",
        "Hours that begin later in the day than they end go over midnight.",
    ),
)
def cs_12(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each act outside the hours, and one for each container or place that there was none."""
    for held in ledger.containers.all():
        if held.state.world != "own":
            yield from _judged(ledger, held.state.id, list(_of_container(held)))
    for place in ledger.names("location"):
        counts = [_Access(fact, "counted", place, fact.at) for fact in ledger.on(place, InventoryCounted)]
        yield from _judged(ledger, place, counts)


def _of_container(held: Held) -> Iterator[_Access]:
    for step in held.steps:
        if isinstance(step.fact.event, _OF_A_CONTAINER):
            yield _Access(step.fact, _WHAT[step.moved.kind], _where(step), step.fact.at)


_WHAT = {
    "opened": "opened",
    "given-out": "given out to a session",
    "returned": "returned from a session",
    "moved": "handed over for its way",
}


def _where(step: Step) -> str:
    event = step.fact.event
    if isinstance(event, CustodyTransferred):
        return event.from_location if event.arrived_at is None else event.to_location
    return step.moved.before.home


def _judged(ledger: LedgerAt, about: str, accesses: list[_Access]) -> Iterator[Ruling]:
    within: list[_Access] = []
    for access in accesses:
        zone = ledger.zone(access.place or None)
        protocol = ledger.protocol_on(ledger.day(access.place or None, access.at))
        figures = ledger.figures_of(protocol)
        what = f"The stock was {access.what} {day_and_clock(access.at, zone)}"
        if figures is None or protocol is None:
            words = f"{what}; no protocol was in effect on that day."
            positions = (access.fact.position,)
            yield Ruling("", "cannot-judge", words, positions, access.fact.dig, causes=("no-protocol",), about=about)
            continue
        hours = figures.substance
        if _is_within(f"{local(access.at, zone):%H:%M:%S}", f"{hours.access_from}:00", f"{hours.access_to}:00"):
            within.append(access)
            continue
        yield Ruling(
            "",
            "breached",
            f"{what}; the place is staffed from {hours.access_from} to {hours.access_to}.",
            (access.fact.position,),
            anchor=access.fact.dig,
            made_at=as_instant(access.at),
            causes=("outside-hours",),
            about=about,
            protocol=protocol.position,
        )
    if within and len(within) == len(accesses):
        words = f"Every one of {len(within)} acts at the stock was within the staffed hours."
        yield Ruling("", "met", words, tuple(access.fact.position for access in within), about=about)


def _is_within(clock: str, start: str, end: str) -> bool:
    if start <= end:
        return start <= clock <= end
    return clock >= start or clock <= end
