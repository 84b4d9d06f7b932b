"""
Measuring side by side: one call of each case in turn, round after round, so that all meet the same neighbours.

Wall and processor time stand beside each other: the processor time says what the work costs, the wall time also
what the disk and the neighbours cost.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Case: TypeAlias = "Callable[[], object]"
"""One call; if it returns a `Took`, that is what it took, else it is measured from outside."""


@dataclass(frozen=True)
class Took:
    """Seconds on the wall clock and on the processor, all threads together."""

    wall: float
    cpu: float


@dataclass
class Measured:
    """What the calls of one case took, in seconds."""

    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)

    @property
    def wall(self) -> float:
        """The median."""
        return statistics.median(self.walls)

    @property
    def cpu(self) -> float:
        """The median."""
        return statistics.median(self.cpus)

    @property
    def wall_p95(self) -> float:
        """What 95 of 100 do not exceed."""
        return self._of_100(95)

    @property
    def wall_p99(self) -> float:
        """What 99 of 100 do not exceed."""
        return self._of_100(99)

    def _of_100(self, count: int) -> float:
        return sorted(self.walls)[count * (len(self.walls) - 1) // 100]


def in_turn(cases: Mapping[str, Case], rounds: int) -> dict[str, Measured]:
    """Every case `rounds` times, in turn; the first round goes unmeasured, everything is cold in it."""
    measured = {name: Measured() for name in cases}
    for number in range(rounds + 1):
        for name, case in cases.items():
            took = once(case)
            if number:
                measured[name].walls.append(took.wall)
                measured[name].cpus.append(took.cpu)
    return measured


def once(case: Case) -> Took:
    """One call, measured."""
    wall, cpu = time.perf_counter(), time.process_time()
    said = case()
    took = Took(time.perf_counter() - wall, time.process_time() - cpu)
    return said if isinstance(said, Took) else took
