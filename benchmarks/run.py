"""
The figures of this machine, as ratios within one run: `python benchmarks/run.py [--events 2000] [--times 200]`.

It needs the packages of the test group, and about a minute.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.cases import Row, append, judging, rebuild, receipts, verification
from benchmarks.clinic import open_bench
from benchmarks.loopback import loopback


def figures(folder: Path, events: int, times: int) -> Iterator[Row]:
    """Every row, case by case; each case has a ledger of its own, or one that the case before has filled."""
    short = open_bench(folder / "short")
    yield from append(short, times)
    yield from loopback(short, times)
    long = open_bench(folder / "long")
    long.fill(events)
    yield from verification(long)
    yield from receipts(long, times)
    yield from rebuild(long)
    yield from judging(long, times)
    for bench in (short, long):
        bench.store.close()


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.strip().partition("\n")[0])
    options.add_argument("--events", type=int, default=2000, help="how long the verified ledger is")
    options.add_argument("--times", type=int, default=200, help="how often small things are measured")
    options.add_argument("--folder", type=Path, help="on which disk; without it, the temporary one")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        for row in figures(Path(folder), given.events, given.times):
            ratio = f"{row.ratio:6.2f} x {row.beside}" if row.ratio is not None else ""
            print(f"{row.name:44} {row.value:10.2f} {row.unit:13} {ratio}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
