"""Changing the log key of a ledger in a folder: the whole ceremony, broken off at every step and taken up again."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from api.commands import main
from api.commands.verify import verify_folder
from api.folder import Folder, SystemClock, open_ledger, open_recorder, read_pin
from api.key_file import read_seed, write_key
from api.log_key_change import ChangeOfLogKey, LogKeyChange
from api.officer_acts import KeyHolder, OfficerDesk, holders_of
from ledger.errors import Refused
from ledger.events.keys import LogKeyAdded
from ledger.follow import key_history
from ledger.tlog.note import LogSigner
from tests.ledger.clinic import Entropy

STEPS = (
    "new-key-written",
    "log-key-added",
    "overlap-signed",
    "log-key-retired",
    "pin-written",
    "log-key-replaced",
)


class Broken(Exception):
    """The power fails here."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice ledger of two officers, made on the command line."""
    root = tmp_path_factory.mktemp("made") / "ledger"
    words = ["init", str(root), "--organisation", "Test Clinic", "--officer", "A", "--officer", "B", "--practice"]
    done = subprocess.run(
        [sys.executable, "-c", "from api.commands import main; main()", *words, "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["practice"]
    return root


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "ledger"))


def officer_files(root: Path) -> list[Path]:
    return sorted((root / "people").iterdir())


def change(root: Path, files: Sequence[Path], until: str = "", at: list[str] | None = None) -> LogKeyChange:
    """Run the change; it breaks off after the step `until`."""

    def step(name: str) -> None:
        if at is not None:
            at.append(name)
        if name == until:
            raise Broken

    def officers() -> list[KeyHolder]:
        return holders_of(files, lambda: "")

    opened = open_ledger(root)
    try:
        entropy = Entropy(f"change {opened.store.head().size}")
        return ChangeOfLogKey(opened, SystemClock(), entropy, lambda: "", None, step).run(officers)
    finally:
        opened.store.close()


def serves(root: Path) -> int:
    """A process takes up the ledger with the log key that lies there, as `serve` does, and signs."""
    opened = open_ledger(root)
    try:
        return open_recorder(opened, SystemClock(), lambda: "").commit_heads()
    finally:
        opened.store.close()


def log_vkey(root: Path) -> str:
    return str(LogSigner(read_pin(root / "ledger.json").pin.origin, read_seed(root / "log/log.key", lambda: "")).vkey)


def test_the_change_takes_all_its_steps_and_the_old_pin_still_verifies(folder: Path, tmp_path: Path) -> None:
    old_pin = Path(shutil.copy(folder / "ledger.json", tmp_path / "old.json"))
    old_key = log_vkey(folder)
    steps: list[str] = []

    done = change(folder, officer_files(folder), at=steps)

    assert tuple(steps) == STEPS
    assert (done.old, done.new) == (old_key, log_vkey(folder))
    assert not (folder / "log/log.key.new").exists()
    serves(folder)
    for pin in (None, old_pin):
        report = verify_folder(folder, pin_file=pin)
        assert report.problems == ()
        assert report.doubts == ()
    assert [key.retired_at is None for key in read_pin(folder / "ledger.json").log_keys] == [False, True]
    assert read_pin(folder / "ledger.json").pin == read_pin(old_pin).pin


@pytest.mark.parametrize("until", STEPS[:-1])
@pytest.mark.parametrize("used_between", [False, True])
def test_broken_off_after_any_step_it_is_taken_up_again(folder: Path, until: str, *, used_between: bool) -> None:
    with pytest.raises(Broken):
        change(folder, officer_files(folder), until)
    kept = read_seed(folder / "log/log.key.new", lambda: "")
    if used_between:
        if until in ("log-key-retired", "pin-written"):
            with pytest.raises(Refused, match="log-key-retired"):
                serves(folder)
        else:
            serves(folder)
    assert verify_folder(folder).problems == ()

    change(folder, officer_files(folder))

    assert read_seed(folder / "log/log.key", lambda: "") == kept
    serves(folder)
    assert verify_folder(folder).problems == ()
    opened = open_ledger(folder)
    log_keys = key_history(opened.store).log_keys()
    opened.store.close()
    assert [(key.vkey == log_vkey(folder), key.retired_at is None) for key in log_keys] == [
        (False, False),
        (True, True),
    ]


def test_when_the_old_key_alone_covered_the_new_one_the_overlap_is_made_behind_it(folder: Path) -> None:
    """The process died after the commit of log-key-added, and the service was started with the old key first."""
    write_key(folder / "log/log.key.new", bytes(range(32)), "log", None, Entropy())
    opened = open_ledger(folder)
    recorder = open_recorder(opened, SystemClock(), lambda: "")
    new = LogSigner(opened.pin.origin, bytes(range(32)))
    desk = OfficerDesk(opened.pin.origin, SystemClock().wall(), Entropy("desk"))
    officers = holders_of(officer_files(folder), lambda: "")
    recorder.record([desk.signed(LogKeyAdded(vkey=str(new.vkey)), officers, "enrolled", recorder)])
    opened.store.close()

    done = change(folder, officer_files(folder))

    assert done.new == str(new.vkey) == log_vkey(folder)
    assert done.overlap > 2
    assert verify_folder(folder).problems == ()


def test_a_new_key_that_was_half_written_is_written_again(folder: Path) -> None:
    (folder / "log/log.key.half").write_text('{"alg":')

    change(folder, officer_files(folder))

    assert verify_folder(folder).problems == ()


def test_it_may_be_changed_again_and_again(folder: Path) -> None:
    keys = [log_vkey(folder)]
    for _ in range(3):
        change(folder, officer_files(folder))
        keys.append(log_vkey(folder))

    assert len(set(keys)) == 4
    assert verify_folder(folder).problems == ()


@pytest.mark.parametrize("count", [0, 1])
def test_one_officer_alone_changes_nothing_that_counts(folder: Path, count: int) -> None:
    with pytest.raises(Refused, match="two-officers"):
        change(folder, officer_files(folder)[:count])

    assert verify_folder(folder).size == 1
    serves(folder)


def test_somebody_who_is_no_officer_does_not_change_the_log_key(folder: Path) -> None:
    stranger = folder.parent / "stranger.key"
    write_key(stranger, bytes(range(32)), "staff/00000000-0000-4000-8000-000000000009", None, Entropy())

    with pytest.raises(Refused, match="key-not-enrolled"):
        change(folder, [officer_files(folder)[0], stranger])

    serves(folder)
    assert verify_folder(folder).problems == ()


DYING = """
import os, pathlib, signal, sys
left = int(sys.argv.pop(1))
def dying(call):
    def counted(*given, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*given, **named)
    return counted
os.fsync, os.fdatasync, os.pwrite = dying(os.fsync), dying(os.fdatasync), dying(os.pwrite)
pathlib.Path.replace, pathlib.Path.rename = dying(pathlib.Path.replace), dying(pathlib.Path.rename)
from api.commands import main
main()
"""
"""The command, in a process that is killed in front of so many fsyncs and renames; one lies behind each commit."""


@pytest.mark.soak
def test_killed_in_front_of_any_write_it_is_taken_up_again(made: Path, tmp_path: Path) -> None:
    """Until a run gets through alive: killed there, verified, started with the log key at hand, and run again."""
    killed = 0
    for count in range(1, 100):
        root = Path(shutil.copytree(made, tmp_path / str(count)))
        a, b = officer_files(root)
        words = ["rotate-log-key", str(root), "--officer-key", str(a), "--officer-key", str(b), "--json"]
        first = subprocess.run([sys.executable, "-c", DYING, str(count), *words], capture_output=True, check=False)
        if first.returncode == 0:
            break
        killed += 1
        assert first.returncode == -signal.SIGKILL
        assert {problem.code for problem in verify_folder(root).problems} <= {"not-covered"}
        with suppress(Refused):  # `log-key-retired`, when it died between the retirement and the files
            serves(root)
        if (root / "log/log.key.new").exists() or read_pin(root / "ledger.json").log_keys == ():
            again = subprocess.run([sys.executable, "-c", DYING, "0", *words], capture_output=True, check=False)
            assert again.returncode == 0, again.stdout
        serves(root)
        assert verify_folder(root).problems == ()
        assert [key.retired_at is None for key in read_pin(root / "ledger.json").log_keys] == [False, True]
    assert killed >= 9


Run = Callable[..., Any]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command; its exit code and what it printed as JSON."""

    def type_in(*words: object) -> tuple[int, Any]:
        monkeypatch.setattr(sys, "argv", ["session-ledger", *map(str, words), "--json"])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), json.loads(capsys.readouterr().out)

    return type_in


def test_on_the_command_line_receipts_of_before_and_after_check(folder: Path, tmp_path: Path, run: Run) -> None:
    old_pin = shutil.copy(folder / "ledger.json", tmp_path / "old.json")
    run("receipt", folder, 0, "--out", tmp_path / "before.receipt")
    run("checkpoint", folder, "--out", tmp_path / "before.checkpoint")
    a, b = officer_files(folder)

    code, done = run("rotate-log-key", folder, "--officer-key", a, "--officer-key", b)

    assert code == 0
    run("receipt", folder, 0, "--out", tmp_path / "after.receipt")
    run("checkpoint", folder, "--out", tmp_path / "after.checkpoint")
    pin = Folder(folder).pin_file
    for receipt in ("before", "after"):
        assert run("check-receipt", tmp_path / f"{receipt}.receipt", "--pin", pin)[0] == 0
        assert run("verify", folder, "--checkpoint", tmp_path / f"{receipt}.checkpoint", "--pin", old_pin)[0] == 0
    assert run("check-receipt", tmp_path / "before.receipt", "--pin", old_pin)[0] == 0
    code, error = run("check-receipt", tmp_path / "after.receipt", "--pin", old_pin)
    assert (code, error["error"]["code"]) == (40, "note-unsigned")
    assert "--log-key" in error["error"]["remedy"]
    named = run("verify", folder, "--pin", old_pin)[1]["log_keys"]
    assert [key["vkey"] for key in named] == [done["old"], done["new"]]
    assert run("check-receipt", tmp_path / "after.receipt", "--pin", old_pin, "--log-key", done["new"])[0] == 0


def test_a_served_ledger_is_not_changed_under_the_service(folder: Path, run: Run) -> None:
    from api.web.one_writer import only_writer

    with only_writer(folder):
        code, error = run("rotate-log-key", folder)

    assert (code, error["error"]["code"]) == (2, "ledger-served")
    assert not (folder / "log/log.key.new").exists()
