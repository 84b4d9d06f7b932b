"""
Marks: what is to be known about an entry beside what it says: that it was voided, or by which key it was signed.

    Mark("voided", "voided by RN1 at 11:05 because it was entered in error; confirmed by MD1", (88, 91))

A row keeps its own words; a mark never changes them.
Whoever knows something about entries gives a `Marker`, and the timeline asks each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from projections.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Mark:
    """
    A stable code, its words for people, and the positions of what made it so.

    `audience` is who may read it of those who may read the row: `staff`, or one partner and staff.
    Words hold identifiers of staff, which become codes when somebody asks.
    """

    code: str
    words: str
    positions: tuple[int, ...] = ()
    audience: Literal["all", "staff", "a", "b"] = "all"


Marker: TypeAlias = Callable[[Snapshot, str], Mapping[int, Sequence[Mark]]]
"""The marks of a session's rows by their position, as of a snapshot of the timeline."""


def collected(markers: Iterable[Marker], seen: Snapshot, session: str) -> dict[int, tuple[Mark, ...]]:
    """What all markers say about the rows of a session, in the order of the markers."""
    found: dict[int, tuple[Mark, ...]] = {}
    for marker in markers:
        for position, marks in marker(seen, session).items():
            found[position] = (*found.get(position, ()), *marks)
    return found
