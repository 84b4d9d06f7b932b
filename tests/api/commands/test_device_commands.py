"""`devices`, `refused` and `hand-in` on the command line, over a ledger in a folder."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.commands import main, output
from api.key_file import write_key
from ledger.envelope import parse_envelope
from ledger.tlog.checkpoint import Checkpoint, sign_checkpoint
from tests.api.web.practice import Practice
from tests.ledger.clinic import ORIGIN, check, uuid
from tests.ledger.tablets import Tablet

TABLET = f"device/{uuid(81)}"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command; its exit code, standard output and standard error."""
    monkeypatch.setattr(output.out, "_width", 200)

    def type_in(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["session-ledger", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return type_in


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    made = Practice(tmp_path / "ledger")
    yield made
    made.opened.store.close()


@pytest.fixture
def folder(practice: Practice) -> Path:
    return practice.opened.folder.root


def test_devices_names_what_is_missing_and_where_it_shows(practice: Practice, folder: Path, run: Run) -> None:
    tablet = Tablet(practice.clinic, TABLET)
    first, _, third = tablet.writes(), tablet.writes(), tablet.writes()
    practice.clinic.recorder.record_each([first, third])

    code, out, _ = run("devices", folder)
    assert code == 0
    assert f"{TABLET} (nobody enrolled it)  2 entries, up to number 3" in out
    assert f"hole at number 2 (positions {practice.size - 2}, {practice.size - 1})" in out
    (device,) = json.loads(run("devices", folder, "--json")[1])["devices"]
    assert device["faults"][0]["fault"] == "hole"


def test_devices_of_a_ledger_without_any(folder: Path, run: Run) -> None:
    assert "No device was enrolled, and none has written." in run("devices", folder)[1]


def test_refused_lists_other_content_under_a_used_id(practice: Practice, folder: Path, run: Run) -> None:
    tablet = Tablet(practice.clinic, TABLET)
    first = tablet.writes()
    number = parse_envelope(first.envelope).payload.id
    assert "Nothing was refused and kept." in run("refused", folder)[1]
    practice.clinic.recorder.record_each([first, tablet.writes(check(200, 100), id=number)])

    code, out, _ = run("refused", folder)
    assert code == 0
    assert "id-used" in out and number in out and f"first at position {practice.size - 1}" in out
    (kept,) = json.loads(run("refused", folder, "--json")[1])["refused"]
    assert kept["event_id"] == number


def test_hand_in_says_that_a_kept_checkpoint_agrees_and_stops_for_one_of_another_history(
    practice: Practice, folder: Path, tmp_path: Path, run: Run
) -> None:
    write_key(
        folder / "log" / "log.key", hashlib.sha256(b"TEST ONLY log key").digest(), "log", None, practice.clinic.entropy
    )
    kept, forged = tmp_path / "kept", tmp_path / "forged"
    note = practice.opened.store.latest_checkpoint()
    assert note is not None
    kept.write_bytes(note)
    forged.write_bytes(sign_checkpoint(Checkpoint(ORIGIN, 5, bytes(32)), (practice.clinic.signer,)))

    code, out, _ = run("hand-in", folder, kept)
    assert (code, "Agrees" in out) == (0, True)
    code, _, err = run("hand-in", folder, forged)
    assert (code, "two-histories" in err) == (40, True)
    assert (folder / "log" / "head.stopped").read_bytes() == forged.read_bytes()
    assert run("hand-in", folder, kept)[0] == 40
    assert run("hand-in", folder, tmp_path / "nowhere")[0] == 2
