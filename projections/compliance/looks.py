"""What counts as a value of a look at somebody: the device it was read on, the posture and the room air do not."""

from __future__ import annotations

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
