"""The last signed head: moved by one signer at a time, never backwards, never half written."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Conflict, TamperDetected
from ledger.store.head_store import SLOT, FileHeadStore, HeadStore, MemoryHeadStore, SignedHead
from tests.ledger.store.crashing import Crashing

ORIGIN = "ledger.example.test/00c0ffee00c0ffee"
ROOT = Path(__file__).parents[3]


def head(size: int, root: int | None = None, origin: str = ORIGIN) -> SignedHead:
    return SignedHead(origin, size, bytes([size if root is None else root]) * 32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "head"


@pytest.fixture(params=["file", "memory"])
def heads(request: pytest.FixtureRequest, path: Path) -> HeadStore:
    return FileHeadStore(path) if request.param == "file" else MemoryHeadStore()


def test_there_is_no_head_before_the_first(heads: HeadStore) -> None:
    assert heads.read() is None


def test_a_head_moves_forward_from_the_one_that_was_read(heads: HeadStore) -> None:
    old = None
    for size in (0, 1, 2, 100, 101):
        heads.advance(old, head(size))
        assert heads.read() == head(size)
        old = head(size)


@pytest.mark.parametrize("old", [None, head(4), head(6), head(5, root=9), head(5, origin="other/1")])
def test_a_signer_that_did_not_read_the_newest_head_is_in_conflict(heads: HeadStore, old: SignedHead | None) -> None:
    heads.advance(None, head(5))

    with pytest.raises(Conflict) as caught:
        heads.advance(old, head(7))

    assert caught.value.code == "head-moved"
    assert heads.read() == head(5)


def test_a_signer_that_expects_a_head_where_there_is_none_is_in_conflict(heads: HeadStore) -> None:
    with pytest.raises(Conflict):
        heads.advance(head(5), head(7))

    assert heads.read() is None


@pytest.mark.parametrize(
    ("new", "code", "position"),
    [
        (head(4), "head-backwards", 4),
        (head(0), "head-backwards", 0),
        (head(5, root=6), "head-forked", None),
        (head(6, origin="other/1"), "head-origin", None),
    ],
)
def test_no_second_root_and_no_smaller_size_is_ever_accepted(
    heads: HeadStore, new: SignedHead, code: str, position: int | None
) -> None:
    heads.advance(None, head(5))

    with pytest.raises(TamperDetected) as caught:
        heads.advance(head(5), new)

    assert (caught.value.code, caught.value.position) == (code, position)
    assert heads.read() == head(5)


def test_the_same_head_again_is_no_change(heads: HeadStore) -> None:
    heads.advance(None, head(5))

    heads.advance(head(5), head(5))

    assert heads.read() == head(5)


def test_four_threads_move_the_head_one_after_the_other(heads: HeadStore) -> None:
    start = Barrier(4)
    moved: list[int] = []
    failures: list[BaseException] = []

    def move_some() -> None:
        try:
            start.wait()
            done = 0
            while done < 25:
                old = heads.read()
                new = head(old.size + 1 if old else 1)
                try:
                    heads.advance(old, new)
                except Conflict:
                    continue
                moved.append(new.size)
                done += 1
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            failures.append(error)

    threads = [Thread(target=move_some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert sorted(moved) == list(range(1, 101))
    assert heads.read() == head(100)


def test_two_processes_move_the_head_one_after_the_other(path: Path) -> None:
    script = """
import sys
from pathlib import Path
from ledger.errors import Conflict
from ledger.store.head_store import FileHeadStore, SignedHead
heads, done = FileHeadStore(Path(sys.argv[1])), 0
while done < 50:
    old = heads.read()
    size = old.size + 1 if old else 1
    try:
        heads.advance(old, SignedHead("o/1", size, bytes([size]) * 32))
    except Conflict:
        continue
    print(size)
    done += 1
"""
    command = [sys.executable, "-c", script, str(path)]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    moved = [int(line) for process in processes for line in process.communicate()[0].split()]

    assert sorted(moved) == list(range(1, 101))
    assert FileHeadStore(path).read() == head(100, origin="o/1")


def test_a_file_is_read_by_the_next_process_and_is_for_its_owner_only(path: Path) -> None:
    FileHeadStore(path).advance(None, head(5))

    assert FileHeadStore(path).read() == head(5)
    assert {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {
        "head": 0o600,
        "head.lock": 0o600,
    }


def test_every_flipped_bit_of_the_newest_head_leaves_the_one_before_it(path: Path) -> None:
    heads = FileHeadStore(path)
    heads.advance(None, head(5))
    heads.advance(head(5), head(6))
    whole = path.read_bytes()
    newest = whole.index(b"session-ledger", SLOT)
    length = len(whole[newest:].rstrip(b"\0"))

    for n in range(newest, newest + length):
        for bit in range(8):
            path.write_bytes(whole[:n] + bytes([whole[n] ^ 1 << bit]) + whole[n + 1 :])
            assert heads.read() == head(5)


@pytest.mark.parametrize("kept", [0, 1, 100, SLOT, SLOT + 1, SLOT + 100, 2 * SLOT - 1])
def test_a_file_that_was_cut_still_has_the_head_whose_slot_is_whole(path: Path, kept: int) -> None:
    heads = FileHeadStore(path)
    heads.advance(None, head(5))
    heads.advance(head(5), head(6))
    whole = path.read_bytes()
    path.write_bytes(whole[:kept])

    if kept < SLOT:
        with pytest.raises(TamperDetected):
            heads.read()
    else:
        assert heads.read() == (head(5) if kept < 2 * SLOT - 1 else head(6))


def test_two_damaged_slots_are_refused_and_left_as_they_are(path: Path) -> None:
    heads = FileHeadStore(path)
    heads.advance(None, head(5))
    heads.advance(head(5), head(6))
    damaged = path.read_bytes().replace(b"session-ledger", b"session-LEDGER")

    for data in (damaged, b"", bytes(2 * SLOT), damaged + b"\n", b"\xff" + damaged):
        path.write_bytes(data)
        with pytest.raises(TamperDetected) as caught:
            heads.read()
        assert caught.value.code == "head-store"
    path.write_bytes(damaged)
    with pytest.raises(TamperDetected):
        heads.advance(head(6), head(7))
    assert path.read_bytes() == damaged


@given(torn=st.integers(0, SLOT), sizes=st.lists(st.integers(1, 1000), min_size=3, max_size=6, unique=True))
def test_a_write_that_stopped_anywhere_leaves_the_head_before_it_or_the_new_one(torn: int, sizes: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "head"
        heads, old = FileHeadStore(path), None
        *before, last = [head(size, root=1) for size in sorted(sizes)]
        for each in before:
            heads.advance(old, each)
            old = each
        untouched = path.read_bytes()
        heads.advance(old, last)
        written = path.read_bytes()
        start = 0 if written[SLOT:] == untouched[SLOT:] else SLOT

        path.write_bytes(
            untouched[:start] + written[start : start + torn] + untouched[start + torn :],
        )

        assert heads.read() in (old, last)
        heads.advance(heads.read(), head(2000, root=1))
        assert heads.read() == head(2000, root=1)


def test_a_head_of_one_slot_as_earlier_versions_wrote_it_is_taken_over(path: Path) -> None:
    heads = FileHeadStore(path)
    heads.advance(None, head(5))
    path.write_bytes(path.read_bytes().rstrip(b"\0"))

    assert heads.read() == head(5)
    heads.advance(head(5), head(6))
    heads.advance(head(6), head(7))
    assert heads.read() == head(7)


def test_a_crash_at_any_step_leaves_the_old_head_or_the_new_one_and_the_next_signer_continues(
    path: Path, crash: Crashing
) -> None:
    script = """
from pathlib import Path
from ledger.store.head_store import FileHeadStore, SignedHead
FileHeadStore(Path(sys.argv[2])).advance(
    SignedHead("o/1", 5, bytes([5]) * 32), SignedHead("o/1", 6, bytes([6]) * 32)
)
"""
    old, new = head(5, origin="o/1"), head(6, origin="o/1")
    found = []
    step = 0
    died = True
    while died:
        step += 1
        path.unlink(missing_ok=True)
        heads = FileHeadStore(path)
        heads.advance(None, head(4, origin="o/1"))
        heads.advance(head(4, origin="o/1"), old)

        died = crash(script, step, str(path))

        found.append(heads.read())
        heads.advance(found[-1], head(7, origin="o/1"))
        assert heads.read() == head(7, origin="o/1")

    assert step > 5
    assert set(found) == {old, new}
    assert found == sorted(found, key=lambda each: each.size if each else 0)


def test_bytes_are_on_the_disk_before_their_name_and_the_name_before_the_answer(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = FileHeadStore(path)
    steps: list[str] = []

    def noted(name: str, step: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            target = args[0] if name == "rename" else Path(f"/proc/self/fd/{args[0]}").readlink()
            steps.append(f"{name} {Path(str(target)).relative_to(path.parent)}")
            return step(*args, **kwargs)

        return call

    for name in ("fsync", "fdatasync", "rename", "pwrite"):
        monkeypatch.setattr(os, name, noted(name, getattr(os, name)))
    heads.advance(None, head(5))
    heads.advance(head(5), head(6))

    assert steps == ["fsync head.new", "rename head.new", "fsync .", "pwrite head", "fdatasync head"]
