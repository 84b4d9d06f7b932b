"""A disk that is full, or fails: a clear refusal, nothing lost, and no trust after a failed fsync."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

import pytest

from api.folder import open_ledger, open_recorder
from ledger.errors import NotNow
from ledger.record import Recorded, Recorder, Submission
from tests.faults.child import NURSE, Job
from tests.faults.disk import Forgotten, Luck, Said
from tests.faults.house import close, signer_clinic
from tests.faults.mount import FOREVER, Mount, mounted
from tests.faults.nursery import Nursery
from tests.faults.test_power_loss import the_power_fails
from tests.faults.witness import Witness
from tests.ledger.clinic import SLOT_A, START, Entropy, SetClock, check

LATER = SetClock(START + timedelta(days=1))


@pytest.fixture
def mount(founded: Path, tmp_path: Path) -> Iterator[Mount]:
    """The ledger on a disk that a test makes fail."""
    with mounted(founded, tmp_path) as it:
        yield it


@contextmanager
def process(folder: Path, name: str) -> Iterator[Recorder]:
    """The recorder of a process that opens this ledger, writes, and is gone without a word in the end."""
    opened = open_ledger(folder)
    recorder = open_recorder(opened, LATER, lambda: "", entropy=Entropy(f"process {name}"))
    try:
        yield recorder
    finally:
        close(recorder)
        opened.store.close()


def submissions(name: str) -> Iterator[Submission]:
    clinic = signer_clinic(name, LATER)
    while True:
        yield clinic.submission(check(), SLOT_A, [NURSE])


def say(mount: Mount, recorder: Recorder, recorded: Recorded) -> bytes:
    """Give a receipt out, where nobody can take it back."""
    words = {"receipt": recorder.receipt(recorded.position).decode(), **asdict(recorded)}
    line = json.dumps(words).encode()
    descriptor = os.open(mount.path / ".said", os.O_WRONLY)
    try:
        os.write(descriptor, line + b"\n")
    finally:
        os.close(descriptor)
    return line


def test_wherever_the_room_ends_it_is_said_and_recording_goes_on_when_there_is_some(mount: Mount) -> None:
    witness, work = Witness(mount.path), submissions("full")
    refused = 0
    with process(mount.path, "full") as recorder:
        recorder.record([next(work)])
        for n in count():
            before, submission = recorder.checkpoint().size, next(work)
            mount.fail("write", errno.ENOSPC, after=n)
            try:
                recorded = recorder.record([submission])[0]
            except NotNow as refusal:
                assert (refusal.code, "Make room" in refusal.remedy) == ("store-full", True)
                refused += 1
                mount.heal()
                recorded = recorder.record([submission])[0]
                assert recorded.position == before
                witness.hear([say(mount, recorder, recorded)])
            else:
                mount.heal()
                break
        witness.check(mount.path)
        witness.audit(mount.path)
    assert refused >= 3


@pytest.mark.parametrize("kind", ["write", "sync"])
def test_after_a_failed_write_or_fsync_nothing_more_is_written_until_a_new_process_comes(
    founded: Path, tmp_path: Path, kind: str
) -> None:
    refused = 0
    with mounted(founded, tmp_path) as mount:
        witness, work = Witness(mount.path), submissions(f"io {kind}")
        for n in count():
            submission = next(work)
            with process(mount.path, f"{kind} {n}") as recorder:
                before = recorder.record([next(work)])[0]
                mount.fail(kind, errno.EIO, after=n, times=1)
                try:
                    recorder.record([submission])
                except NotNow as refusal:
                    assert (refusal.code, "start the ledger again" in refusal.remedy) == ("store-io", True)
                    refused += 1
                    for _ in range(2):
                        with pytest.raises(NotNow, match="store-io"):
                            recorder.record([next(work)])
                else:
                    break
                finally:
                    mount.heal()
            with process(mount.path, f"{kind} {n} again") as recorder:
                recorded = recorder.record([submission])[0]
                assert recorded.position == before.position + 1
                witness.hear([say(mount, recorder, recorded)])
            witness.check(mount.path)
            witness.audit(mount.path)
    assert refused >= 2


def test_what_was_acknowledged_after_a_failed_fsync_and_a_new_start_survives_a_power_loss_too(
    nursery: Nursery, founded: Path, tmp_path: Path
) -> None:
    with mounted(founded, tmp_path) as mount:
        folder, also = str(mount.path), str(mount.path / ".said")
        for n in range(6):
            mount.fail("sync", errno.EIO, after=n, times=1)
            failed = Job(folder, f"fails {n}", also=also, threads=1, events=3)  # dies with everything still open
            nursery.run(failed)
            mount.heal()
            again = Job(folder, f"goes on {n}", also=also, threads=1, events=3, again=failed.seed)
            assert b'{"done": true}' in nursery.run(again)

    steps = mount.steps()
    assert any(isinstance(step, Forgotten) for step in steps)
    moments = [n + 1 for n, step in enumerate(steps) if isinstance(step, Said)]
    for moment in Random(7).sample(moments, 20):
        the_power_fails(steps[:moment], Luck.NOTHING, Random(1), founded, tmp_path)


def a_bad_week(nursery: Nursery, founded: Path, place: Path, times: int, random: Random) -> None:
    """Processes with three threads on a disk that fails now and then, some of them killed; then the power fails."""
    with mounted(founded, place) as mount:
        witness, job = Witness(mount.path), Job(str(mount.path), "first", also=str(mount.path / ".said"))
        for n in range(times):
            kind, error = random.choice([("write", errno.ENOSPC), ("write", errno.EIO), ("sync", errno.EIO)])
            mount.fail(kind, error, after=random.randint(0, 30), times=random.choice([1, 2, FOREVER]))
            job = replace(job, seed=f"bad {n}", day=n // 2, again=job.seed, again_day=job.day)
            killed = (random.randint(1, 8), 0.002) if random.random() < 0.5 else None
            witness.hear(nursery.run(job, kill_after=killed))
            mount.heal()
            job = replace(job, seed=f"good {n}", again=job.seed, again_day=job.day)
            heard = nursery.run(job)
            assert b'{"done": true}' in heard
            witness.hear(heard)
            assert set(witness.errors) <= {"store-full", "store-io"}, witness.errors
            witness.check(mount.path)
            witness.audit(mount.path)
            witness.errors.clear()
    steps = mount.steps()
    first = next(n for n, step in enumerate(steps) if isinstance(step, Said))
    for _ in range(times * 4):
        moment = random.randint(first, len(steps))
        the_power_fails(steps[:moment], random.choice(list(Luck)), random, founded, place)


def test_a_bad_week(nursery: Nursery, founded: Path, tmp_path: Path) -> None:
    a_bad_week(nursery, founded, tmp_path, 6, Random(11))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_many_bad_weeks(nursery: Nursery, founded: Path, tmp_path: Path, seed: int) -> None:
    a_bad_week(nursery, founded, tmp_path, 30, Random(seed))
