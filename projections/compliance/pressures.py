"""Blood pressures of one partner, from whichever entry they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger.events.arrival import PreDoseAssessed
from ledger.events.fields import Gone
from ledger.events.measures import BloodPressure
from ledger.events.release import DischargeAssessed
from ledger.events.supervision import SupervisionChecked
from ledger.vocabulary import Slot
from projections.compliance.history import History
from projections.compliance.known import Fact


@dataclass(frozen=True, slots=True)
class Reading:
    """One blood pressure in mm[Hg], both numbers obtained; or one that cannot be read any more."""

    fact: Fact
    pressure: BloodPressure | Gone

    @property
    def at(self) -> datetime:
        """When it was taken."""
        return self.fact.at

    @property
    def words(self) -> str:
        """`142/91`."""
        if isinstance(self.pressure, Gone):
            return "a reading"
        return f"{self.pressure.systolic}/{self.pressure.diastolic}"


def readings(history: History, slot: Slot) -> list[Reading]:
    """Every blood pressure of one partner in this session, by time."""
    found: list[Reading] = []
    for fact in history.of(slot, PreDoseAssessed, SupervisionChecked, DischargeAssessed):
        match fact.event:
            case (
                PreDoseAssessed(blood_pressure=pressure)
                | SupervisionChecked(blood_pressure=pressure)
                | DischargeAssessed(blood_pressure=pressure)
            ) if pressure is not None:
                found.append(Reading(fact, pressure))
            case _:
                continue
    return found


def near_to(value: int, before: int, percent: int) -> bool:
    """Whether a number is at most so many percent above or below another, exactly; both ends included."""
    return abs(value - before) * 100 <= before * percent
