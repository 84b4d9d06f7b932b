"""
Ways of a container from one place to another: what was said when it left, and when it arrived.

A way may be told by one entry with both times, or by two: one at the departure and one at the arrival.
Two people who write down one departure may differ by a minute: an arrival belongs to the departure of the same
time, else to the only one between these places that has not arrived.
Source: the exact rules, CS-11; `ledger.whereabouts` works out the balances by the same choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ledger.events.inventory import CustodyTransferred
from projections.compliance.known import Fact
from projections.compliance.moments import to_second


@dataclass(frozen=True, slots=True)
class Leg:
    """One way; `arrived_at` is null while it is under way, `told` are its entries in the order of their times."""

    origin: str
    goal: str
    departed_at: datetime
    arrived_at: datetime | None
    told: tuple[Fact, ...]

    @property
    def dig(self) -> str:
        """The digest of the entry that told of it first in the log."""
        return min(self.told, key=lambda fact: fact.position).dig

    @property
    def positions(self) -> tuple[int, ...]:
        """Where its entries stand."""
        return tuple(fact.position for fact in self.told)


def legs_of(facts: Iterable[Fact]) -> list[Leg]:
    """The ways of one container by their departure, from its facts in the order of their times."""
    legs: list[Leg] = []
    for fact in facts:
        event = fact.event
        if isinstance(event, CustodyTransferred):
            new = _of(fact, event)
            other = _other_half(legs, new)
            if other is not None:
                legs.remove(other)
                new = _joined(other, new)
            legs.append(new)
    return sorted(legs, key=lambda leg: (leg.departed_at, leg.positions))


def _of(fact: Fact, event: CustodyTransferred) -> Leg:
    arrived_at = None if event.arrived_at is None else to_second(event.arrived_at)
    return Leg(event.from_location, event.to_location, to_second(event.departed_at), arrived_at, (fact,))


def _other_half(legs: list[Leg], new: Leg) -> Leg | None:
    """The departure whose arrival this is, or the other way round; None when there is none, or a choice."""
    free = [
        leg
        for leg in legs
        if (leg.origin, leg.goal) == (new.origin, new.goal)
        and (leg.arrived_at is None) != (new.arrived_at is None)
        and len(leg.told) == len(new.told)
    ]
    exact = [leg for leg in free if leg.departed_at == new.departed_at]
    if exact:
        return exact[0]
    arrival = new.arrived_at
    before = [] if arrival is None else [leg for leg in free if leg.departed_at <= arrival]
    return before[0] if len(before) == 1 else None


def _joined(one: Leg, other: Leg) -> Leg:
    left = one if one.arrived_at is None else other
    arrived_at = one.arrived_at or other.arrived_at
    told = sorted((*one.told, *other.told), key=lambda fact: (fact.at, fact.position))
    return Leg(left.origin, left.goal, left.departed_at, arrived_at, tuple(told))
