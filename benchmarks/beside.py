"""What the machine, and what others, can do: the cases ours is measured beside."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate

from benchmarks.rounds import Took

RIVALS = Path(__file__).parent / "rivals"
HYPERCORE = "hypercore@11.36.1"
"""The newest release whose own dependencies the npm registry had when this was written."""


class RawDisk:
    """Two blocks of 4 KiB, each followed by fdatasync: the least that an answer and its head store can cost."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=0)

    def append(self) -> None:
        for _ in range(2):
            self._file.write(bytes(4096))
            os.fdatasync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


class RawSqlite:
    """One row in a transaction of its own, with the settings of the ledger and nothing else."""

    def __init__(self, path: Path, size: int) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("CREATE TABLE event (position INTEGER PRIMARY KEY, said BLOB NOT NULL)")
        self._said = os.urandom(size)

    def append(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("INSERT INTO event (said) VALUES (?)", (self._said,))
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


class Looked(Aggregate):
    """The plain library's aggregate, with events that carry as much text as ours."""

    class Seen(Aggregate.Event):
        said: str

    def look(self, said: str) -> None:
        self.trigger_event(self.Seen, said=said)


class PlainLibrary:
    """The `eventsourcing` library as its documentation shows it, on SQLite; durable, unsigned, in no tree."""

    def __init__(self, path: Path, size: int) -> None:
        self._application: Application = Application(
            env={
                "PERSISTENCE_MODULE": "eventsourcing.sqlite",
                "SQLITE_DBNAME": str(path),
                "SQLITE_LOCK_TIMEOUT": "60",
                "SQLITE_POOL_TIMEOUT": "60",
            }
        )
        with closing(sqlite3.connect(path)) as looking:
            (mode,) = looking.execute("PRAGMA journal_mode").fetchone()
            assert mode == "wal", mode
        self._said = "x" * size
        self._looked = self.aggregate()

    def aggregate(self) -> Looked:
        """One more record, which one thread alone writes."""
        looked = Looked()
        self._application.save(looked)
        return looked

    def append(self, looked: Looked | None = None) -> None:
        looked = looked or self._looked
        looked.look(self._said)
        self._application.save(looked)

    def close(self) -> None:
        self._application.close()


class OtherProgram:
    """A rival in a process of its own, that measures each of its appends itself and says so on a line."""

    def __init__(self, command: list[str], folder: Path, size: int) -> None:
        self._process = subprocess.Popen(
            [*command, str(folder), str(size)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder
        )
        self._said()

    def append(self) -> Took:
        assert self._process.stdin is not None
        self._process.stdin.write("append\n")
        self._process.stdin.flush()
        return self._said()

    def _said(self) -> Took:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"it ended with {self._process.wait()}")
        said = json.loads(line)
        return Took(said["wall"], said["cpu"])

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


@contextmanager
def rivals(folder: Path, size: int, *, npm: bool = True) -> Iterator[tuple[dict[str, OtherProgram], dict[str, str]]]:
    """The other programs that are there, and in words why one is not."""
    found: dict[str, OtherProgram] = {}
    missing: dict[str, str] = {}
    for name, command in (("pymerkle", _pymerkle), ("hypercore", _hypercore)):
        place = folder / name
        place.mkdir()
        try:
            if name == "hypercore" and not npm:
                raise RuntimeError("left out")
            found[name] = OtherProgram(command(place), place, size)
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            missing[name] = str(error)
            print(f"NOT MEASURED: {name}: {error}", file=sys.stderr, flush=True)
    try:
        yield found, missing
    finally:
        for each in found.values():
            each.close()


def _pymerkle(place: Path) -> list[str]:
    command = [sys.executable, str(RIVALS / "pymerkle_tree.py")]
    if subprocess.run(
        [sys.executable, "-c", "import pymerkle"], capture_output=True, check=False, cwd=place
    ).returncode:
        raise RuntimeError("pymerkle is not installed: make bench installs it")
    return command


def _hypercore(place: Path) -> list[str]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise RuntimeError("there is no node and npm here")
    shutil.copy(RIVALS / "hypercore.mjs", place / "hypercore.mjs")
    (place / "package.json").write_text('{"name": "rival", "private": true}')
    done = subprocess.run(
        [npm, "install", HYPERCORE, "--no-audit", "--no-fund"], cwd=place, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"npm install {HYPERCORE} failed: {done.stderr.strip().splitlines()[-1:]}")
    return [node, "hypercore.mjs"]
