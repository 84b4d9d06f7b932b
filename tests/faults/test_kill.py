"""A process killed (kill -9) at any moment: nothing it acknowledged is lost, and no two roots for one size."""

from __future__ import annotations

import json
import shutil
from itertools import count
from pathlib import Path
from random import Random

import pytest

from tests.faults.child import Job
from tests.faults.nursery import Nursery
from tests.faults.witness import Witness

BETWEEN = {
    "before commit",
    "after commit",
    "before advance",
    "after advance",
    "before sign",
    "after sign",
    "before save_checkpoint",
    "after save_checkpoint",
}
"""Where a process dies on purpose: around the COMMIT, the move of the head store, the signature and its keeping."""


def test_at_each_step_between_commit_head_store_and_signature(nursery: Nursery, house: Path, tmp_path: Path) -> None:
    died_at = set()
    for step in count(1):
        folder = Path(shutil.copytree(house, tmp_path / f"step {step}"))
        witness = Witness(folder)

        heard = nursery.run(Job(str(folder), "one", threads=1, events=3, dies_at=step))
        witness.hear(heard)
        witness.check(folder)
        witness.audit(folder, closed=False)
        after = nursery.run(Job(str(folder), "two", threads=1, events=1, again="one"))
        witness.hear(after)

        assert witness.errors == []
        witness.check(folder)
        witness.audit(folder)
        assert len(witness.acknowledged) == 4  # what the dead one had recorded was found, the rest recorded anew
        if json.loads(heard[-1]) == {"done": True}:
            break
        died_at.add(json.loads(heard[-1])["dies"])
    assert died_at == BETWEEN


def dies_again_and_again(nursery: Nursery, house: Path, times: int, random: Random) -> Witness:
    """One ledger, one process after another, each killed at a moment of its own."""
    witness = Witness(house)
    job = Job(folder=str(house), seed="")
    for n in range(times):
        job = Job(
            str(house),
            f"run {n}",
            day=n // 3,
            again=job.seed,
            again_day=job.day,
            events=20,
            threads=random.choice([1, 3, 5]),
        )
        heard = nursery.run(job, kill_after=(random.randint(0, 14), random.choice([0, 0.001, 0.004, 0.01])))
        witness.hear(heard)
        witness.check(house)
        witness.audit(house, closed=False)
    last = nursery.run(Job(str(house), "last", day=times, again=job.seed, again_day=job.day))
    witness.hear(last)
    assert witness.errors == []
    witness.check(house)
    witness.audit(house)
    assert b'{"done": true}' in last
    return witness


def test_at_random_moments_one_after_another(nursery: Nursery, house: Path) -> None:
    witness = dies_again_and_again(nursery, house, 24, Random(4))

    assert len(witness.acknowledged) >= 50


@pytest.mark.soak
@pytest.mark.parametrize("part", range(10))
def test_five_hundred_times(nursery: Nursery, house: Path, part: int) -> None:
    witness = dies_again_and_again(nursery, house, 50, Random(part))

    assert len(witness.acknowledged) >= 100
