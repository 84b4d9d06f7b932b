"""The computer's clock is wrong: small steps are borne, large ones stop writing, and an officer's signature goes on."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from api.commands.correct_clock import correct_clock
from api.commands.init import init
from api.commands.verify import verify_folder
from api.folder import SystemClock
from api.web.one_writer import only_writer
from ledger.encoding import to_instant
from ledger.errors import Refused
from tests.api.web.practice import NURSE, Practice, Screen, handed
from tests.faults.serving import Officer, run, served
from tests.ledger.clinic import PT1, SLOT_A, check, make, uuid


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    """A served clinic whose clock a test sets, and in which somebody just recorded a check."""
    served = Practice(tmp_path / "ledger")
    with served.client:
        yield served
    served.opened.store.close()


@pytest.fixture
def nurse(practice: Practice) -> Screen:
    """A nurse's screen, at which a check was just recorded."""
    screen = practice.at()
    assert a_check(practice, screen).status_code == 201
    return screen


def a_check(practice: Practice, screen: Screen) -> httpx2.Response:
    return screen.post("/v1/events", handed(practice.clinic.submission(check(), SLOT_A, [NURSE])))


def the_officer_corrects(practice: Practice) -> httpx2.Response:
    """What an officer may hand in while everything else is refused."""
    event = make(
        "clock-corrected/1",
        clock_from=str(practice.opened.store.head().received_at),
        clock_to=to_instant(practice.clinic.clock.now),
        reason="battery-empty",
    )
    signer = (PT1, "performed", "security-officer")
    submission = practice.clinic.submission(event, f"governance/{uuid(51)}", [signer])
    return practice.at(PT1).post("/v1/events", handed(submission))


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    said = answer.json()
    assert "officer signs clock-corrected" in said["remedy"]
    return answer.status_code, said["code"]


@pytest.mark.parametrize("seconds", [1, 3, 5])
def test_a_small_step_back_is_taken_as_standing_still(practice: Practice, nurse: Screen, seconds: int) -> None:
    before = practice.opened.store.head().received_at
    practice.clinic.clock.now -= timedelta(seconds=seconds)

    assert a_check(practice, nurse).json()["received_at"] == before


@pytest.mark.parametrize("back", [timedelta(seconds=6), timedelta(hours=2), timedelta(days=3650)], ids=str)
def test_a_larger_step_back_refuses_everything_and_records_nothing(
    practice: Practice, nurse: Screen, back: timedelta
) -> None:
    size = practice.size
    practice.clinic.clock.now -= back

    assert refusal(a_check(practice, nurse)) == (503, "clock-stepped-back")
    batch = {"items": [handed(practice.clinic.submission(check(), SLOT_A, [NURSE]))]}
    assert nurse.post("/v1/batches", batch).json()["items"][0]["problem"]["code"] == "clock-stepped-back"
    assert practice.size == size


def test_a_clock_set_right_again_needs_no_signature(practice: Practice, nurse: Screen) -> None:
    practice.clinic.clock.now -= timedelta(hours=2)
    assert refusal(a_check(practice, nurse))[0] == 503

    practice.clinic.clock.now += timedelta(hours=2)

    assert a_check(practice, nurse).status_code == 201


def test_years_forward_are_refused_and_nothing_is_left_of_them_when_the_clock_is_right_again(
    practice: Practice, nurse: Screen
) -> None:
    practice.clinic.clock.now += timedelta(days=3 * 365)
    assert refusal(a_check(practice, nurse)) == (503, "clock-ran-ahead")

    practice.clinic.clock.now -= timedelta(days=3 * 365)

    assert a_check(practice, nurse).status_code == 201


def test_forward_by_less_than_a_day_and_then_back_waits_for_an_officer(practice: Practice, nurse: Screen) -> None:
    practice.clinic.clock.now += timedelta(hours=23)
    assert a_check(practice, nurse).status_code == 201
    practice.clinic.clock.now -= timedelta(hours=23)
    assert refusal(a_check(practice, nurse)) == (503, "clock-stepped-back")

    assert the_officer_corrects(practice).status_code == 201

    assert a_check(practice, nurse).status_code == 201
    assert verify_folder(practice.opened.folder.root).holds


def test_a_computer_that_slept_for_days_goes_on(practice: Practice, nurse: Screen) -> None:
    practice.clinic.clock.forward(days=9)

    assert a_check(practice, practice.at(PT1, "nurse")).status_code == 201


def test_sleep_is_counted_by_the_clock_that_only_grows() -> None:
    steady = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

    before, shown, after = time.clock_gettime(steady), SystemClock().monotonic(), time.clock_gettime(steady)

    assert before <= shown <= after


def test_a_restart_does_not_make_a_clock_that_stepped_back_right(practice: Practice, nurse: Screen) -> None:
    practice.clinic.clock.now -= timedelta(hours=2)
    practice.service.recorder = practice.clinic.restart()

    assert refusal(a_check(practice, nurse)) == (503, "clock-stepped-back")
    assert the_officer_corrects(practice).status_code == 201
    assert a_check(practice, nurse).status_code == 201


def test_years_forward_across_a_restart_are_believed_and_an_officer_brings_time_back(
    practice: Practice, nurse: Screen
) -> None:
    practice.clinic.clock.now += timedelta(days=3 * 365)
    practice.service.recorder = practice.clinic.restart()  # which cannot know how long it was switched off
    assert a_check(practice, nurse).status_code == 201

    practice.clinic.clock.now -= timedelta(days=3 * 365)
    assert refusal(a_check(practice, nurse)) == (503, "clock-stepped-back")
    assert the_officer_corrects(practice).status_code == 201
    assert a_check(practice, nurse).status_code == 201

    assert verify_folder(practice.opened.folder.root).holds


def test_a_clock_set_back_keeps_no_screen_open(practice: Practice, nurse: Screen) -> None:
    practice.clinic.clock.now -= timedelta(hours=2)
    practice.clinic.clock.forward(minutes=3)

    assert a_check(practice, nurse).json()["code"] == "screen-locked"


# -- the whole program, on a computer whose clock is set back ------------------------------------------


def test_from_a_refusal_over_an_officer_s_signature_to_the_next_record(tmp_path: Path) -> None:
    clock, ledger = set_back(), tmp_path / "ledger"
    init(ledger, "Riverbend Clinic", ["Dr Duval", "P. Tan"], practice=True, as_json=True)
    officer = Officer(ledger, min((ledger / "people").iterdir()))

    with served(ledger, clock) as service, officer.at(service) as screen:
        refused = screen.post("/v1/events", json=officer.registers(1))
    words = ("--key", str(officer.file), "--reason", "battery", "--yes")
    corrected = run(clock, "correct-clock", str(ledger), *words)
    with served(ledger, clock) as service, officer.at(service) as screen:
        recorded = screen.post("/v1/events", json=officer.registers(1))
    verified = run({}, "verify", str(ledger))

    assert refusal(refused) == (503, "clock-stepped-back")
    assert corrected.returncode == 0, corrected.stderr
    assert "Corrected" in corrected.stdout
    assert recorded.status_code == 201
    assert recorded.json()["received_at"] < to_instant(datetime.now(UTC) - timedelta(hours=1))  # noqa: TID251
    assert verified.returncode == 0, verified.stdout


@pytest.mark.parametrize(("held", "code"), [(False, "key-not-enrolled"), (True, "ledger-served")])
def test_the_clock_is_corrected_with_an_officer_s_key_while_nobody_else_writes(
    tmp_path: Path, held: bool, code: str
) -> None:
    ledger, other = tmp_path / "ledger", tmp_path / "other"
    for each in (ledger, other):
        init(each, "Riverbend Clinic", ["Dr Duval", "P. Tan"], practice=True, as_json=True)
    file = min((other / "people").iterdir())

    with only_writer(ledger) if held else nullcontext(), pytest.raises(Refused) as refused:
        correct_clock(ledger, file, "battery", yes=True)

    assert refused.value.code == code


def set_back() -> dict[str, str]:
    """The environment of a computer whose clock shows two hours ago."""
    if shutil.which("faketime") is None:
        reason = "no faketime (Debian: apt-get install faketime)"
        sys.stderr.write(f"\nNOT TESTED: a whole run with a clock set back: {reason}\n")
        pytest.skip(reason)
    library = subprocess.run(["faketime", "-f", "-2h", "printenv", "LD_PRELOAD"], capture_output=True, check=True)
    return {
        "LD_PRELOAD": library.stdout.decode().strip(),
        "FAKETIME": "-2h",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
