"""
The figures of this machine, as ratios within one run: `make bench`, or `python benchmarks/run.py`.

    python benchmarks/run.py                     everything but the ledger of a million entries; some minutes
    python benchmarks/run.py --only flat --million
    python benchmarks/run.py --only million --million --kept FOLDER
    python benchmarks/report.py                  the table and the charts of README.md from what was measured

What was measured is kept in `benchmarks/figures.json`, each figure with its date and the load of the machine.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.appending import append
from benchmarks.clinic import Bench, open_bench
from benchmarks.dashboards import dashboards, dashboards_kept
from benchmarks.figure import Figure
from benchmarks.filling import fill_fast
from benchmarks.flatness import flatness
from benchmarks.loopback import loopback
from benchmarks.machine import load, machine, now
from benchmarks.reading import judging, rebuild, receipts
from benchmarks.rebuilding import rebuilding
from benchmarks.slow_disk import SlowSync, slow_disk
from benchmarks.verifying import verification
from benchmarks.writers import writers

MILLION = 1_000_000
KEPT = Path(__file__).parent / "figures.json"


@dataclass(frozen=True)
class Effort:
    """How much is measured: `events` in the verified ledger, `rounds` of small things, sizes of growing ledgers."""

    events: int = 20_000
    rounds: int = 200
    each_writer: int = 20
    sizes: Sequence[int] = (10_000, 100_000)
    npm: bool = True
    postgres: bool = True
    slow: Sequence[SlowSync] = (SlowSync(2), SlowSync(5))
    kept: Path | None = None


def parts(folder: Path, effort: Effort) -> dict[str, Callable[[], Iterator[Figure]]]:
    """Every part by its name; each has a ledger of its own."""
    few = max(3, effort.rounds // 40)

    def on_a_short_one(name: str, work: Callable[[Bench], Iterator[Figure]]) -> Iterator[Figure]:
        bench = open_bench(folder / name)
        yield from work(bench)
        bench.store.close()

    def on_a_long_one(name: str, work: Callable[[Bench], Iterator[Figure]]) -> Iterator[Figure]:
        bench = open_bench(folder / name)
        fill_fast(bench, effort.events)
        yield from work(bench)
        bench.store.close()

    def asked(bench: Bench) -> Iterator[Figure]:
        yield from receipts(bench, effort.rounds)
        yield from rebuild(bench)
        yield from judging(bench, few)

    def dashes() -> Iterator[Figure]:
        yield from dashboards(folder / "dash", min(20_000, max(effort.sizes)), effort.rounds)

    def dashes_kept() -> Iterator[Figure]:
        if (size := max(effort.sizes)) >= MILLION:
            yield from dashboards_kept(effort.kept or folder / "kept", size, effort.rounds)

    return {
        "append": lambda: on_a_short_one("append", lambda b: append(b, folder, effort.rounds, npm=effort.npm)),
        "writers": lambda: on_a_short_one("writers", lambda b: writers(b, folder, effort.each_writer, 3)),
        "slow": lambda: slow_disk(folder / "slow", effort.each_writer, effort.rounds, effort.slow),
        "post": lambda: on_a_short_one("post", lambda b: loopback(b, effort.rounds)),
        "verify": lambda: on_a_long_one("verify", lambda b: verification(b, few)),
        "ask": lambda: on_a_long_one("ask", asked),
        "rebuild": lambda: rebuilding(folder / "rebuild", few) if effort.postgres else iter(()),
        "dash": dashes,
        "million": dashes_kept,
        "flat": lambda: flatness(folder / "flat", effort.sizes, max(3, effort.rounds // 10)),
    }


def figures(folder: Path, effort: Effort, only: Sequence[str] = ()) -> Iterator[Figure]:
    """Every figure, part by part."""
    for name, part in parts(folder, effort).items():
        if not only or name in only:
            yield from part()


def keep(measured: Sequence[Figure], path: Path = KEPT) -> None:
    """These figures beside those measured before; a new one replaces the old one of its key."""
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for figure in measured:
        known.pop(figure.key, None)
    at = {"date": now(), "load": round(load(), 1), "machine": machine()}
    known |= {figure.key: asdict(figure) | at for figure in measured}
    path.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def told(figure: Figure) -> str:
    """A line for a terminal."""
    ratio = f"{figure.ratio:6.2f} x {figure.beside}" if figure.ratio is not None else ""
    reached = {True: "reached", False: "NOT REACHED", None: ""}[figure.reached]
    cpu = f"cpu {figure.cpu:9.2f}" if figure.cpu is not None else " " * 13
    return f"{figure.key:22} {figure.value:10.2f} {figure.unit:12} {cpu} {ratio} {figure.aim} {reached}".rstrip()


def main() -> None:
    """Measure, print, keep."""
    options = argparse.ArgumentParser(description=__doc__.strip().partition("\n")[0])
    options.add_argument("--events", type=int, default=Effort.events, help="how long the verified ledger is")
    options.add_argument("--rounds", type=int, default=Effort.rounds, help="how often small things are measured")
    options.add_argument("--only", nargs="+", default=[], help="append writers slow post verify ask dash million flat")
    options.add_argument("--million", action="store_true", help="also a ledger of a million entries (4 GB)")
    options.add_argument("--folder", type=Path, help="on which disk; without it, the temporary one")
    options.add_argument("--kept", type=Path, help="where the ledger of a million entries stays for the next run")
    options.add_argument("--keep", type=Path, default=KEPT, help="where the figures are kept")
    given = options.parse_args()
    sizes = (*Effort.sizes, MILLION) if given.million else Effort.sizes
    effort = Effort(given.events, given.rounds, sizes=sizes, kept=given.kept)
    print(f"{machine()}; load {load():.1f}", flush=True)
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        for name in parts(Path(folder), effort):
            if given.only and name not in given.only:
                continue
            measured = []
            for figure in figures(Path(folder), effort, [name]):
                print(told(figure), flush=True)
                measured.append(figure)
            keep(measured, given.keep)


if __name__ == "__main__":
    main()
