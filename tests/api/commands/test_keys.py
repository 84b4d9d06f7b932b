"""`keys`, `revoke-key` and what the other commands then say, as a person reads it at a terminal."""

from __future__ import annotations

import json
from pathlib import Path

from tests.api.commands.test_commands import Run, as_json, copy, run, weekend

__all__ = ["copy", "run", "weekend"]


def key_of(folder: Path, owner: str) -> Path:
    return next(path for path in (folder / "people").glob("*.key") if json.loads(path.read_text())["owner"] == owner)


def test_keys_are_listed_and_those_of_participants_on_demand(run: Run, weekend: Path) -> None:
    code, words, _ = run("keys", weekend)
    everybody = run("keys", weekend, "--all")[1]
    said = as_json(run("keys", weekend, "--json"))

    assert code == 0
    for word in ("officer", "valid", "RN1", "MD1", "Enrolled", "log key", "added at 0", "keys of participants: --all"):
        assert word in words
    assert "session/" not in words
    assert "session/" in everybody
    assert {key["state"] for key in said["keys"]} == {"valid"}
    assert said["log_keys"][0]["retired_at"] is None


def test_a_revoked_key_is_seen_in_verify_keys_timeline_and_history(run: Run, copy: Path) -> None:
    said = as_json(run("keys", copy, "--json"))["keys"]
    officer = next(key for key in said if key["officer"])
    signed = as_json(run("timeline", copy, "2026-05-16", "--json"))["rows"]
    dose = next(row for row in signed if row["type"] == "dose-administered/1")
    entry = next(key for key in said if not key["officer"] and key["owner"].startswith("staff/"))

    words = ["--reason", "tablet-stolen", "--suspect-from", dose["position"], "--key", key_of(copy, officer["owner"])]
    code, shown, _ = run("revoke-key", copy, entry["kid"][:10], *words)

    assert code == 0
    assert "Revoked" in shown
    assert f"from position {dose['position']} on is disputed" in shown
    code, shown, _ = run("verify", copy)
    assert code == 20
    for word in ("disputed", "tablet-stolen", "Can be confirmed by", "signatures by keys kept"):
        assert word in shown
    assert "quarantined" in run("keys", copy)[1]
    assert "■ disputed" in run("timeline", copy, "2026-05-16")[1]
    assert "■ disputed" in run("history", copy, "C-07")[1]
    assert run("verify", copy, "--json")[0] == 20


def test_a_revocation_is_refused_in_words(run: Run, copy: Path) -> None:
    said = as_json(run("keys", copy, "--json"))["keys"]
    nurse = next(key for key in said if not key["officer"] and key["owner"].startswith("staff/"))

    own = run("revoke-key", copy, nurse["kid"], "--reason", "lost", "--key", key_of(copy, nurse["owner"]))
    nobody = run("revoke-key", copy, nurse["kid"][:4], "--reason", "lost", "--key", key_of(copy, nurse["owner"]))

    assert own[0] == nobody[0] == 2
    assert "does not sign its own revocation" in own[2]
    assert "No such key" in nobody[2]
