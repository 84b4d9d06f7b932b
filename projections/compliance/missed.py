"""What a count of a whole place did not name, although it should have been there. Source: the exact rules, CS-01."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import islice

from projections.compliance.containers import Held
from projections.compliance.counts import allowed_for
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import day_and_clock
from projections.compliance.place_counts import (
    PlaceCount,
    Presence,
    at_the_time,
    clinic_containers,
    counts_of_place,
    presences,
)


@dataclass(frozen=True, slots=True)
class Missed:
    """The first whole count of a place that left containers out, with what should have been in each."""

    location: str
    count: PlaceCount
    containers: tuple[tuple[Held, Fraction], ...]
    evidence: tuple[int, ...]
    protocol: int
    when: str

    @property
    def at(self) -> datetime:
        """When it was finished."""
        return self.count.at


def missed(ledger: LedgerAt) -> Iterator[Missed]:
    """For each place the first whole count that left out what should have been there."""
    stock = clinic_containers(ledger)
    for location in ledger.names("location") if stock else ():
        there = [(held, found) for held in stock if (found := list(presences(held, location)))]
        left_out = (_by(ledger, count, there) for count in counts_of_place(ledger, location) if there)
        yield from islice((each for each in left_out if each is not None), 1)


def _by(ledger: LedgerAt, count: PlaceCount, stock: list[tuple[Held, list[Presence]]]) -> Missed | None:
    protocol = ledger.protocol_on(ledger.day(count.location, count.at))
    figures = ledger.figures_of(protocol)
    if not count.is_whole or protocol is None or figures is None:
        return None
    left_out: list[tuple[Held, Fraction]] = []
    evidence = list(count.positions)
    for held, presence in stock:
        there = None if held.state.id in count.containers else at_the_time(presence, count.at)
        if there is not None and there.mg > allowed_for(there.state, figures.substance):
            left_out.append((held, there.mg))
            evidence.append(there.position)
    when = day_and_clock(count.at, ledger.zone(count.location))
    evidence.sort()
    return (
        Missed(count.location, count, tuple(left_out), tuple(evidence), protocol.position, when) if left_out else None
    )
