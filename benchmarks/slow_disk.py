"""
The same appends and the same writers where a sync takes longer, as on most disks that promise to have written.

The disk of a machine for building things answers a sync in a fraction of a millisecond; what two programs cost is then
what their processors do. Here every sync, of the library and of ours alike, is answered no sooner than after so many
milliseconds (`slow_sync.c`, loaded in front of the system's own): the rows say so, and are no figures of this disk.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.appending import one_by_one
from benchmarks.clinic import open_bench
from benchmarks.figure import Figure
from benchmarks.writers import writers

HERE = Path(__file__)
SOURCE = HERE.with_name("slow_sync.c")


@dataclass(frozen=True)
class SlowSync:
    """How long a sync takes at least, and how many writers there are."""

    milliseconds: int
    writers: int = 64


def slow_disk(folder: Path, each: int, rounds: int, slow: Sequence[SlowSync]) -> Iterator[Figure]:
    """One append, and many writers of `each` events, at such syncs; without a C compiler a row that says so."""
    folder.mkdir(parents=True)
    for sync in slow:
        name = f"a sync takes {sync.milliseconds} ms"
        try:
            measured = _measured(folder / str(sync.milliseconds), each, rounds, sync)
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            print(f"NOT MEASURED: {name}: {error}", file=sys.stderr, flush=True)
            yield Figure(f"slow.{sync.milliseconds}", f"{name}: **not measured**, {error}", 0, "ms")
            continue
        for figure in measured:
            key, title = f"slow.{sync.milliseconds}.{figure.key}", f"{name}: {figure.title}"
            yield replace(figure, key=key, title=title, aim="", reached=None)


def _measured(folder: Path, each: int, rounds: int, sync: SlowSync) -> list[Figure]:
    folder.mkdir()
    compiler = shutil.which("cc")
    if compiler is None:
        raise RuntimeError("there is no C compiler here")
    library = folder / "slow_sync.so"
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(SOURCE)], check=True)
    slow = {"LD_PRELOAD": str(library), "SYNC_MICROSECONDS": str(1000 * sync.milliseconds)}
    done = subprocess.run(
        [sys.executable, str(HERE), str(folder), str(each), str(rounds), str(sync.writers)],
        env=os.environ | slow,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"it ended with {done.returncode}: {done.stderr.strip().splitlines()[-1:]}")
    return [Figure(**line) for line in map(json.loads, done.stdout.splitlines())]


def main() -> None:
    """Measure here, where syncs are slow already; a line of JSON for each figure."""
    folder, each, rounds, many = Path(sys.argv[1]), *map(int, sys.argv[2:5])
    bench = open_bench(folder / "ledger")
    measured = [*one_by_one(bench, folder, rounds), *writers(bench, folder, each, 3, (many,))]
    for figure in measured:
        print(json.dumps(asdict(figure)), flush=True)
    bench.store.close()


if __name__ == "__main__":
    main()
