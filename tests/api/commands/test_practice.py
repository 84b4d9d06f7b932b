"""A practice ledger is never mistaken for a real one: every command says it, and nothing of one enters the other."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.commands import app, main, output
from api.commands.practice import MAKES_PRACTICE
from api.folder import Folder, make_ledger
from api.key_file import read_key
from ledger.errors import Refused
from ledger.practice import is_practice, practice_host

Run = Callable[..., tuple[int, str, str]]
SAID = "PRACTICE LEDGER"
WORDS = ("--organisation", "Test Clinic", "--officer", "One", "--officer", "Two", "--host", "clinic.example")
READS = (
    "verify",
    "checkpoint",
    "receipt",
    "keys",
    "devices",
    "pending",
    "ready",
    "search",
    "timeline",
    "balance",
    "refused",
    "findings",
    "trends",
)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr(output.err, "_width", 400)

    def type_in(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["session-ledger", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return type_in


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real ledger and a practice one, each with what it gives out: `real`, `practice`."""
    root = tmp_path_factory.mktemp("two")
    (root / "passphrase").write_text("correct horse battery")
    with pytest.MonkeyPatch.context() as patch:
        for name, more in (
            ("real", ("--passphrase-file", str(root / "passphrase"))),
            ("practice", ("--practice",)),
        ):
            for words in (
                ("init", root / name, *WORDS, *more, "--json"),
                ("checkpoint", root / name, "--out", root / f"{name}.checkpoint"),
                ("receipt", root / name, "0", "--out", root / f"{name}.receipt"),
            ):
                patch.setattr(sys, "argv", ["session-ledger", *map(str, words)])
                with pytest.raises(SystemExit) as ended:
                    main()
                assert not ended.value.code
    return root


@pytest.fixture
def two(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "two"))


def officer(folder: Path) -> Path:
    return min((folder / "people").iterdir())


def test_the_name_says_practice_and_so_does_all_that_carries_it(made: Path) -> None:
    for name in ("checkpoint", "receipt"):
        assert b"practice.clinic.example/" in (made / f"practice.{name}").read_bytes()
        assert b"practice" not in (made / f"real.{name}").read_bytes()
    assert is_practice(json.loads((made / "practice" / "ledger.json").read_text())["origin"])
    assert practice_host(practice_host("clinic.example")) == "practice.clinic.example"


def test_every_command_says_it_first(run: Run, two: Path) -> None:
    """Also when it is refused for something else: each is given the folder and nothing that fits besides."""
    known = {str(each.name) for each in app.registered_commands}
    more: dict[str, tuple[Any, ...]] = {
        "history": ("C-07",),
        "correct-clock": ("--key", two / "no.key", "--reason", "battery-empty", "--yes"),
        "revoke-key": ("00", "--reason", "left-the-clinic", "--key", two / "no.key"),
        "erase": ("person/x",),
        "receipt": ("0",),
        "anchor": (two / "practice.checkpoint", "--place", "safe"),
        "hand-in": (two / "practice.checkpoint",),
        "transcribe": (two / "no.yaml", "--scan", two / "practice.checkpoint", "--as", officer(two / "practice")),
        "countersign": ("--as", officer(two / "practice"), "--yes"),
        "check-scan": (two / "practice.checkpoint",),
        "serve": ("--host", "203.0.113.1"),
        "search": ("--type", "nothing"),
        "reports": ("--to", two / "reports.db"),
    }
    before: dict[str, tuple[Any, ...]] = {"ask": ("1",), "what-if": (two / "no.json",)}
    for name in sorted(known - {"init", "check-copy", "check-receipt", *MAKES_PRACTICE}):
        _, _, error = run(name, *before.get(name, ()), two / "practice", *more.get(name, ()))
        assert SAID in error, (name, error)
        if name in READS:
            assert SAID not in "".join(run(name, *before.get(name, ()), two / "real", *more.get(name, ()))[1:]), name
    assert SAID in run("check-receipt", two / "practice.receipt", "--pin", two / "practice" / "ledger.json")[2]
    assert SAID in run("check-copy", two / "practice.receipt", "--pin", two / "practice" / "ledger.json")[2]
    assert SAID in run("init", two / "third", *WORDS, "--practice")[2]


@pytest.mark.parametrize("name", ["verify", "checkpoint", "receipt", "keys", "devices", "pending", "search"])
def test_json_carries_it(run: Run, two: Path, name: str) -> None:
    more = ("0",) if name == "receipt" else ()
    for sort, said in (("practice", True), ("real", None)):
        value = json.loads(run(name, two / sort, *more, "--json")[1])
        if isinstance(value, dict):
            assert value.get("practice") is said
        else:
            assert sort == "real" or SAID in run(name, two / sort, *more, "--json")[2]


@pytest.mark.parametrize(
    ("here", "there", "code"), [("real", "practice", "practice-ledger"), ("practice", "real", "real-ledger")]
)
def test_nothing_of_one_passes_in_the_other(run: Run, two: Path, here: str, there: str, code: str) -> None:
    folder, pin = two / here, two / here / "ledger.json"
    for words in (
        ("check-receipt", two / f"{there}.receipt", "--pin", pin),
        ("verify", folder, "--checkpoint", two / f"{there}.checkpoint"),
        ("hand-in", folder, two / f"{there}.checkpoint"),
        (
            "init",
            two / "next",
            *WORDS,
            "--continues",
            two / there,
            *(("--practice",) if here == "practice" else ("--passphrase-file", two / "passphrase")),
        ),
        ("countersign", folder, "--as", officer(two / there), "--yes"),
    ):
        ended, _, error = run(*words)
        assert ended == 2, (words, error)
        assert code in error, (words, error)
        assert "What to do" in error


def test_a_key_made_for_practice_is_refused_by_a_real_ledger_before_its_passphrase_is_asked(two: Path) -> None:
    real, practice = officer(two / "real"), officer(two / "practice")
    names = {sort: json.loads((two / sort / "ledger.json").read_text())["origin"] for sort in ("real", "practice")}

    for path, ledger, code in ((practice, names["real"], "practice-ledger"), (real, names["practice"], "real-ledger")):
        with pytest.raises(Refused) as refused:
            read_key(path, lambda: pytest.fail("no passphrase is asked"), ledger)
        assert refused.value.code == code
        assert refused.value.remedy
    assert read_key(practice, str, names["practice"]).owner.startswith("staff/")


def test_a_name_and_the_word_practice_belong_together(run: Run, tmp_path: Path) -> None:
    ended, _, error = run("init", tmp_path / "x", *WORDS[:-1], "practice.clinic.example", "--passphrase-file", "none")
    assert (ended, "practice-name" in error, (tmp_path / "x").exists()) == (2, True, False)
    for origin, practice in (
        ("clinic.example/00c0ffee00c0ffee", True),
        ("practice.clinic.example/00c0ffee00c0ffee", False),
    ):
        with pytest.raises(Refused) as refused:
            make_ledger(tmp_path / "y", origin, "X", lambda _: pytest.fail("no"), clock=None, practice=practice)  # type: ignore[arg-type]
        assert refused.value.code == "practice-name"


def test_a_practice_ledger_whose_file_says_that_it_is_real_is_not_opened(run: Run, two: Path) -> None:
    path = Folder(two / "practice").pin_file
    path.write_text(json.dumps(json.loads(path.read_text()) | {"practice": False}))

    ended, _, error = run("verify", two / "practice")

    assert ended == 2
    assert "ledger-file" in error


def test_play_of_an_unknown_name_lists_the_stories_there_are(run: Run, tmp_path: Path) -> None:
    ended, _, error = run("play", "seven-sessions", tmp_path / "seven")

    assert ended == 2
    for name in ("hospital-transfer", "one-partner-declines", "retreat-weekend", "six-sessions"):
        assert name in error.replace("\n", " ")


def test_handing_in_a_file_that_is_no_note_says_what_to_give(run: Run, two: Path) -> None:
    (two / "no.note").write_text("a shopping list\n")

    ended, _, error = run("hand-in", two / "practice", two / "no.note")

    assert ended == 2
    assert "signed note that session-ledger checkpoint" in error.replace("\n", " ")


@pytest.mark.parametrize("name", ["timeline", "pending", "search", "balance"])
def test_a_missing_folder_of_subject_keys_is_named_by_whoever_needs_it(run: Run, two: Path, name: str) -> None:
    assert "Missing" not in run(name, two / "practice")[2]
    shutil.rmtree(two / "practice" / "subjects")

    error = run(name, two / "practice")[2].replace("\n", "")

    assert "Missing" in error
    assert "subjects" in error
