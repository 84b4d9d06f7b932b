"""
The process that dies: it opens a ledger the public way, records from several threads at once, and says each
receipt on a pipe the moment it has it.

    python -m tests.faults.child        a nursery: for each line (a job in JSON) it forks such a process

Lines it writes, each whole or not at all:

    {"opened": 12}                                               what it found at the start
    {"position": 12, "dig": …, "receipt": …, "repeated": false}  acknowledged
    {"error": "clock-stepped-back", "message": …}                refused
    {"dies": "after commit"}                                     at a step it was told to die at
    {"done": true}
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from api.folder import open_ledger, open_recorder
from api.key_file import read_seed
from ledger.errors import LedgerError
from ledger.record import Recorded, Recorder, Submission
from ledger.store import sqlite_connections
from ledger.store.head_store import FileHeadStore
from ledger.tlog.note import LogSigner
from tests.faults.house import signer_clinic
from tests.ledger.clinic import RN1, SLOT_A, SLOT_B, START, Entropy, SetClock, check

NURSE = (RN1, "performed", "nurse")


@dataclass(frozen=True)
class Job:
    """What a child is to do, and when it is to die."""

    folder: str
    seed: str
    pipe: str = ""
    """The named pipe on which it says what it did."""
    also: str = ""
    """Where it says the same a moment earlier: `.said` of a mounted disk."""
    day: int = 0
    """Days since the clinic was founded: on a new day a heads entry is made."""
    threads: int = 3
    events: int = 6
    """Events a thread signs and hands in, in groups of one, two, three."""
    again: str = ""
    again_day: int = 0
    """Seed and day of a child that died: the first of its events are handed in again."""
    dies_at: int = 0
    """The step (see `Stepping`) at which it kills itself; 0: it lives."""
    small_wal: bool = False
    """Copy the write-ahead log into the file every few pages, which else happens every 16 MB."""
    careless: str = ""
    """`sqlite` or `head`: leave out the fsyncs of one of them, to see the tests fail."""


class Stepping:
    """Any object, whose calls of some names are steps: before it, and after it, the process may die."""

    def __init__(self, inner: object, names: Sequence[str], step: Callable[[str], None]) -> None:
        self._inner, self._names, self._step = inner, names, step

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        if name not in self._names:
            return value
        return self._transaction if name == "writing" else partial(self._call, name, value)

    def _call(self, name: str, call: Callable[..., object], *args: object, **kwargs: object) -> object:
        self._step(f"before {name}")
        result = call(*args, **kwargs)
        self._step(f"after {name}")
        return result

    @contextmanager
    def _transaction(self, *args: object, **kwargs: object) -> Iterator[object]:
        with self._inner.writing(*args, **kwargs) as writing:  # type: ignore[attr-defined]
            yield writing
            self._step("before commit")
        self._step("after commit")


def events_of(seed: str, thread: int, day: int, count: int) -> list[Submission]:
    """The same signed events each time for the same words."""
    clock = SetClock(START + timedelta(days=day, hours=1))
    clinic = signer_clinic(f"{seed} {thread}", clock)
    stream = (SLOT_A, SLOT_B)[thread % 2]
    return [clinic.submission(check(systolic=100 + n % 60), stream, [NURSE]) for n in range(count)]


def run(job: Job, pipe: int) -> None:
    """Do a job in this process."""
    also = os.open(job.also, os.O_WRONLY) if job.also else None

    def say(**words: object) -> None:
        line = json.dumps(words).encode()
        if also is not None:
            os.write(also, b"\n" + line + b"\n")  # what was cut before it is a line of its own
        os.write(pipe, line + b"\n")  # below PIPE_BUF: never half of it

    if job.small_wal:
        _change_pragma("wal_autocheckpoint = 4000", "wal_autocheckpoint = 20")
    if job.careless:
        _leave_out_syncs(job.careless)
    try:
        recorder = _open(job, say)
        say(opened=recorder.checkpoint().size)
        if job.again:
            _record(recorder, events_of(job.again, 0, job.again_day, 3), say)
        work = [
            threading.Thread(target=_record, args=(recorder, events_of(job.seed, n, job.day, job.events), say))
            for n in range(job.threads)
        ]
        for thread in work:
            thread.start()
        for thread in work:
            thread.join()
    except LedgerError as error:
        say(error=error.code, message=str(error), remedy=error.remedy)
    say(done=True)
    os._exit(0)


def _open(job: Job, say: Callable[..., None]) -> Recorder:
    opened = open_ledger(Path(job.folder))
    clock, entropy = SetClock(START + timedelta(days=job.day, hours=2)), Entropy(f"child {job.seed}")
    if job.dies_at == 0:
        return open_recorder(opened, clock, lambda: "", entropy=entropy)
    left, lock = [job.dies_at], threading.Lock()

    def step(name: str) -> None:
        with lock:
            left[0] -= 1
            if left[0] == 0:
                say(dies=name)
                os.kill(os.getpid(), signal.SIGKILL)

    signer = LogSigner(opened.pin.origin, read_seed(opened.folder.log_key, lambda: ""))
    store: Any = Stepping(opened.store, ("writing", "save_checkpoint", "checkpoint_soon"), step)
    head_store: Any = Stepping(FileHeadStore(opened.folder.head), ("advance",), step)
    signers: Any = (Stepping(signer, ("sign",), step),)
    return Recorder(store, head_store, signers, opened.subject_keys, clock, entropy)


def _record(recorder: Recorder, submissions: Sequence[Submission], say: Callable[..., None]) -> None:
    """Hand in groups of one, two and three, together or one by one, and say each receipt at once."""
    waiting, size = list(submissions), 0
    while waiting:
        size = size % 3 + 1
        group, waiting = waiting[:size], waiting[size:]
        try:
            outcomes: Sequence[Recorded | LedgerError] = (
                recorder.record_each(group) if size == 3 else recorder.record(group)
            )
        except LedgerError as error:
            outcomes = [error]
        for outcome in outcomes:
            if isinstance(outcome, LedgerError):
                say(error=outcome.code, message=str(outcome), remedy=outcome.remedy)
            else:
                say(receipt=recorder.receipt(outcome.position).decode(), **asdict(outcome))


def _leave_out_syncs(whose: str) -> None:
    if whose == "sqlite":
        _change_pragma("synchronous = FULL", "synchronous = OFF")
    else:
        os.fsync = os.fdatasync = lambda _: None  # type: ignore[assignment]  # the head store's; SQLite has its own


def _change_pragma(old: str, new: str) -> None:
    pragmas: Any = tuple(line.replace(old, new) for line in sqlite_connections._PRAGMAS)
    assert pragmas != sqlite_connections._PRAGMAS
    sqlite_connections._PRAGMAS = pragmas


def nursery() -> None:
    """Fork a child for each job on standard input, and say its process id; the child alone holds the pipe then."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        job = Job(**json.loads(line))
        pipe = os.open(job.pipe, os.O_WRONLY)
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                run(job, pipe)
            except BaseException:  # noqa: BLE001  # said, and the child ends whatever it was
                traceback.print_exc()
            os._exit(70)
        os.close(pipe)
        print(child, flush=True)  # noqa: T201


if __name__ == "__main__":
    nursery()
