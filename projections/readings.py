"""
What was measured or scored, in one line; and which of it is abnormal.

    BP 142/90, HR 76, SpO2 97 %, MOAA/S 5
    abnormal: BP 142/90 high

An abnormal mark is shown with the value and is no finding: whether anybody did wrong, rules say.
Source: rules, section 0, item 16.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from ledger.events.base import Event
from ledger.events.fields import Gone
from ledger.events.measures import BloodPressure, NotObtained

_WORDS: dict[str, Callable[[Any], str]] = {
    "blood_pressure": lambda v: f"BP {v.systolic}/{v.diastolic}",
    "heart_rate": lambda v: f"HR {v}",
    "spo2": lambda v: f"SpO2 {v} %",
    "respiratory_rate": lambda v: f"RR {v}",
    "temperature": lambda v: f"temperature {v} °C",
    "weight": lambda v: f"weight {v} kg",
    "room_air": lambda v: "on room air" if v else "not on room air",
    "moaas": lambda v: f"MOAA/S {v}",
    "rass": lambda v: f"RASS {v}",
    "cadss6": lambda v: f"CADSS-6 {v}",
    "aldrete": lambda v: f"Aldrete {v}",
    "padss": lambda v: f"PADSS {v}",
    "anxiety": lambda v: f"anxiety {v} of 10",
    "distress": lambda v: f"distress {v} of 10",
    "nausea": lambda v: f"nausea {v} of 3",
    "orientation": lambda v: f"oriented {v} of 4",
    "gait_steady": lambda v: "gait steady" if v else "gait not steady",
    "heel_toe_steady": lambda v: "heel-to-toe steady" if v else "heel-to-toe not steady",
    "tolerates_fluids": lambda v: "keeps fluids down" if v else "does not keep fluids down",
    "airway_clear": lambda v: "airway clear" if v else "airway not clear",
    "posture": str,
    "toileting_accompanied": lambda v: "accompanied to the toilet" if v else "not accompanied to the toilet",
}
"""Each reading by its field, in the order it is said."""

_RANGES: dict[str, tuple[str, str, str]] = {
    "heart_rate": ("HR", "50", "120"),
    "spo2": ("SpO2", "94", "100"),
    "respiratory_rate": ("RR", "10", "24"),
    "temperature": ("temperature", "0", "38"),
}
"""Label, lowest and highest value that is not marked."""


@cache
def _taken(kind: type[Event]) -> tuple[str, ...]:
    """The readings that a type has, in the order they are said."""
    return tuple(name for name in _WORDS if name in kind.model_fields)


def readings(event: Event) -> str:
    """All that was read off, one after another; what was not read says why."""
    values = [(name, getattr(event, name)) for name in _taken(type(event))]
    gone = next((value for _, value in values if isinstance(value, Gone)), None)
    obtained = [_WORDS[name](value) for name, value in values if value is not None and not gone]
    said = [f"values {gone.why}"] if gone else obtained
    missing: tuple[NotObtained, ...] | Gone = getattr(event, "not_obtained", ())
    if isinstance(missing, Gone):
        said.append(f"what was not obtained {missing.why}")
    else:
        said += [f"{each.item} not obtained: {each.reason}" for each in missing]
    return ", ".join(said) or "nothing measured"


def abnormal_marks(event: Event) -> tuple[str, ...]:
    """The values outside the ranges, each with its word; none for values that are gone or were not taken."""
    return (*_pressure_marks(getattr(event, "blood_pressure", None)), *_range_marks(event))


def _pressure_marks(pressure: BloodPressure | Gone | None) -> Iterator[str]:
    if not isinstance(pressure, BloodPressure):
        return
    if pressure.systolic > 140 or pressure.diastolic > 90:
        yield f"BP {pressure.systolic}/{pressure.diastolic} high"
    if pressure.systolic < 90 or pressure.diastolic < 50:
        yield f"BP {pressure.systolic}/{pressure.diastolic} low"


def _range_marks(event: Event) -> Iterator[str]:
    for name, (label, low, high) in _RANGES.items():
        value = getattr(event, name, None)
        if not isinstance(value, int | str):
            continue
        if Decimal(value) < Decimal(low):
            yield f"{label} {value} low"
        elif Decimal(value) > Decimal(high):
            yield f"{label} {value} high"
