"""What counts as a value of a look at somebody: the device it was read on, the posture and the room air do not."""

from __future__ import annotations

from functools import cache

from ledger.events.base import Event

VALUES = (
    "airway_clear",
    "aldrete",
    "blood_pressure",
    "cadss6",
    "distress",
    "gait_steady",
    "heart_rate",
    "heel_toe_steady",
    "moaas",
    "nausea",
    "orientation",
    "padss",
    "rass",
    "respiratory_rate",
    "spo2",
    "temperature",
)
"""The fields of a check or a discharge assessment of which one is enough to say that somebody was looked at."""


def values_of(event: Event) -> list[object]:
    """The values of one look, those that were not obtained as None."""
    return [getattr(event, name) for name in _values(type(event))]


@cache
def _values(kind: type[Event]) -> tuple[str, ...]:
    return tuple(name for name in VALUES if name in kind.model_fields)
