"""Paper days on the command line: an empty sheet, a checked one, a recorded one, and those it names."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from api.commands import main, output
from api.commands.verify import verify_folder
from api.key_file import write_key
from api.paper.sheet import sheet_of
from tests.api.web.practice import Practice
from tests.api.web.test_paper_days import SHEET
from tests.ledger.clinic import MD1, RN1, Entropy

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr(output.out, "_width", 200)

    def type_in(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["session-ledger", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return type_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A clinic's ledger, a sheet, its scan, and key files of RN1 and MD1."""
    made = Practice(tmp_path / "ledger")
    clinic = made.clinic
    write_key(tmp_path / "ledger" / "log" / "log.key", clinic.signer.seed, "log", None, Entropy("log"))
    for owner, name in ((RN1, "rn1"), (MD1, "md1")):
        write_key(
            tmp_path / f"{name}.key", hashlib.sha256(f"TEST ONLY {owner}".encode()).digest(), owner, None, Entropy(name)
        )
    (tmp_path / "sheet.yaml").write_text(SHEET)
    (tmp_path / "scan.pdf").write_bytes(b"TEST ONLY: a scan")
    made.opened.store.close()
    made.service.database.close()
    made.service.book.close()
    return tmp_path


def words(folder: Path, *more: str, sheet: str = "sheet.yaml") -> list[object]:
    ledger = folder / "ledger"
    return ["transcribe", ledger, folder / sheet, "--scan", folder / "scan.pdf", "--as", folder / "md1.key", *more]


def test_the_empty_sheet_is_a_sheet(run: Run) -> None:
    code, text, _ = run("transcribe", "--template")

    sheet = sheet_of(text)
    assert (code, sheet.problems, [line.number for line in sheet.lines]) == (0, (), [1, 2])


def test_a_sheet_is_typed_in_once_and_countersigned(run: Run, folder: Path) -> None:
    ledger = folder / "ledger"
    assert run(*words(folder, "--role", "prescriber", "--check"))[0] == 0
    assert run("check-scan", ledger, folder / "scan.pdf")[0] == 2

    code, text, _ = run(*words(folder, "--role", "prescriber", "--yes"))
    assert code == 0
    assert "Recorded 2 lines" in text
    assert "recorded already" in run(*words(folder, "--role", "prescriber", "--yes"))[1]
    code, text, _ = run("check-scan", ledger, folder / "scan.pdf")
    assert (code, "This is the scan" in text, text.count("whom the sheet names")) == (0, True, 2)

    code, text, _ = run("countersign", ledger, "--as", folder / "rn1.key", "--yes")
    assert code == 0
    assert "To countersign: 2 lines of 2026-05-16" in text
    assert "Signed 2 of 2 entries" in text
    assert (
        "Nothing that was typed from paper waits for you" in run("countersign", ledger, "--as", folder / "rn1.key")[1]
    )
    assert "Nothing lacks a signature" in run("pending", ledger)[1]
    assert verify_folder(ledger).holds


def test_with_a_wrong_line_nothing_is_recorded_unless_one_asks_for_the_others(run: Run, folder: Path) -> None:
    (folder / "wrong.yaml").write_text(SHEET.replace("122/80", "322/80").replace("for: Sat/Ben", "for: Sat/Bob"))

    code, text, error = run(*words(folder, "--role", "prescriber", "--yes", sheet="wrong.yaml"))
    assert code == 2
    assert "Line 2, line 14 of the file (for)" in text
    assert "paper-lines" in error
    assert (
        json.loads(run("check-scan", folder / "ledger", folder / "scan.pdf", "--json")[1])["error"]["code"]
        == "scan-unknown"
    )

    assert run(*words(folder, "--role", "prescriber", "--yes", "--only-good", sheet="wrong.yaml"))[0] == 0
    assert run(*words(folder, "--role", "prescriber", "--yes"))[0] == 0
    said = json.loads(run("check-scan", folder / "ledger", folder / "scan.pdf", "--json")[1])
    assert [each["line"] for each in said["sheets"][0]["entries"]] == [1, 2]


def test_a_dispute_has_a_reason_and_is_about_something_that_waits(run: Run, folder: Path) -> None:
    run(*words(folder, "--role", "prescriber", "--yes"))
    sign = ("countersign", folder / "ledger", "--as", folder / "rn1.key", "--yes")
    waiting = json.loads(run("check-scan", folder / "ledger", folder / "scan.pdf", "--json")[1])["sheets"][0]["entries"]

    assert "reason-missing" in run(*sign, "--dispute", waiting[0]["position"])[2]
    assert "not-found" in run(*sign, "--only", 1)[2]
    done = json.loads(run(*sign, "--dispute", waiting[0]["position"], "--reason", "no", "--json")[1])
    assert [each["verdict"] for each in done["entries"]] == ["disputes", "confirms"]


def test_a_scan_that_is_not_there_or_empty_is_named(run: Run, folder: Path) -> None:
    (folder / "scan.pdf").write_bytes(b"")
    assert "scan-file" in run(*words(folder))[2]
    (folder / "scan.pdf").unlink()
    assert "scan-file" in run(*words(folder))[2]
