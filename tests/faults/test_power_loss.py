"""The power fails, and the disk keeps any part of what was not fsynced: nothing acknowledged is lost all the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from api.folder import open_ledger, open_recorder
from tests.faults.child import NURSE, Job
from tests.faults.damages import GOES_ON, start
from tests.faults.disk import Luck, Said, Step, after_power_loss, lay_out, said
from tests.faults.house import close, make_house, signer_clinic
from tests.faults.mount import mounted
from tests.faults.nursery import Nursery
from tests.faults.witness import Loss, Witness
from tests.ledger.clinic import SLOT_A, START, Entropy, SetClock, check

BUSY = Job(folder="", seed="power", day=1, threads=3, events=6, small_wal=True)


@pytest.fixture(scope="module")
def lived(nursery: Nursery, founded: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Step]:
    """Every step that an evening of recording from three threads did to the disk."""
    return live(nursery, founded, tmp_path_factory.mktemp("lived"), BUSY)


def live(nursery: Nursery, founded: Path, place: Path, job: Job) -> list[Step]:
    """Two processes that are killed, and a third one that comes to its end, all on one disk."""
    with mounted(founded, place) as mount:
        job = replace(job, folder=str(mount.path), also=str(mount.path / ".said"))
        for n in (1, 2):
            nursery.run(replace(job, seed=f"{job.seed} {n}"), kill_after=(4 * n, 0.002))
        heard = nursery.run(replace(job, again=f"{job.seed} 2", again_day=job.day))
        assert b'{"done": true}' in heard, heard
    return mount.steps()


def moments(steps: Sequence[Step], count: int, random: Random) -> Iterator[int]:
    """Numbers of steps done when the power fails: just after each word to the outside, and anywhere."""
    first = next(n for n, step in enumerate(steps) if isinstance(step, Said))
    words = [n + 1 for n, step in enumerate(steps) if isinstance(step, Said)]
    yield from random.sample(words, min(len(words), count // 2))
    yield from (random.randint(first, len(steps)) for _ in range(count - count // 2))


def the_power_fails(steps: Sequence[Step], luck: Luck, random: Random, founded: Path, place: Path) -> None:
    """Lay out what survived; it must hold all that was said, be taken up by the next start, and go on."""
    folder = lay_out(after_power_loss(steps, luck, random), place / "survived")
    try:
        witness = Witness(founded)
        witness.hear(said(steps))
        goes_on(folder, witness)
    finally:
        shutil.rmtree(folder)


def goes_on(folder: Path, witness: Witness) -> None:
    """The folder holds what was said; the next process takes it up, records one more event, and all verifies."""
    witness.check(folder)
    clock = SetClock(START + timedelta(days=400))
    opened = open_ledger(folder)
    recorder = open_recorder(opened, clock, lambda: "", entropy=Entropy("after"))
    try:
        clinic = signer_clinic("after", clock)
        before = recorder.checkpoint().size
        [recorded] = recorder.record([clinic.submission(check(), SLOT_A, [NURSE])])
        assert recorded.position >= before
    finally:
        close(recorder)
        opened.store.close()
    witness.check(folder)
    witness.audit(folder)


@pytest.mark.parametrize("luck", Luck, ids=lambda luck: luck.name.lower())
def test_nothing_that_was_acknowledged_is_lost(lived: list[Step], luck: Luck, founded: Path, tmp_path: Path) -> None:
    random = Random(luck.name)
    for moment in moments(lived, 24, random):
        the_power_fails(lived[:moment], luck, random, founded, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("luck", Luck, ids=lambda luck: luck.name.lower())
@pytest.mark.parametrize("seed", range(4))
def test_at_hundreds_of_moments(nursery: Nursery, luck: Luck, seed: int, founded: Path, tmp_path: Path) -> None:
    random = Random(f"{luck} {seed}")
    steps = live(
        nursery, founded, tmp_path, replace(BUSY, seed=f"soak {luck} {seed}", threads=seed + 1, small_wal=seed % 2 == 0)
    )
    for moment in moments(steps, 100, random):
        the_power_fails(steps[:moment], luck, random, founded, tmp_path)


@pytest.mark.parametrize("careless", ["sqlite", "head"])
def test_the_same_check_finds_the_loss_when_an_fsync_is_left_out(
    nursery: Nursery, founded: Path, tmp_path: Path, careless: str
) -> None:
    steps = live(nursery, founded, tmp_path, replace(BUSY, careless=careless))
    words = [n + 1 for n, step in enumerate(steps) if isinstance(step, Said)]

    def loses(moment: int) -> bool:
        try:
            the_power_fails(steps[:moment], Luck.NOTHING, Random(1), founded, tmp_path)
        except Loss:
            return True
        return False

    # at one moment or another: a write-ahead log that was copied just before is durable by itself
    assert any(loses(moment) for moment in reversed(words))


def test_a_new_ledger_is_whole_or_its_rest_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with mounted(tmp_path / "empty", tmp_path) as mount:
        make_house(mount.path / "ledger")
    steps, random = mount.steps(), Random(9)

    said_at_the_start = set()
    for moment in range(0, len(steps), 15):
        for luck in Luck:
            place = lay_out(after_power_loss(steps[:moment], luck, random), tmp_path / "survived")
            said_at_the_start.add(start(place / "ledger")[0])
            shutil.rmtree(place)

    assert {"no-ledger", GOES_ON} <= said_at_the_start


def test_a_new_ledger_that_was_told_of_is_there(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with mounted(tmp_path / "empty", tmp_path) as mount:
        make_house(mount.path / "ledger")

    place = lay_out(after_power_loss(mount.steps(), Luck.NOTHING, Random(1)), tmp_path / "survived")

    assert start(place / "ledger")[0] == GOES_ON
