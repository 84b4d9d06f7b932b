"""
Numbers that were measured of one partner, whoever looked and whatever the look was called.

Of a value that is gone nobody can say what it was, or whether there was one.
Blood pressures have two numbers: `projections.compliance.pressures`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ledger.events.arrival import PreDoseAssessed
from ledger.events.base import Event
from ledger.events.fields import Gone
from ledger.events.release import DischargeAssessed
from ledger.events.supervision import SupervisionChecked
from ledger.vocabulary import Slot
from projections.compliance.history import History
from projections.compliance.known import Fact

LOOKS: tuple[type[Event], ...] = (PreDoseAssessed, SupervisionChecked, DischargeAssessed)
"""What measures a person's values."""


@dataclass(frozen=True, slots=True)
class Number:
    """One number that was measured; None when it cannot be read any more."""

    fact: Fact
    value: int | None

    @property
    def at(self) -> datetime:
        """When it was measured."""
        return self.fact.at


def numbers(history: History, slot: Slot, name: str) -> list[Number]:
    """Every value of this name, such as `spo2` or `moaas`, in the order they were measured."""
    found: list[Number] = []
    for fact in history.of(slot, *LOOKS):
        value = getattr(fact.event, name, None)
        if isinstance(value, Gone):
            found.append(Number(fact, None))
        elif isinstance(value, int):
            found.append(Number(fact, value))
    return found


def first_after(facts: Sequence[Fact], at: datetime) -> Fact | None:
    """The first of these that happened later than this second."""
    return next((fact for fact in facts if fact.at > at), None)


def first_from(facts: Sequence[Fact], at: datetime) -> Fact | None:
    """The first of these that happened in this second or later."""
    return next((fact for fact in facts if fact.at >= at), None)
