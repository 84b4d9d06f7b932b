"""
Groups too small to be shown: an answer about many must not tell of one.

A group of fewer than `SMALLEST` is hidden, and so is the next smallest where what is hidden could be reckoned from
what is shown. An aggregate takes no filter by session, couple or participant, and its rows name nobody.
The number is ours [D]; Oregon's rules ask that aggregates prevent identification without naming one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

T = TypeVar("T")

SMALLEST: Final = 5
"""How many there have to be for a group to be shown."""

WHERE: Final = ("from", "to", "location")
"""The filters of an answer about many: none that narrows it to one session or person."""


NOTE: Final = f"Groups of fewer than {SMALLEST}, and those by which such a one could be reckoned, are not shown."
"""What every answer about many says, also when nothing is hidden: that something is would tell of somebody."""


def enough(items: Sequence[T]) -> bool:
    """Whether there are so many that a count of something among them tells of nobody."""
    return len(items) >= SMALLEST


def large_enough(groups: Mapping[str, Sequence[T]]) -> dict[str, Sequence[T]]:
    """The groups that may be shown, in their order; one with nobody in it is none."""
    filled = {name: items for name, items in groups.items() if items}
    by_size = sorted(filled, key=lambda name: len(filled[name]))
    hidden = [name for name in by_size if len(filled[name]) < SMALLEST]
    shown = by_size[len(hidden) :]
    while hidden and shown and sum(len(filled[name]) for name in hidden) < SMALLEST:
        hidden.append(shown.pop(0))
    return {name: items for name, items in filled.items() if name in shown}
