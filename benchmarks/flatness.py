"""
Does it stay as quick as the ledger grows? Ledgers of several sizes side by side, asked the same in turn.

What counts is the processor time of one operation and how often it reads from a file; the disk itself meets everybody.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.clinic import NURSE, Bench, open_bench
from benchmarks.figure import Figure, at_most
from benchmarks.filling import PER_SESSION, fill_fast
from benchmarks.reading import read_session
from tests.ledger.clinic import check

AIM = 1.2
"""Times the smallest ledger's."""

BATCH = 10
"""Operations measured together: one alone is too short for the clock of the processor."""

WHAT = {
    "append": "one durable signed append",
    "receipt": "a receipt made",
    "session": f"a session of {PER_SESSION} read",
}


@dataclass
class _Sized:
    """A ledger of one size with sessions to ask for, and what each operation took."""

    bench: Bench
    size: int
    sessions: Sequence[str]
    chance: random.Random
    cpus: dict[str, list[float]] = field(default_factory=dict)
    walls: dict[str, list[float]] = field(default_factory=dict)
    reads: dict[str, list[float]] = field(default_factory=dict)


def flatness(folder: Path, sizes: Sequence[int], rounds: int) -> Iterator[Figure]:
    """Append, receipt and session read at each size, beside the smallest."""
    ledgers = [_filled(folder / str(size), size) for size in sizes]
    for number in range(rounds + 1):
        for sized in ledgers:
            for name, work in _works(sized).items():
                _measure(sized, name, work, keep=number > 0)
    for name in WHAT:
        for sized in ledgers:
            yield _figure(name, sized, ledgers[0])
    for sized in ledgers:
        sized.bench.store.close()


def _filled(root: Path, size: int) -> _Sized:
    began = time.perf_counter()
    bench = open_bench(root)
    sessions = fill_fast(bench, size)
    print(f"filled {size} entries in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return _Sized(bench, size, sessions[:-1] or sessions, random.Random(size))


def _works(sized: _Sized) -> dict[str, Callable[[], object]]:
    """Ten of each operation, prepared outside of what is measured; today's sessions are eight that go on."""
    bench, chance = sized.bench, sized.chance
    waiting = []
    for number in range(BATCH):
        stream = f"{sized.sessions[-1 - number % 8 % len(sized.sessions)]}/{'ab'[number % 2]}"
        waiting.append(bench.clinic.submission(check(), stream, [NURSE]))
        bench.clinic.clock.forward(seconds=1)
    places = [chance.randrange(sized.size) for _ in range(BATCH)]
    asked = [chance.choice(sized.sessions[: -8 or None] or sized.sessions) for _ in range(BATCH)]
    return {
        "append": lambda: [bench.clinic.recorder.record([each]) for each in waiting],
        "receipt": lambda: [bench.clinic.recorder.receipt(place) for place in places],
        "session": lambda: [read_session(bench, session) for session in asked],
    }


def _measure(sized: _Sized, name: str, work: Callable[[], object], *, keep: bool) -> None:
    reads, wall, cpu = _file_reads(), time.perf_counter(), time.process_time()
    work()
    took = {"cpus": time.process_time() - cpu, "walls": time.perf_counter() - wall, "reads": _file_reads() - reads}
    if keep:
        for kind, value in took.items():
            getattr(sized, kind).setdefault(name, []).append(value / BATCH)


def _file_reads() -> int:
    """How often this process has asked a file for bytes; 0 where the system does not say."""
    try:
        lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return int(dict(line.split(": ") for line in lines)["syscr"])


def _figure(name: str, sized: _Sized, smallest: _Sized) -> Figure:
    cpu, wall = statistics.median(sized.cpus[name]), statistics.median(sized.walls[name])
    reads = statistics.median(sized.reads[name])
    ratio = cpu / statistics.median(smallest.cpus[name])
    is_larger = sized is not smallest
    return Figure(
        f"flat.{name}.{sized.size}",
        f"{WHAT[name]}, among {_thousands(sized.size)} entries ({reads:.0f} reads of a file)",
        1e3 * wall,
        "ms",
        1e3 * cpu,
        f"its processor time among {_thousands(smallest.size)}" if is_larger else "",
        ratio if is_larger else None,
        f"at most {AIM} x" if is_larger else "",
        at_most(AIM, ratio) if is_larger else None,
    )


def _thousands(size: int) -> str:
    return f"{size:,}".replace(",", " ")
