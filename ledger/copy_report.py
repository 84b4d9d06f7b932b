"""What checking a copy found: how much of it was proven, what it leaves out and why, and what does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.audit_report import Problem


@dataclass(frozen=True, slots=True)
class CopyReport:
    """
    A copy that was checked with nothing but itself and the pinned key.

    `size` is how many entries the signed checkpoint covers under which it was proven; `signed` counts signatures that
    were checked, None where the copy names no keys. `absent` counts sealed parts that are not in it, by why;
    `places` are entries of which it holds the place alone. `doubted` are positions signed by a key that was suspect or
    revoked already, as far as the copy says.
    """

    what: str
    origin: str
    session: str | None
    partner: str | None
    made_for: str
    purpose: str
    size: int
    entries: int
    signed: int | None
    absent: Mapping[str, int]
    places: tuple[int, ...]
    doubted: tuple[int, ...]
    problems: tuple[Problem, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was found against it."""
        return not self.problems
