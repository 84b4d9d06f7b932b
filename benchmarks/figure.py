"""A figure: what was measured, beside what, and whether what it aims at is reached."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """
    One figure of one run; `key` is its name for programs and never changes.

    `cpu` is the processor time of the same thing in the same unit, where that was measured.
    `ratio` is this figure over what stands in `beside`; `aim` says what is aimed at, and `reached` whether it is.
    """

    key: str
    title: str
    value: float
    unit: str
    cpu: float | None = None
    beside: str = ""
    ratio: float | None = None
    aim: str = ""
    reached: bool | None = None


def at_most(limit: float, value: float) -> bool:
    """Whether an upper limit is kept."""
    return value <= limit


def at_least(limit: float, value: float) -> bool:
    """Whether a lower limit is reached."""
    return value >= limit
