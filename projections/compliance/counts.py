"""
Counts of containers against their balance: by how much they differ, and how much is allowed.

    419.5 mg counted, 425 expected: 5.5 missing, 5 allowed

How much is allowed, the protocol says that was in effect on the day of the count.
Source: the exact rules, CS-01.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from ledger.container import ZERO, Container, tolerance
from ledger.events.parameters import SubstanceFigures
from ledger.stock_facts import local_day
from projections.compliance.containers import Held, Step
from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import day_and_clock
from projections.said import exact


@dataclass(frozen=True, slots=True)
class Count:
    """One count: what was found, what should have been there, and how far both may be apart; in mg."""

    step: Step
    counted: Fraction
    expected: Fraction
    allowed: Fraction
    protocol: Fact

    @property
    def at(self) -> datetime:
        """When it was made."""
        return self.step.fact.at

    @property
    def difference(self) -> Fraction:
        """Counted less expected: below zero something is missing."""
        return self.counted - self.expected

    @property
    def is_beyond(self) -> bool:
        """Whether they are further apart than is allowed; at the limit itself they are not."""
        return abs(self.difference) > self.allowed

    def told(self) -> str:
        """It in words, with the numbers that were compared."""
        words = f"{exact(self.counted)} mg counted, {exact(self.expected)} mg expected"
        if self.difference:
            words += f", {exact(abs(self.difference))} mg {'missing' if self.difference < 0 else 'too many'}"
        return f"{words}; at most {exact(self.allowed)} mg apart are allowed"

    def when(self) -> str:
        """Its day and time where it was made."""
        return day_and_clock(self.at, zone_of(self.step))


def zone_of(step: Step) -> ZoneInfo:
    """The time zone of the place where something was done, as its entry says."""
    return ZoneInfo(step.moved.placed.payload.occurred.zone)


def figures_on(ledger: LedgerAt, step: Step) -> tuple[Fact, SubstanceFigures] | None:
    """The protocol in effect on the day of a fact, with its figures; None when there was none."""
    protocol = ledger.protocol_on(local_day(step.moved.placed))
    figures = ledger.figures_of(protocol)
    return None if protocol is None or figures is None else (protocol, figures.substance)


def allowed_for(state: Container, figures: SubstanceFigures) -> Fraction:
    """How far a count of a container in this state may be from its balance, in mg."""
    return tolerance(
        state,
        ml_per_vial=Fraction(figures.tolerance_ml_per_vial),
        percent=Fraction(figures.tolerance_percent),
        own_units=Fraction(figures.tolerance_own_units),
    )


def counts_of(ledger: LedgerAt, held: Held) -> tuple[list[Count], list[Step]]:
    """Every count of a container, in the order made; and those of a day on which no protocol was in effect."""
    found, unjudged = [], []
    for step in held.counts():
        figures = figures_on(ledger, step)
        if figures is None or step.moved.mg is None or step.moved.expected is None:
            unjudged.append(step)
        else:
            protocol, substance = figures
            allowed = allowed_for(step.moved.before, substance)
            found.append(Count(step, step.moved.mg, step.moved.expected, allowed, protocol))
    return found, unjudged


def newly_beyond(counts: Sequence[Count]) -> list[Count]:
    """
    The counts with which a discrepancy began, in order.

    A count that finds the same difference again, as far as counts are exact, is of the same discrepancy.
    """
    found: list[Count] = []
    carried = ZERO
    for count in counts:
        if not count.is_beyond:
            carried = ZERO
        elif abs(count.difference - carried) > count.allowed:
            found.append(count)
            carried = count.difference
    return found
