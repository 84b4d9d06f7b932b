"""One history comes to one state in any process: another interpreter, and other hashes of strings."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.vocabulary import Slot
from tests.whole.days import ANY_FACT, CONTAINERS, SESSIONS, Days
from tests.whole.state import again, as_text, state_of

ROOT = Path(__file__).parents[2]


def some_days(seed: int, steps: int) -> Days:
    """Days in which as much happens; always the same for a seed."""
    chance, days = random.Random(seed), Days()
    days.happens("own-medication-checked-in/1", SESSIONS[0], "a", 3000)
    days.happens("stock-received/1", SESSIONS[0], "a", 3000)
    for _ in range(steps):
        session, ago = chance.choice(SESSIONS), chance.randint(0, 3000)
        slot: Slot = chance.choice(["a", "b"])
        match chance.randint(0, 9):
            case 0 | 1 | 2:
                amount = f"{chance.randint(10, 300)}.5"
                days.gives(session, slot, amount, chance.choice(CONTAINERS), chance.choice([None, "L-1"]), ago)
            case 3:
                days.takes_in_part(chance.randint(0, 9), f"{chance.randint(0, 300)}", ago)
            case 4:
                days.wastes(chance.choice(CONTAINERS), "12.5", chance.choice([None, 0, 1]), ago)
            case 5:
                days.corrects(chance.randint(0, 9), "33.3")
            case 6:
                days.voids(chance.randint(0, 9))
            case 7:
                days.signs(chance.randint(0, 9), chance.choice(["confirms", "disputes"]))
            case _:
                days.happens(chance.choice(ANY_FACT), session, slot, ago)
    return days


def in_another_process(text: str, hash_seed: str) -> list[bytes]:
    """The states of these histories, told by an interpreter of its own."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.whole.state"],
        cwd=ROOT,
        input=text.encode(),
        capture_output=True,
        env={"PYTHONHASHSEED": hash_seed},
        check=True,
    )
    return told.stdout.rstrip(b"\n").split(b"\n\n")


@pytest.fixture(scope="module")
def histories() -> list[Days]:
    return [some_days(seed, 60) for seed in range(4)]


@pytest.mark.parametrize("hash_seed", ["0", "20261125"])
def test_the_same_history_comes_to_the_same_state_in_another_interpreter(histories: list[Days], hash_seed: str) -> None:
    text = "\n".join(as_text(days) for days in histories)

    assert in_another_process(text, hash_seed) == [state_of(days.house) for days in histories]


def test_recorded_again_it_comes_to_the_same_and_one_step_less_to_another(histories: list[Days]) -> None:
    days = histories[0]
    whole = state_of(days.house)

    assert state_of(again(as_text(days))) == whole
    days.steps.pop()
    assert state_of(again(as_text(days))) != whole


@pytest.mark.soak
def test_many_histories_come_to_the_same_state_in_another_interpreter() -> None:
    for seed in range(100, 400, 20):
        histories = [some_days(each, 150) for each in range(seed, seed + 20)]
        text = "\n".join(as_text(days) for days in histories)
        assert in_another_process(text, str(seed)) == [state_of(days.house) for days in histories]
