"""
Counts of places: the entries of one count put together, and what a count of a whole place did not name.

More than 32 containers go into several entries; they are one count when kind, flag, day and number of parts agree.
A count of a place is whole unless it looks at some containers alone: a spot check, or one after a discrepancy.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from ledger.container import ZERO, Container
from ledger.events.inventory import InventoryCounted
from projections.compliance.containers import Held
from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt

OF_SOME = ("spot", "after-discrepancy")
"""Kinds of counts that look at some containers alone."""


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """One count of a place, in as many entries as it took; it counts from the last of them."""

    location: str
    entries: tuple[Fact, ...]
    kind: str
    business: str
    is_complete: bool
    """Whether all its parts are there."""
    containers: frozenset[str]
    """What it names."""

    @property
    def at(self) -> datetime:
        """When it was finished."""
        return self.entries[-1].at

    @property
    def is_whole(self) -> bool:
        """Whether it says what the place holds in all."""
        return self.is_complete and self.kind not in OF_SOME

    @property
    def positions(self) -> tuple[int, ...]:
        """Where its entries stand."""
        return tuple(fact.position for fact in self.entries)


def counts_of_place(ledger: LedgerAt, location: str) -> list[PlaceCount]:
    """Every count of a place, by the time it was finished."""
    parts: defaultdict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in ledger.on(location, InventoryCounted):
        event = fact.event
        if isinstance(event, InventoryCounted):
            alone = fact.position if event.parts == 1 else None
            parts[event.kind, event.business, event.parts, ledger.day(location, fact.at), alone].append(fact)
    found = [_put_together(location, facts) for facts in parts.values()]
    return sorted(found, key=lambda count: (count.at, count.positions))


def _put_together(location: str, facts: Sequence[Fact]) -> PlaceCount:
    events = [fact.event for fact in facts if isinstance(fact.event, InventoryCounted)]
    numbers = {event.part for event in events}
    complete = numbers == set(range(1, events[0].parts + 1))
    named = frozenset(each.container for event in events for each in event.containers)
    return PlaceCount(location, tuple(facts), events[0].kind, events[0].business, complete, named)


@dataclass(frozen=True, slots=True)
class Presence:
    """How much of a container was at a place from a moment on, until the next of these."""

    at: datetime
    position: int
    state: Container
    mg: Fraction


def presences(held: Held, location: str) -> Iterator[Presence]:
    """Every moment at which the amount of a clinic's container at a place changed, in order."""
    there = ZERO
    for step in held.steps:
        state = step.moved.after
        now = state.places.get(location, ZERO) if state.world == "clinic" else ZERO
        if now != there:
            there = now
            yield Presence(step.fact.at, step.fact.position, state, now)


def at_the_time(there: Sequence[Presence], at: datetime) -> Presence | None:
    """Of the presences at a place that at a moment; None if the container had never been there by then."""
    count = bisect_right(there, at, key=lambda each: each.at)
    return there[count - 1] if count else None


def clinic_containers(ledger: LedgerAt) -> list[Held]:
    """Every container of the clinics' own stock."""
    return [held for held in ledger.containers.all() if held.state.world == "clinic"]
