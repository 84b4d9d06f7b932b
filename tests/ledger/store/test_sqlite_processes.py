"""Several processes at one file, and a process that dies in the middle of appending."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ledger.store.port import EventRow
from ledger.store.sqlite import open_sqlite
from tests.ledger.store_contract import ORIGIN, check_log, new_event, record

ROOT = Path(__file__).parents[3]

APPENDER = """
import sys
from pathlib import Path
from ledger.store.sqlite import open_sqlite
from tests.ledger.store_contract import next_event

path, name, count, group = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
store = open_sqlite(path)
print("ready", flush=True)
sys.stdin.readline()
for n in range(count):
    with store.writing() as writing:
        for i in range(group):
            event = next_event(writing, f"{name} {n} {i}", stream="stock/common")
            position = writing.append(event)
    print(position, f"{name} {n}", flush=True)
"""
"""Appends groups of events, and says each group's last position and name once it is durable."""


def appender(path: Path, name: str, count: int, group: int = 1) -> subprocess.Popen[str]:
    """A process that is ready to append, and begins when it is sent a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", APPENDER, str(path), name, str(count), str(group)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "clinic.ledger"
    open_sqlite(path, ORIGIN, create=True).close()
    return path


def test_two_processes_append_densely_and_lose_nothing(path: Path) -> None:
    processes = [appender(path, name, 60, 2) for name in ("one", "two")]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [line for process in processes for line in process.communicate()[0].splitlines()]

    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(int(line.split()[0]) for line in said) == list(range(1, 240, 2))
    with closing(open_sqlite(path)) as store:
        for line in said:
            position, name = line.split(" ", 1)
            row = store.row(int(position))
            assert isinstance(row, EventRow)
            assert row.envelope == new_event(f"{name} 1").envelope
        check_log(store)


def test_what_was_acknowledged_survives_a_kill_in_the_middle_of_appending(path: Path) -> None:
    acknowledged: dict[int, str] = {}
    for turn in range(0, 10, 2):
        process = appender(path, f"turn {turn}", 1_000_000, group=1 + 3 * turn)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n")
        process.stdin.flush()
        lines = [process.stdout.readline() for _ in range(1 + 5 * turn)]
        process.kill()
        lines += process.communicate()[0].splitlines()
        for line in lines:
            if line.count(" ") == 3:  # the last line may be cut
                position, _, name = line.strip().partition(" ")
                acknowledged[int(position)] = f"{name} {3 * turn}"

        with closing(open_sqlite(path)) as store:
            assert store.head().size > max(acknowledged)
            for at, name in acknowledged.items():
                row = store.row(at)
                assert isinstance(row, EventRow)
                assert row.envelope == new_event(name).envelope
            check_log(store)
            record(store, f"after {turn}")
            check_log(store)
    assert len(acknowledged) >= 10


def test_a_process_killed_inside_its_transaction_leaves_nothing_of_it(path: Path) -> None:
    script = """
import os, signal, sys
from pathlib import Path
from ledger.store.sqlite import open_sqlite
from tests.ledger.store_contract import next_event
with open_sqlite(Path(sys.argv[1])).writing() as writing:
    for n in range(3000):
        writing.append(next_event(writing, f"never {n}"))
    os.kill(os.getpid(), signal.SIGKILL)
"""
    with closing(open_sqlite(path)) as store:
        record(store, "before")
        killed = subprocess.run([sys.executable, "-c", script, str(path)], cwd=ROOT, check=False)

        assert killed.returncode == -9
        record(store, "after")
        assert store.head().size == 2
        check_log(store)
