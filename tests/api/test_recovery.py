"""
Recovery, as docs/recovery.md tells it: each ceremony walked from end to end by the people who would do it.

They sit at screens of the service and at the command line of the computer it runs on, on one and the same ledger.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.commands import main, output
from api.commands.report import show_report
from api.commands.verify import verify_folder
from api.folder import SystemClock, open_ledger, open_recorder
from api.key_file import write_key
from api.web.custody import DEVICE_COOKIE
from ledger.envelope import parse_envelope
from ledger.signing import SigningKey
from ledger.store.port import EventRow
from tests.api.web.practice import HEADERS, NURSE, PASSWORD, PIN, Practice, Screen, handed, item, licences, registers
from tests.ledger.clinic import MD1, PT1, RN1, SESSION, SLOT_A, Entropy, check, make, uuid

TH1, TH2, MD2 = f"staff/{uuid(8)}", f"staff/{uuid(9)}", f"staff/{uuid(6)}"
Run = Callable[..., tuple[int, Any]]
NEW_PIN = "975310"


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    """A served clinic whose clock is the computer's, as the command line's is."""
    served = Practice(tmp_path / "ledger")
    folder = served.opened.folder
    write_key(folder.log_key, hashlib.sha256(b"TEST ONLY log key").digest(), "log", None, Entropy("log key"))
    served.client.__enter__()
    go_on(served)
    yield served
    served.client.__exit__(None, None, None)
    served.opened.store.close()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command; its exit code and what it printed as JSON."""

    def type_in(*words: object) -> tuple[int, Any]:
        monkeypatch.setattr(sys, "argv", ["session-ledger", *map(str, words), "--json"])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), json.loads(capsys.readouterr().out)

    return type_in


def go_on(practice: Practice) -> None:
    """The service's clock shows what the computer's does."""
    clock, now = practice.clinic.clock, SystemClock().wall()
    clock.ticks += max(0.0, (now - clock.now).total_seconds())
    clock.now = max(clock.now, now)


def start_again(practice: Practice, *screens: Screen) -> list[Screen]:
    """The service is stopped and started; the same browsers come back to it and sign in."""
    practice.client.__exit__(None, None, None)
    practice.serve(open_recorder(practice.opened, practice.clinic.clock, lambda: ""), seed="service, started again")
    practice.client.__enter__()
    return [Screen(practice.client, screen.jar) for screen in screens]


def key_file(practice: Practice, owner: str) -> Path:
    """Somebody's key, in a file on their own stick."""
    path = practice.opened.folder.root.parent / f"{owner[-4:]}-{practice.clinic.keys[owner].kid[:8]}.key"
    if not path.exists():
        seeds = {owner: hashlib.sha256(f"TEST ONLY {owner}".encode()).digest(), MD2: bytes([6]) * 32}
        write_key(path, seeds[owner], owner, None, Entropy("stick"))
    return path


def hand_in(practice: Practice, screen: Screen, body: dict[str, Any]) -> dict[str, Any]:
    go_on(practice)
    done = screen.post("/v1/events", body)
    assert done.status_code == 201, done.json()
    return dict(done.json())


def approve(practice: Practice, officer: Screen, waiting: dict[str, Any], owner: str = PT1) -> None:
    go_on(practice)
    done = officer.post(f"/v1/enrolments/{waiting['id']}/approval", practice.approvals(waiting["items"], owner))
    assert done.status_code == 201, done.json()


def says(practice: Practice, screen: Screen, pin: str = PIN) -> tuple[int, dict[str, Any]]:
    go_on(practice)
    occurred = {"at": "2026-05-15T12:00:00.000000Z", "offset": 0, "precision": "min", "zone": "UTC"}
    fields = {"covers": ["a", "b"], "phase": "dialogue"}
    statement = {"type": "session-phase-changed/1", "stream": SESSION, "fields": fields, "occurred": occurred}
    answer = screen.post("/v1/statements", statement | {"pin": pin})
    return answer.status_code, answer.json()


def in_custody(practice: Practice, owner: str, code: str, officer: Screen) -> Screen:
    """A therapist without a device of their own, with a key the service keeps."""
    hand_in(practice, officer, handed(registers(practice.clinic, owner, code)))
    hand_in(practice, officer, handed(licences(practice.clinic, owner)))
    screen = practice.at(owner, "therapist")
    approve(practice, officer, screen.post("/v1/custody-keys", {"pin": PIN, "officer": "PT1"}).json())
    return screen


def revocation(practice: Practice, kid: str, reason: str, by: str = PT1) -> dict[str, Any]:
    event = make("key-revoked/1", key=kid, reason=reason, suspect_from=None)
    return handed(practice.clinic.submission(event, "keys", [(by, "revoked", "security-officer")]))


def valid_keys(screen: Screen, owner: str) -> list[str]:
    keys = screen.get("/v1/keys").json()["keys"]
    return [key["kid"] for key in keys if key["owner"] == owner and key["state"] == "valid"]


def test_lost_pin(practice: Practice, run: Run) -> None:
    """Invited anew, a new key under the new PIN; the old one is revoked, and what it signed stays as it is."""
    officer = practice.at(PT1, "medical-director")
    screen = in_custody(practice, TH1, "TH1", officer)
    assert says(practice, screen)[0] == 201
    (old,) = valid_keys(officer, TH1)

    invitation = officer.post("/v1/accounts", {"staff": "TH1", "roles": ["therapist"]}).json()["invitation"]
    taken = {"invitation": invitation, "password": PASSWORD, "pin": NEW_PIN}
    assert screen.post("/v1/invitations", taken).status_code == 201
    assert screen.sign_in("TH1").status_code == 200
    status, refused = says(practice, screen, NEW_PIN)
    assert (status, refused["code"]) == (403, "custody-device")
    approve(practice, officer, screen.post("/v1/custody-keys", {"pin": NEW_PIN, "officer": "PT1"}).json())
    hand_in(practice, officer, revocation(practice, old, "pin-lost"))

    assert says(practice, screen, NEW_PIN)[0] == 201
    assert old not in valid_keys(officer, TH1)
    code, report = run("verify", practice.opened.folder.root)
    assert (code, report["doubts"], report["custody"]["service"]) == (0, [], 4)


def shown(root: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What verify tells a person, in one line."""
    show_report(verify_folder(root))
    return " ".join(capsys.readouterr().out.split())


def test_lost_tablet(
    practice: Practice, run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Revoked at once on the command line, suspect from the last event its owner knows of; found again days later."""
    monkeypatch.setattr(output.out, "_width", 260)
    root = practice.opened.folder.root
    nurse, physician = practice.at(RN1, "nurse"), practice.at(MD1, "prescriber")
    known = hand_in(practice, nurse, handed(practice.clinic.submission(check(), SLOT_A, [NURSE])))
    foreign = hand_in(practice, nurse, handed(practice.clinic.submission(check(121), SLOT_A, [NURSE])))
    offline = handed(practice.clinic.submission(check(122), SLOT_A, [NURSE]))
    old = practice.clinic.keys[RN1].kid

    code, (done,) = run(
        "revoke-key", root, old[:12], "--reason", "tablet-lost", "--suspect-from", foreign["position"],
        "--key", key_file(practice, PT1),
    )  # fmt: skip
    assert (code, done["owner"]) == (0, RN1)
    payload, key = practice.possession(RN1, officer=MD1)
    waiting = nurse.post("/v1/enrolments", {"items": [item(payload, key)]}).json()
    approve(practice, physician, waiting, MD1)
    again = hand_in(practice, nurse, handed(practice.clinic.submission(check(123), SLOT_A, [NURSE])))
    found = hand_in(practice, nurse, offline)

    assert (again["quarantined"], found["quarantined"]) == (False, True)
    code, report = run("verify", root)
    assert code == 20
    assert report["holds"]
    assert (report["disputed"], report["quarantined"]) == ([foreign["position"]], [found["position"]])
    assert {doubt["owner"] for doubt in report["doubts"]} == {RN1}
    assert all(doubt["reason"] == "tablet-lost" and doubt["curable_by"] for doubt in report["doubts"])
    words = shown(practice.opened.folder.root, capsys)
    assert f"{foreign['position']}" in words
    assert "disputed" in words
    assert "tablet-lost" in words
    assert "the same person with a key that counts" in words
    assert "Verified" in words
    rows = {row["position"]: row for row in run("timeline", root, SESSION[8:16])[1]["rows"]}
    assert rows[known["position"]]["standing"] == []
    assert rows[foreign["position"]]["standing"][0]["code"] == "disputed"
    assert rows[found["position"]]["standing"][0]["code"] == "quarantined"
    listed = {each["kid"]: each["state"] for each in run("keys", root)[1]["keys"]}
    assert (listed[old], listed[key.kid]) == ("quarantined", "valid")


def test_lost_officer_when_one_remains(practice: Practice, run: Run) -> None:
    """The one who remains enrols a second, and revokes the lost key; two may then change the log key again."""
    root = practice.opened.folder.root
    remaining = practice.at(MD1, "medical-director")
    hand_in(practice, remaining, handed(registers(practice.clinic, MD2, "MD2")))
    lost = practice.clinic.keys[PT1].kid

    new = practice.at(MD2, "prescriber")
    practice.clinic.keys[MD2] = key = SigningKey(bytes([6]) * 32)
    event = practice.clinic.enrolment(MD2, officer=True)
    signers = [(MD2, "possession", "medical-director"), (MD1, "enrolled", "security-officer")]
    payload = practice.clinic.payload(event, "keys", signers)[0]
    waiting = new.post("/v1/enrolments", {"items": [item(payload, key)]}).json()
    approve(practice, remaining, waiting, MD1)
    assert run("revoke-key", root, lost, "--reason", "officer-lost", "--key", key_file(practice, MD1))[0] == 0

    officers = {each["owner"] for each in run("keys", root)[1]["keys"] if each["officer"] and each["state"] == "valid"}
    assert officers == {MD1, MD2}
    code, changed = run(
        "rotate-log-key", root, "--officer-key", key_file(practice, MD1), "--officer-key", key_file(practice, MD2)
    )
    assert code == 0
    assert run("verify", root)[0] == 0
    assert changed["new"] != practice.pin.vkey


def test_lost_officers_when_none_remains(practice: Practice, run: Run, tmp_path: Path) -> None:
    """Nothing can be enrolled any more: the ledger ends, and a new one continues it under new officers."""
    root, new = practice.opened.folder.root, tmp_path / "new"
    before = run("checkpoint", root)[1]

    words = ["--organisation", "Test Clinic", "--officer", "C", "--officer", "D", "--practice"]
    code, made = run("init", new, *words, "--continues", root)

    assert code == 0
    assert made["continues"] == {name: before[name] for name in ("origin", "size", "root")}
    assert run("verify", new)[0] == run("verify", root)[0] == 0
    opened = open_ledger(new)
    genesis = opened.store.row(0)
    assert isinstance(genesis, EventRow)
    continued = parse_envelope(genesis.envelope).payload.body["continues"]
    assert (continued["origin"], continued["size"]) == (before["origin"], before["size"])
    opened.store.close()


def test_lost_organisation_key(practice: Practice, run: Run) -> None:
    """All keys in custody are lost with it: revoked together, made anew; nothing signed before is harmed."""
    root = practice.opened.folder.root
    officer = practice.at(PT1, "medical-director")
    first, second = (in_custody(practice, owner, code, officer) for owner, code in ((TH1, "TH1"), (TH2, "TH2")))
    assert [says(practice, screen)[0] for screen in (first, second)] == [201, 201]
    cookies = [screen.jar.get(DEVICE_COOKIE) for screen in (first, second)]
    assert all(cookies)

    (root / "accounts.key").unlink()  # the disk it lay on is gone; the service starts with a new one
    officer, first, second = start_again(practice, officer, first, second)
    for screen, who in ((officer, "PT1"), (first, "TH1"), (second, "TH2")):
        assert screen.sign_in(who).status_code == 200

    assert [says(practice, screen)[1]["code"] for screen in (first, second)] == ["custody-lost"] * 2
    words = ["--all-in-custody", "--reason", "organisation-key-lost", "--key", key_file(practice, PT1)]
    code, revoked = run("revoke-key", root, *words)
    assert (code, [each["owner"] for each in revoked]) == (0, [TH1, TH2])
    for screen in (first, second):
        approve(practice, officer, screen.post("/v1/custody-keys", {"pin": PIN, "officer": "PT1"}).json())
    assert [says(practice, screen)[0] for screen in (first, second)] == [201, 201]

    code, report = run("verify", root)
    assert (code, report["holds"], report["doubts"]) == (0, True, [])
    assert run("revoke-key", root, *words)[0] == 0
    code, none_left = run("revoke-key", root, *words)
    assert (code, none_left["error"]["code"]) == (2, "key-unknown")


def test_a_revocation_on_the_command_line_reaches_the_running_service(practice: Practice, run: Run) -> None:
    root = practice.opened.folder.root
    nurse = practice.at(RN1, "nurse")
    kid = practice.clinic.keys[RN1].kid

    code, (done,) = run("revoke-key", root, kid, "--reason", "left-the-clinic", "--key", key_file(practice, MD1))
    go_on(practice)
    late = nurse.post("/v1/events", handed(practice.clinic.submission(check(), SLOT_A, [NURSE])), headers=HEADERS)

    assert code == 0
    assert done["position"] == practice.size - 1
    assert (late.status_code, late.json()["code"]) == (409, "key-revoked")
    recorder = open_recorder(practice.opened, practice.clinic.clock, lambda: "")
    assert recorder.keys.state(kid, practice.size) == "quarantined"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["0" * 64, "--reason", "lost"], "key-unknown"),
        (["0", "--reason", "lost"], "key-unknown"),
        (["--reason", "lost"], "key-unknown"),
    ],
)
def test_a_key_that_nobody_enrolled_is_not_revoked(practice: Practice, run: Run, words: list[str], code: str) -> None:
    status, error = run("revoke-key", practice.opened.folder.root, *words, "--key", key_file(practice, PT1))

    assert (status, error["error"]["code"]) == (2, code)
