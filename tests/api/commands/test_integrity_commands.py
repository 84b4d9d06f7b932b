"""`verify --record` and `anchor`: what the ledger finds out about itself, and what stands outside, become entries."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from api.commands import main
from api.key_file import write_key
from api.web.one_writer import only_writer
from ledger.events.integrity import SysCheckpointAnchored, SysIntegrityFailed, SysIntegrityVerified
from ledger.follow import place
from ledger.store.port import EventRow
from ledger.store.sqlite import open_for_audit
from tests.api.web.practice import Practice
from tests.ledger.clinic import PT1, Entropy

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def type_in(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["session-ledger", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return type_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A clinic's ledger that nobody serves any more, whose service has a key of its own."""
    made = Practice(tmp_path / "ledger")
    write_key(tmp_path / "ledger" / "log" / "log.key", made.clinic.signer.seed, "log", None, Entropy("log"))
    with made.client:
        officer = made.at(PT1, "prescriber")
        asked = officer.post("/v1/service-key").json()
        officer.post(f"/v1/enrolments/{asked['id']}/approval", made.approvals(asked["items"]))
    made.opened.store.close()
    return tmp_path / "ledger"


def events(folder: Path) -> Iterator[tuple[int, Any]]:
    store = open_for_audit(folder / "ledger.db")
    try:
        for row in store.rows(0, 500):
            if isinstance(row, EventRow) and row.type.startswith("sys-"):
                event = place(store, row).event
                if isinstance(event, SysIntegrityVerified | SysIntegrityFailed | SysCheckpointAnchored):
                    yield row.position, event
    finally:
        store.close()


def test_verify_records_its_result_only_when_asked_to(run: Run, folder: Path) -> None:
    plain = json.loads(run("verify", folder, "--json")[1])
    assert (plain["recorded"], list(events(folder))) == (None, [])

    code, text, _ = run("verify", folder, "--record", "--json")
    ((position, verified),) = events(folder)

    said = json.loads(text)
    assert (code, said["recorded"]) == (0, position)
    assert (verified.size, verified.root) == (said["size"], said["root"])
    assert f"recorded at position {position + 1}" in run("verify", folder, "--record")[1]
    assert run("verify", folder)[0] == 0


def change(folder: Path, statement: str) -> int:
    """Change the stored row of the newest event that is about no key, behind the ledger's back; its position."""
    with closing(sqlite3.connect(folder / "ledger.db")) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        ((position,),) = connection.execute("SELECT max(position) FROM events WHERE type LIKE 'session-scheduled%'")
        connection.execute(statement, (position,))
    return int(position)


def test_a_ledger_that_does_not_verify_says_so_in_itself_where_it_still_can(run: Run, folder: Path) -> None:
    changed = change(
        folder, "UPDATE events SET envelope = CAST(replace(envelope, 'sig', 'sIg') AS BLOB) WHERE position = ?"
    )

    code, text, _ = run("verify", folder, "--record", "--json")

    said = json.loads(text)
    ((position, failed),) = events(folder)
    assert (code, said["recorded"], said["first_problem"]["position"]) == (40, position, changed)
    assert (failed.position, failed.codes[0]) == (changed, said["first_problem"]["code"])


def test_a_ledger_that_takes_no_entry_any_more_is_told_as_not_verified_all_the_same(run: Run, folder: Path) -> None:
    change(folder, "DELETE FROM events WHERE position = ?")

    code, text, said = run("verify", folder, "--record")

    assert (code, "NOT VERIFIED" in text, "Not recorded" in said) == (40, True, True)


def test_nothing_is_recorded_beside_a_service_or_without_its_key(run: Run, folder: Path) -> None:
    with only_writer(folder):
        code, _, said = run("verify", folder, "--record")
    assert (code, "ledger-served" in said) == (2, True)

    (folder / "service.key").unlink()
    code, _, said = run("verify", folder, "--record")
    assert (code, "service-key-missing" in said) == (2, True)
    assert list(events(folder)) == []


def test_a_checkpoint_put_down_outside_is_recorded_once_with_the_hash_of_its_proof(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    kept, letter = tmp_path / "march.checkpoint", tmp_path / "letter.pdf"
    letter.write_bytes(b"TEST ONLY: a letter")
    run("checkpoint", folder, "--out", kept)
    words = ("anchor", folder, kept, "--place", "safe of Miller and Sons, envelope 12", "--proof", letter)

    first, again = run(*words, "--json"), run(*words, "--json")

    ((position, anchor),) = events(folder)
    assert [json.loads(each[1]) for each in (first, again)] == [
        {"position": position, "new": True, "proof": anchor.proof, "practice": True},
        {"position": position, "new": False, "proof": anchor.proof, "practice": True},
    ]
    assert anchor.proof == hashlib.sha256(letter.read_bytes()).hexdigest()
    assert (anchor.place, str(anchor.size)) == ("safe of Miller and Sons, envelope 12", kept.read_text().split("\n")[1])
    assert "already" in run(*words)[1]


def test_what_is_no_checkpoint_of_this_ledger_is_no_anchor(run: Run, folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "march.checkpoint"
    run("checkpoint", folder, "--out", kept)

    missing = run("anchor", folder, tmp_path / "nothing", "--place", "safe")
    named = run("anchor", folder, kept, "--place", "with person/5f2c")
    kept.write_text(kept.read_text().replace("\n1", "\n2", 1))
    forged = run("anchor", folder, kept, "--place", "safe")

    assert [each[0] for each in (missing, named, forged)] == [2, 2, 2]
    assert ("checkpoint-file" in missing[2], "note-signature" in forged[2]) == (True, True)
    assert list(events(folder)) == []
