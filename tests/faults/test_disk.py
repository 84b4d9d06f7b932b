"""The disk of these tests forgets what was not fsynced, and nothing else; without that they would show nothing."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from random import Random

import pytest

from tests.faults.disk import (
    SECTOR,
    Forgotten,
    Luck,
    Name,
    Rename,
    Step,
    Sync,
    SyncFolder,
    Tree,
    Unlink,
    Write,
    after_power_loss,
    lay_out,
    said,
)
from tests.faults.mount import mounted

OLD: list[Step] = [Name("/a", 1), Write(1, 0, b"old " * 512), Sync(1), SyncFolder("/")]


def outcomes(steps: list[Step], *lucks: Luck) -> list[Tree]:
    """What may be there afterwards, over many throws of the dice."""
    return [after_power_loss(steps, luck, Random(n)) for luck in lucks or Luck for n in range(40)]


def test_what_was_fsynced_with_its_name_is_always_there() -> None:
    assert outcomes([*OLD, Write(1, 0, b"new")], Luck.NOTHING)[0] == {"/a": b"old " * 512}
    assert all(len(tree["/a"] or b"") == 2048 for tree in outcomes(OLD))


def test_a_file_whose_folder_was_not_fsynced_may_be_lost_with_all_its_bytes() -> None:
    found = outcomes([Name("/a", 1), Write(1, 0, b"bytes"), Sync(1)])

    assert {} in found
    assert {"/a": b"bytes"} in found


def test_a_name_may_be_there_before_its_bytes() -> None:
    found = outcomes([Name("/a", 1), Write(1, 0, b"bytes"), SyncFolder("/")])

    assert {tree["/a"] for tree in found} == {b"", b"bytes"}


def test_an_overwritten_file_is_old_or_new_sector_by_sector() -> None:
    found = {tree["/a"] or b"" for tree in outcomes([*OLD, Write(1, 0, b"new " * 512)])}

    assert {b"old " * 512, b"new " * 512} < found
    for data in found:
        assert all(data[at : at + SECTOR] in (b"old " * 128, b"new " * 128) for at in range(0, 2048, SECTOR))
    assert any(data.startswith(b"old ") and data.endswith(b"new ") for data in found)
    assert any(data.startswith(b"new ") and data.endswith(b"old ") for data in found)


def test_a_later_write_may_arrive_without_the_earlier_one() -> None:
    found = [tree["/a"] or b"" for tree in outcomes([*OLD, Write(1, 0, b"1"), Write(1, SECTOR, b"2")])]

    assert any(data[:1] == b"o" and data[SECTOR : SECTOR + 1] == b"2" for data in found)


def test_a_rename_is_the_old_file_or_the_new_one() -> None:
    found = outcomes([*OLD, Name("/b", 2), Write(2, 0, b"new"), Sync(2), Rename("/b", "/a")])

    assert {tree["/a"] for tree in found} == {b"old " * 512, b"new"}


def test_a_removed_file_may_come_back_until_its_folder_is_fsynced() -> None:
    assert any("/a" in tree for tree in outcomes([*OLD, Unlink("/a")]))
    assert outcomes([*OLD, Unlink("/a"), SyncFolder("/")], Luck.NOTHING)[0] == {}


def test_after_a_failed_fsync_a_later_one_does_not_bring_the_bytes_back() -> None:
    steps = [*OLD, Write(1, 0, b"new "), Forgotten(1), Write(1, 4, b"then"), Sync(1)]

    for tree in outcomes(steps):
        assert (tree["/a"] or b"")[:8] == b"old then"


def test_what_programs_do_in_the_mounted_folder_is_remembered_step_by_step(tmp_path: Path) -> None:
    source = lay_out({"/log": None, "/log/head": b"old"}, tmp_path / "source")
    with mounted(source, tmp_path) as mount:
        descriptor = os.open(mount.path / "log/head", os.O_RDWR)
        os.pwrite(descriptor, b"n", 1)
        os.fdatasync(descriptor)
        os.pwrite(descriptor, b"w", 2)
        os.close(descriptor)
        (mount.path / ".said").write_text('{"word"}\n{"wo')
        new = mount.path / "log/new"
        new.write_bytes(b"new")
        new.rename(mount.path / "log/head")
        assert (mount.path / "log/head").read_bytes() == b"new"
        folder = os.open(mount.path / "log", os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    steps = mount.steps()

    synced = max(n for n, step in enumerate(steps) if isinstance(step, Sync))
    assert after_power_loss(steps[: synced + 2], Luck.NOTHING, Random(1)) == {"/log": None, "/log/head": b"ond"}
    assert after_power_loss(steps[: synced + 2], Luck.EVERYTHING, Random(1)) == {"/log": None, "/log/head": b"onw"}
    assert after_power_loss(steps, Luck.NOTHING, Random(1)) == {"/log": None, "/log/head": b""}
    assert said(steps) == [b'{"word"}']


@pytest.mark.parametrize(("kind", "error"), [("write", errno.ENOSPC), ("sync", errno.EIO), ("create", errno.ENOSPC)])
def test_ordered_errors_come_when_they_are_due_and_go(tmp_path: Path, kind: str, error: int) -> None:
    def work() -> None:
        descriptor = os.open(mount.path / f"file {kind}", os.O_WRONLY | os.O_CREAT)
        try:
            os.write(descriptor, b"bytes")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
            (mount.path / f"file {kind}").unlink()

    with mounted(lay_out({}, tmp_path / "source"), tmp_path) as mount:
        mount.fail(kind, error, after=1)
        work()
        with pytest.raises(OSError, match=os.strerror(error)):
            work()
        mount.heal()
        work()
