"""One durable, signed event at a time, beside the disk, SQLite, the plain library and two other logs, in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.beside import PlainLibrary, RawDisk, RawSqlite, rivals
from benchmarks.clinic import Bench
from benchmarks.figure import Figure, at_most
from benchmarks.rounds import Measured, in_turn

AIM = 1.5
"""Of two fsyncs and the plain library's own time."""

TITLES = {
    "disk": "two blocks of 4 KiB, each with fdatasync",
    "sqlite": "one row in SQLite (WAL, FULL)",
    "library": "plain `eventsourcing` on SQLite, `save`",
    "pymerkle": "pymerkle's SQLite tree, `append_entry`; unsigned",
    "hypercore": "hypercore, `append`; signed, does not wait for the disk",
}


def append(bench: Bench, folder: Path, rounds: int, *, npm: bool = True) -> Iterator[Figure]:
    """Latency of one append, each its own."""
    waiting = iter(bench.signed_checks(rounds + 1))
    first = next(iter(bench.signed_checks(1)))
    size = len(first.envelope) + sum(map(len, first.blocks))
    disk, sqlite, library = (
        RawDisk(folder / "raw"),
        RawSqlite(folder / "raw.db", size),
        PlainLibrary(folder / "library.db", size),
    )
    with rivals(folder, size, npm=npm) as (others, missing):
        cases = {
            "disk": disk.append,
            "sqlite": sqlite.append,
            "library": library.append,
            **{name: other.append for name, other in others.items()},
            "ours": lambda: bench.clinic.recorder.record([next(waiting)]),
        }
        took = in_turn(cases, rounds)
    for each in (disk, sqlite, library):
        each.close()
    for name, title in TITLES.items():
        if name in took:
            yield _figure(f"append.{name}", title, took[name])
        else:
            yield Figure(f"append.{name}", f"{title}: **not measured**, {missing[name]}", 0, "ms")
    yield _ours("append.ours", took)
    yield Figure("append.ours.p95", "the same, 95 of 100", 1e3 * took["ours"].wall_p95, "ms")


def one_by_one(bench: Bench, folder: Path, rounds: int) -> Iterator[Figure]:
    """The same with the disk and the plain library alone."""
    waiting = iter(bench.signed_checks(rounds + 1))
    size = sum(map(len, (first := bench.signed_checks(1)[0]).blocks), len(first.envelope))
    disk, library = RawDisk(folder / "raw"), PlainLibrary(folder / "library.db", size)
    cases = {
        "disk": disk.append,
        "library": library.append,
        "ours": lambda: bench.clinic.recorder.record([next(waiting)]),
    }
    took = in_turn(cases, rounds)
    disk.close()
    library.close()
    for name in ("disk", "library"):
        yield _figure(name, TITLES[name], took[name])
    yield _ours("ours", took)


def _ours(key: str, took: Mapping[str, Measured]) -> Figure:
    ratio = took["ours"].wall / (took["disk"].wall + took["library"].wall)
    return Figure(
        key,
        "**ours**: checked, signed for, in the tree, durable, covered by a checkpoint",
        1e3 * took["ours"].wall,
        "ms",
        1e3 * took["ours"].cpu,
        "two fdatasyncs and the plain library",
        ratio,
        f"at most {AIM} x",
        at_most(AIM, ratio),
    )


def _figure(key: str, title: str, took: Measured) -> Figure:
    return Figure(key, title, 1e3 * took.wall, "ms", 1e3 * took.cpu)
