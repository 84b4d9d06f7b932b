"""A process killed (kill -9) at any moment: nothing it acknowledged is lost, and no two roots for one size."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from itertools import count
from pathlib import Path
from random import Random
from threading import Thread

import httpx2
import pytest

from api.commands.init import init
from tests.api.web.practice import until
from tests.faults.child import Job
from tests.faults.nursery import Nursery
from tests.faults.serving import Officer, Served, served
from tests.faults.witness import Witness

BETWEEN = {
    "before commit",
    "after commit",
    "before advance",
    "after advance",
    "before sign",
    "after sign",
    "before checkpoint_soon",
    "after checkpoint_soon",
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


# -- the served ledger -------------------------------------------------------------------------------


def the_service_dies_again_and_again(place: Path, times: int, random: Random) -> None:
    """Four screens hand in at once; the service is killed at a random moment, started, and asked for the same again."""
    ledger = place / "ledger"
    init(ledger, "Riverbend Clinic", ["Dr Duval", "P. Tan"], practice=True, as_json=True)
    officer = Officer(ledger, min((ledger / "people").iterdir()))
    witness, waiting = Witness(ledger), [0]
    for turn in range(times):
        with served(ledger) as service, officer.at(service) as screen:
            for number in waiting:
                _take(screen.post("/v1/events", json=officer.registers(number)), witness)
            numbers = [[1 + 4 * (100 * turn + n) + k for n in range(100)] for k in range(4)]
            heard = _until_killed(service, screen, officer, witness, numbers, random.randint(1, 40))
        waiting = [each[heard[k]] for k, each in enumerate(numbers)]  # handed in, and no answer came
        witness.check(ledger)
        witness.audit(ledger, closed=False)
    with served(ledger) as service, officer.at(service) as screen:
        for number in waiting:
            _take(screen.post("/v1/events", json=officer.registers(number)), witness)
    witness.check(ledger)
    witness.audit(ledger)


def _until_killed(
    service: Served, screen: httpx2.Client, officer: Officer, witness: Witness, numbers: list[list[int]], enough: int
) -> Counter[int]:
    """How many answers each of four screens got before the service was killed, soon after `enough` of all."""
    heard = Counter[int]()
    work = [Thread(target=_hand_in, args=(screen, officer, each, witness, heard, k)) for k, each in enumerate(numbers)]
    for thread in work:
        thread.start()
    until(lambda: heard.total() >= enough)
    service.kill()
    for thread in work:
        thread.join()
    return heard


def _hand_in(
    screen: httpx2.Client, officer: Officer, numbers: list[int], witness: Witness, heard: Counter[int], k: int
) -> None:
    for number in numbers:
        try:
            answer = screen.post("/v1/events", json=officer.registers(number))
        except httpx2.TransportError:
            return
        _take(answer, witness)
        heard[k] += 1


def _take(answer: httpx2.Response, witness: Witness) -> None:
    assert answer.status_code in (200, 201), answer.text
    witness.hear([answer.content])


def test_a_service_that_is_killed_while_four_screens_hand_in(tmp_path: Path) -> None:
    the_service_dies_again_and_again(tmp_path, 1, Random(5))


@pytest.mark.soak
def test_a_service_that_is_killed_thirty_times(tmp_path: Path) -> None:
    the_service_dies_again_and_again(tmp_path, 30, Random(6))
