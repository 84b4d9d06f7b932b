"""A served ledger whose disk is full, or fails: problem documents that say so, and service again when it can be."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from api.commands.verify import verify_folder
from tests.api.web.practice import NURSE, Practice, Screen, handed, until
from tests.faults.mount import Mount, mounted
from tests.ledger.clinic import SLOT_A, check


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """An empty disk that a test makes fail."""
    (tmp_path / "empty").mkdir()
    with mounted(tmp_path / "empty", tmp_path) as it:
        yield it


@pytest.fixture
def practice(mount: Mount) -> Iterator[Practice]:
    """A clinic served from it."""
    served = Practice(mount.path / "ledger")
    with served.client:
        yield served
    served.opened.store.close()


def a_check(practice: Practice, screen: Screen) -> httpx2.Response:
    return screen.post("/v1/events", handed(practice.clinic.submission(check(), SLOT_A, [NURSE])))


def test_on_a_full_disk_it_answers_507_and_goes_on_when_there_is_room(mount: Mount, practice: Practice) -> None:
    nurse = practice.at()
    assert a_check(practice, nurse).status_code == 201
    size = practice.size
    waiting = handed(practice.clinic.submission(check(), SLOT_A, [NURSE]))

    mount.fail("write", errno.ENOSPC)
    refused = nurse.post("/v1/events", waiting)
    batch = nurse.post("/v1/batches", {"items": [waiting]})
    status = nurse.get("/v1/status")
    mount.heal()
    recorded = nurse.post("/v1/events", waiting)

    for answer in (refused, batch):
        assert (answer.status_code, answer.json()["code"]) == (507, "store-full")
        assert "Make room" in answer.json()["remedy"]
    assert status.status_code == 200
    assert (recorded.status_code, recorded.json()["position"]) == (201, size)
    seen = until(lambda: _seen(nurse, size + 1))
    assert seen.status_code == 200
    assert verify_folder(practice.opened.folder.root).holds


def test_views_that_found_the_disk_full_follow_again(mount: Mount, practice: Practice) -> None:
    nurse = practice.at()
    for after in range(0, 40, 4):  # somewhere in the log's writes, or in those of the views behind it
        mount.fail("write", errno.ENOSPC, after=after)
        a_check(practice, nurse)
        practice.service.runner.wake()
    mount.heal()

    assert a_check(practice, nurse).status_code == 201
    assert until(lambda: _seen(nurse, practice.size)).status_code == 200
    until(lambda: all(each.state == "running" for each in practice.service.runner.positions()))


@pytest.mark.parametrize("kind", ["write", "sync"])
def test_after_a_failing_disk_it_answers_503_until_it_is_started_again(
    mount: Mount, practice: Practice, kind: str
) -> None:
    nurse = practice.at()
    assert a_check(practice, nurse).status_code == 201
    waiting = handed(practice.clinic.submission(check(), SLOT_A, [NURSE]))

    mount.fail(kind, errno.EIO)
    refused = [nurse.post("/v1/events", waiting)]
    mount.heal()
    refused += [nurse.post("/v1/events", waiting) for _ in range(2)]

    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (503, "store-io")
        assert "start the ledger again" in answer.json()["remedy"]
        assert str(mount.path) not in answer.text
    assert nurse.get("/v1/status").status_code == 200


def _seen(nurse: Screen, size: int) -> httpx2.Response | None:
    """The floor once its views hold so many entries."""
    answer = nurse.get(f"/v1/floor?at_least={size}")
    return answer if answer.status_code == 200 else None


# -- a small disk that really fills up -----------------------------------------------------------------

FILLS = """
import os, sys
from itertools import count
from pathlib import Path
from ledger.errors import NotNow
from tests.faults.test_failing_disk import process, submissions
folder = Path(sys.argv[1])
work = submissions("tmpfs")
with process(folder, "tmpfs") as recorder:
    recorder.record([next(work)])
    rest = os.statvfs(folder)
    (folder / "filler").write_bytes(bytes(max(0, rest.f_bavail * rest.f_frsize - 200_000)))
    for n in count():
        waiting = next(work)
        try:
            recorder.record([waiting])
        except NotNow as failure:
            assert failure.code == "store-full", failure
            break
    (folder / "filler").unlink()
    recorder.record([waiting])
    print(recorder.checkpoint().size)
"""


def test_a_small_disk_that_really_fills_up(founded: Path, tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode != 0:
        sys.stderr.write("\nNOT TESTED: a small disk that really fills up: nobody may mount one here\n")
        pytest.skip("nobody may mount a small disk here")
    try:
        subprocess.run(["cp", "-a", str(founded), str(place / "ledger")], check=True)
        done = subprocess.run(
            [sys.executable, "-c", FILLS, str(place / "ledger")],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        report = verify_folder(place / "ledger")
        assert report.holds
        assert report.size == int(done.stdout)
    finally:
        subprocess.run(["umount", str(place)], check=True)
