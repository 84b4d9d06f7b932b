"""The command line as its users meet it: what they type, what they read, how it ends."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from api.commands import main, output
from api.folder import Folder

Run = Callable[..., tuple[int, str, str]]
STORY = Path(__file__).parents[3] / "api/stories/retreat-weekend.yaml"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command; its exit code, standard output and standard error."""

    monkeypatch.setattr(output.out, "_width", 160)

    def type_in(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["session-ledger", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return type_in


@pytest.fixture(scope="module")
def weekend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's ledger, played once."""
    root = tmp_path_factory.mktemp("weekend") / "ledger"
    done = subprocess.run(
        [sys.executable, "-c", "from api.commands import main; main()", "play", str(STORY), str(root)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def copy(weekend: Path, tmp_path: Path) -> Path:
    """A copy of it to spoil."""
    return Path(shutil.copytree(weekend, tmp_path / "ledger"))


def as_json(result: tuple[int, str, str]) -> Any:
    code, out, _ = result
    assert code == 0
    return json.loads(out)


def test_demo_plays_shows_verifies_and_catches_the_forger(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("demo", tmp_path / "demo")

    assert code == 0
    for words in (
        "100 mg sublingual from own-A",
        "until Sun 10:50 EDT",
        "until Sun 10:07 EDT",
        "until Mon 10:02 EDT",
        "10 − 3 = 7, counted 7, difference 0",
        "10 − 2 = 8, counted 8, difference 0",
        "Verified:",
        "Logged: position",
        "NOT VERIFIED",
        "What to try next",
    ):
        assert words in out
    assert (tmp_path / "demo/ledger.db").exists()


def test_demo_as_json_gives_the_same_facts(run: Run, tmp_path: Path) -> None:
    facts = as_json(run("demo", tmp_path / "demo", "--json"))

    assert facts["totals_mg"] == {"a": "300", "b": "200"}
    assert facts["balances"] == {"own-A": "0", "own-B": "0"}
    assert facts["verified"]["holds"] is True
    assert facts["forged"]["first_problem"]["position"] == facts["receipt"]["position"]


def test_demo_never_writes_over_anything(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "demo-ledger").mkdir()
    (tmp_path / "demo-ledger/mine.txt").write_text("keep me")

    code, out, _ = run("demo")

    assert code == 0
    assert "demo-ledger-2" in out
    assert [file.name for file in (tmp_path / "demo-ledger").iterdir()] == ["mine.txt"]


def test_init_makes_a_ledger_of_two_officers_that_verifies(run: Run, tmp_path: Path) -> None:
    words = (
        "init",
        tmp_path / "new",
        "--organisation",
        "Test Clinic",
        "--officer",
        "Ada",
        "--officer",
        "Bo",
        "--practice",
    )
    made = as_json(run(*words, "--json"))

    assert made["practice"] is True
    assert len({officer["kid"] for officer in made["officers"]}) == 2
    verified = as_json(run("verify", tmp_path / "new", "--json"))
    assert (verified["holds"], verified["events"]) == (True, 1)
    code, _, err = run(*words)
    assert code == 2
    assert "ledger-exists" in err


def test_init_protects_keys_with_a_passphrase(run: Run, tmp_path: Path) -> None:
    (tmp_path / "phrase").write_text("a long and boring sentence\n")
    officers = ("--officer", "Ada", "--officer", "Bo")

    made = as_json(
        run(
            "init",
            tmp_path / "new",
            "--organisation",
            "T",
            *officers,
            "--passphrase-file",
            tmp_path / "phrase",
            "--json",
        )
    )

    for file in [made["officers"][0]["file"], Folder(tmp_path / "new").log_key]:
        key = json.loads(Path(file).read_text())
        assert key["protection"]["kdf"] == "argon2id"
        assert Path(file).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--officer", "Ada"), "two-officers"),
        (("--officer", "Ada", "--officer", "Ada"), "two-officers"),
        (("--officer", "Ada", "--officer", "Bo", "--passphrase-file", "/nowhere"), "passphrase-file"),
    ],
)
def test_init_refuses_with_the_remedy_and_makes_nothing(
    run: Run, tmp_path: Path, words: tuple[str, ...], code: str
) -> None:
    exit_code, out, _ = run("init", tmp_path / "new", "--organisation", "T", *words, "--json")

    error = json.loads(out)["error"]
    assert (exit_code, error["code"]) == (2, code)
    assert not (tmp_path / "new").exists()


def test_a_missing_ledger_is_said_with_what_to_do(run: Run, tmp_path: Path) -> None:
    for command in ("timeline", "history", "balance", "verify"):
        code, _, err = run(command, tmp_path / "nothing")
        assert code == 2
        assert "no-ledger" in err
        assert "session-ledger demo" in err


def test_sessions_are_listed_and_chosen_by_date(run: Run, weekend: Path) -> None:
    listed = as_json(run("timeline", weekend, "--json"))
    assert [each["date"] for each in listed] == ["2026-05-16", "2026-05-17"]

    saturday = as_json(run("timeline", weekend, "2026-05-16", "--json"))
    assert saturday["summary"]["status"] == "closed"
    assert any("146/92" in row["phrase"] and row["slot"] == "b" for row in saturday["rows"])
    code, out, _ = run("timeline", weekend, "2026-05-18", "--json")
    assert (code, json.loads(out)["error"]["code"]) == (2, "not-found")


def test_a_partners_timeline_holds_nothing_of_the_other(run: Run, weekend: Path) -> None:
    own = as_json(run("timeline", weekend, "2026-05-16", "--partner", "a", "--json"))

    assert {row["slot"] for row in own["rows"]} == {"a", "both"}
    for value_of_b in ("146/92", "142/90", "own-B", "declined"):
        assert value_of_b not in json.dumps(own)


def test_the_timeline_answers_as_of_both_times(run: Run, weekend: Path) -> None:
    noon = as_json(run("timeline", weekend, "2026-05-16", "--up-to", "2026-05-16T15:30:00.000000Z", "--json"))
    early = as_json(run("timeline", weekend, "2026-05-16", "--known-at", "60", "--json"))

    assert max(row["local"] for row in noon["rows"]) <= "2026-05-16 11:30:00"
    assert max(row["position"] for row in early["rows"]) < 60
    code, out, _ = run("timeline", weekend, "2026-05-16", "--up-to", "half past ten", "--json")
    assert (code, json.loads(out)["error"]["code"]) == (2, "instant")


def test_history_and_balance_in_words_and_as_json(run: Run, weekend: Path) -> None:
    course = as_json(run("history", weekend, "C-07", "--json"))
    assert dict(map(tuple, course["total_mg"])) == {"a": "300", "b": "200"}
    assert "A 300 mg; B 200 mg" in run("history", weekend)[1]

    after_saturday = as_json(run("balance", weekend, "--up-to", "2026-05-16T23:00:00.000000Z", "--json"))
    assert {c["code"]: c["balance_units"] for c in after_saturday["containers"]} == {"own-A": "8.5", "own-B": "9"}


def test_a_receipt_is_checked_with_the_pin_alone(run: Run, weekend: Path, tmp_path: Path) -> None:
    file, pin = tmp_path / "dose.receipt", tmp_path / "ledger.json"
    shutil.copy(weekend / "ledger.json", pin)
    run("receipt", weekend, 75, "--out", file)

    assert as_json(run("check-receipt", file, "--pin", pin, "--json"))["position"] == 75
    file.write_bytes(file.read_bytes().replace(b"index 75", b"index 74"))
    code, out, _ = run("check-receipt", file, "--pin", pin, "--json")
    assert (code, json.loads(out)["error"]["code"]) == (40, "inclusion-proof")


def test_no_receipt_for_a_position_that_is_not_there(run: Run, weekend: Path) -> None:
    code, out, _ = run("receipt", weekend, 9999, "--json")

    assert (code, json.loads(out)["error"]["code"]) == (2, "not-found")


def test_verify_holds_the_ledger_against_a_kept_checkpoint(run: Run, weekend: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(weekend / "ledger.db")) as connection:
        (note,) = connection.execute("SELECT note FROM checkpoints WHERE size = 80").fetchone()
    kept = tmp_path / "march.checkpoint"
    kept.write_bytes(note)
    assert run("verify", weekend, "--checkpoint", kept)[0] == 0

    kept.write_bytes(note.replace(b"\n80\n", b"\n81\n"))
    code, _, err = run("verify", weekend, "--checkpoint", kept)
    assert code == 2
    assert "note-signature" in err


def test_verify_ends_with_40_and_names_the_first_bad_position(run: Run, copy: Path) -> None:
    with closing(sqlite3.connect(copy / "ledger.db")) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        (raw,) = connection.execute("SELECT envelope FROM events WHERE position = 88").fetchone()
        connection.execute("UPDATE events SET envelope = ? WHERE position = 88", (raw.replace(b"sig", b"sIg"),))

    code, out, _ = run("verify", copy, "--json")

    report = json.loads(out)
    assert code == 40
    assert report["first_problem"]["position"] == 88
    assert "88" in run("verify", copy)[1]


def test_verify_says_the_same_however_many_processes_work_on_it(run: Run, copy: Path) -> None:
    assert as_json(run("verify", copy, "--json", "--workers", "2")) == as_json(run("verify", copy, "--json"))

    with closing(sqlite3.connect(copy / "ledger.db")) as connection, connection:
        connection.execute("DROP TRIGGER events_update")
        connection.execute("UPDATE events SET envelope = substr(envelope, 1, 400) WHERE position = 88")

    assert run("verify", copy, "--json", "--workers", "2") == run("verify", copy, "--json")
    assert run("verify", copy)[0] == 40


def test_verify_of_a_damaged_file_says_so_instead_of_crashing(run: Run, copy: Path) -> None:
    data = bytearray((copy / "ledger.db").read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 4096] = bytes(4096)
    (copy / "ledger.db").write_bytes(data)

    code, out, _ = run("verify", copy, "--json")

    assert code == 40
    assert json.loads(out)["first_problem"] or json.loads(out)["error"]


def test_verify_without_subject_keys_checks_the_same_tree(run: Run, weekend: Path) -> None:
    with_keys = as_json(run("verify", weekend, "--json"))
    without = as_json(run("verify", weekend, "--without-keys", "--json"))

    assert without["root"] == with_keys["root"]
    assert without["withheld_blocks"] > with_keys["withheld_blocks"] == 0


def test_a_pin_that_is_not_of_this_ledger_is_noticed(run: Run, weekend: Path, tmp_path: Path) -> None:
    pin = json.loads((weekend / "ledger.json").read_text())
    pin["first_leaf"] = "0" * 64
    (tmp_path / "pin.json").write_text(json.dumps(pin))

    code, out, _ = run("verify", weekend, "--pin", tmp_path / "pin.json", "--json")

    assert code == 40
    assert json.loads(out)["first_problem"]["code"] == "other-genesis"


@pytest.mark.parametrize(
    "command",
    ["demo", "init", "play", "timeline", "pending", "history", "balance", "verify", "receipt", "check-receipt"],
)
def test_every_command_has_help_with_an_example_and_json(run: Run, command: str) -> None:
    code, out, _ = run(command, "--help")

    assert code == 0
    assert f"session-ledger {command}" in out.replace("\n", " ") or "Example" in out
    assert "--json" in out


def test_play_knows_the_stories_that_come_with_it_by_name(run: Run, tmp_path: Path) -> None:
    played = as_json(run("play", "six-sessions", tmp_path / "six", "--json"))
    code, _, error = run("play", "seven-sessions", tmp_path / "seven")

    assert (played["story"], len(played["events"])) == ("Six sessions", 408)
    assert ["SUP-02 N1 bls"] in [each["by"] for each in played["refused"]]
    assert code == 2
    assert "seven-sessions" in error
    assert not (tmp_path / "seven").exists()


@pytest.mark.parametrize("command", ["timeline", "history", "balance", "pending", "search"])
def test_what_is_read_from_a_practice_ledger_is_called_practice_beside_the_answer(
    run: Run, weekend: Path, copy: Path, command: str
) -> None:
    _, out, err = run(command, weekend, "--json")
    assert "PRACTICE LEDGER" in err
    assert json.loads(out) is not None

    pin = json.loads((copy / "ledger.json").read_text())
    (copy / "ledger.json").write_text(json.dumps(pin | {"practice": False}))
    assert "ledger-file" in run(command, copy, "--json")[1]
