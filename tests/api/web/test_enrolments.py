"""A new key begins to count: possession from its own device, approval by the officer, recorded together."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import typer

from api.commands.approve import approve
from api.commands.output import print_error
from api.key_file import write_key
from api.web.enrolments import Item
from api.web.one_writer import only_writer
from ledger.envelope import pae
from ledger.errors import LedgerError
from tests.api.web.practice import NURSE, Practice, handed, item, registers, until
from tests.ledger.clinic import ANA, COUPLE, MD1, PT1, RN1, SESSION, SLOT_A, Entropy, dose, make, uuid

RN2 = f"staff/{uuid(7)}"
OTHER = f"session/{uuid(32)}"


def test_a_new_member_of_staff_enrols_a_key_and_signs_with_it(practice: Practice) -> None:
    officer = practice.at(PT1, "medical-director")
    officer.post("/v1/events", handed(registers(practice.clinic, RN2, "RN2")))
    nurse = practice.at(RN2, "nurse")
    payload, key = practice.possession(RN2)

    waiting = nurse.post("/v1/enrolments", {"items": [item(payload, key)]})
    listed = officer.get("/v1/enrolments").json()["enrolments"][0]
    done = officer.post(f"/v1/enrolments/{listed['id']}/approval", practice.approvals(listed["items"]))

    assert (waiting.status_code, waiting.json()["state"]) == (201, "pending")
    assert (listed["officer_code"], listed["items"][0]["owner_code"], listed["items"][0]["kid"]) == (
        "PT1",
        "RN2",
        key.kid,
    )
    assert (done.status_code, done.json()["state"]) == (201, "recorded")
    position = done.json()["outcome"]["positions"][0]
    known = {each["kid"]: each for each in nurse.get(f"/v1/keys?at_least={position + 1}").json()["keys"]}
    assert (known[key.kid]["code"], known[key.kid]["state"], known[key.kid]["custody"]) == ("RN2", "valid", "device")
    given = practice.clinic.submission(dose(), SLOT_A, [(RN2, "performed", "nurse")])
    assert nurse.post("/v1/events", handed(given)).status_code == 201


def planned(practice: Practice) -> None:
    """Another session of the couple is scheduled; its slots have no keys yet."""
    session = make(
        "session-scheduled/1",
        couple=COUPLE,
        course=None,
        location=f"location/{uuid(22)}",
        mode="simultaneous",
        ordinal=2,
        planned_start="2026-05-17T12:00:00.000000Z",
        staff=[],
        person_a=ANA,
        person_b=f"person/{uuid(12)}",
    )
    practice.at(RN1).post(
        "/v1/events", handed(practice.clinic.submission(session, OTHER, [(MD1, "performed", "scheduler")]))
    )


def test_both_slots_of_a_session_get_their_keys_together(practice: Practice) -> None:
    planned(practice)
    nurse, officer = practice.at(), practice.at(PT1, "prescriber")
    a, b = (item(*practice.possession(f"{OTHER}/{slot}")) for slot in ("a", "b"))

    alone = nurse.post("/v1/enrolments", {"items": [a]})
    both = nurse.post("/v1/enrolments", {"items": [a, b]}).json()
    before = practice.size
    done = officer.post(f"/v1/enrolments/{both['id']}/approval", practice.approvals(both["items"]))

    assert (alone.status_code, alone.json()["code"]) == (409, "slot-keys-together")
    assert done.json()["outcome"] == {"positions": [before, before + 1]}
    declined = make(
        "dose-declined/1",
        note=None,
        pressure_concern=False,
        private=True,
        reason_class="withheld",
        role_after="sober-support",
        stage="redose",
    )
    signed = practice.clinic.submission(declined, f"{OTHER}/b", [(f"{OTHER}/b", "declined", "participant")])
    assert nurse.post("/v1/events", handed(signed)).status_code == 201


def test_what_waits_is_handed_in_once_and_approved_once(practice: Practice) -> None:
    planned(practice)
    nurse, officer = practice.at(), practice.at(PT1, "prescriber")
    items = [item(*practice.possession(f"{OTHER}/{slot}")) for slot in ("a", "b")]

    first = nurse.post("/v1/enrolments", {"items": items}).json()
    again = nurse.post("/v1/enrolments", {"items": items}).json()
    signatures = practice.approvals(first["items"])
    done = officer.post(f"/v1/enrolments/{first['id']}/approval", signatures)
    twice = officer.post(f"/v1/enrolments/{first['id']}/approval", signatures)
    later = nurse.post("/v1/enrolments", {"items": items})

    assert first["id"] == again["id"]
    assert done.status_code == 201
    assert (twice.status_code, twice.json()["code"]) == (409, "enrolment-done")
    assert (later.status_code, later.json()["code"]) == (409, "key-known")


def test_only_the_officer_it_names_approves_it_and_only_with_a_fitting_signature(practice: Practice) -> None:
    planned(practice)
    nurse, other, officer = practice.at(), practice.at(MD1, "prescriber"), practice.at(PT1, "prescriber")
    items = [item(*practice.possession(f"{OTHER}/{slot}")) for slot in ("a", "b")]
    waiting = nurse.post("/v1/enrolments", {"items": items}).json()
    path = f"/v1/enrolments/{waiting['id']}/approval"
    good = practice.approvals(waiting["items"])
    size = practice.size

    answers = [
        nurse.post(path, good),
        other.post(path, good),
        officer.post(path, practice.approvals(waiting["items"], MD1)),
        officer.post(path, {"signatures": good["signatures"][:1]}),
        officer.post(path, {"signatures": list(reversed(good["signatures"]))}),
        officer.post(f"/v1/enrolments/{uuid(1)}/approval", good),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (403, "not-allowed"),
        (403, "not-allowed"),
        (422, "signature"),
        (422, "enrolment-form"),
        (422, "signature"),
        (404, "not-found"),
    ]
    assert practice.size == size
    assert officer.post(path, good).status_code == 201


def test_what_cannot_become_an_enrolment_is_refused_at_once(practice: Practice) -> None:
    nurse = practice.at()
    mine, key = practice.possession(RN1)
    practice.clinic.keys[RN1] = key
    foreign, foreign_key = practice.possession(RN2)
    by_nurse, nurse_key = practice.possession(RN1, officer=SESSION + "/a")
    as_kept, kept_key = practice.possession(RN1, custody="service")
    event, _ = practice.clinic.payload(dose(), SLOT_A, [NURSE])
    elsewhere = mine.model_copy(update={"ledger": "other.example/00c0ffee00c0ffee"})
    cases: list[tuple[dict[str, str], str]] = [
        (item(mine, kept_key), "signature"),
        (item(foreign, foreign_key), "not-allowed"),
        (item(by_nurse, nurse_key), "officer-missing"),
        (item(as_kept, kept_key), "custody-key"),
        (item(event, key), "enrolment-form"),
        (item(elsewhere, key), "other-ledger"),
        ({"payload": "e30=", "signature": item(mine, key)["signature"]}, "payload-format"),
        ({"payload": "?", "signature": "?"}, "base64"),
    ]

    found = [nurse.post("/v1/enrolments", {"items": [each]}).json()["code"] for each, _ in cases]

    assert found == [code for _, code in cases]
    assert practice.service.enrolments.all() == []


def test_an_officer_s_key_never_lies_with_the_service(practice: Practice) -> None:
    officer = practice.at(PT1, "prescriber")
    payload, key = practice.possession(PT1, officer=MD1, custody="service")

    answer = officer.post("/v1/enrolments", {"items": [item(payload, key)]})

    assert answer.status_code == 409
    assert answer.json()["code"] == "custody-key"


def key_file(practice: Practice, owner: str = PT1) -> Path:
    path = practice.opened.folder.root.parent / f"{owner[-4:]}.key"
    if not path.exists():
        seed = hashlib.sha256(f"TEST ONLY {owner}".encode()).digest()
        write_key(path, seed, owner, None, Entropy("key file"))
    return path


def type_in(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    """What the command prints as JSON, or its error."""
    app = typer.Typer()
    app.command()(approve)
    try:
        app([*map(str, words), "--json"], standalone_mode=False)
    except LedgerError as error:
        print_error(error, as_json=True)
    return json.loads(capsys.readouterr().out)


def test_an_officer_approves_on_the_command_line_while_the_ledger_is_served(
    practice: Practice, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    planned(practice)
    root = practice.opened.folder.root
    items = [item(*practice.possession(f"{OTHER}/{slot}")) for slot in ("a", "b")]
    waiting = practice.at().post("/v1/enrolments", {"items": items}).json()

    with only_writer(root):
        listed = type_in(capsys, root)
        wrong = type_in(capsys, root, waiting["id"], "--key", key_file(practice, MD1))
        done = type_in(capsys, root, waiting["id"], "--key", key_file(practice))

    assert [each["id"] for each in listed] == [waiting["id"]]
    assert wrong["error"]["code"] == "key-owner"
    assert done["state"] == "recorded"
    assert done["owners"] == [f"{OTHER}/a", f"{OTHER}/b"]
    until(lambda: practice.service.size == practice.size)
    assert {key.owner for key in practice.service.keys.history.all()} >= {f"{OTHER}/a", f"{OTHER}/b"}
    assert type_in(capsys, root, uuid(5), "--key", key_file(practice))["error"]["code"] == "not-found"


def test_an_officer_approves_on_the_command_line_while_nobody_serves_the_ledger(
    unserved: Practice, capsys: pytest.CaptureFixture[str]
) -> None:
    payload, key = unserved.possession(RN1)
    data = payload.bytes()
    waiting = unserved.service.enrolments.hand_in([Item(data, key.sign(pae(data)))], RN1)
    folder = unserved.opened.folder
    write_key(folder.log_key, hashlib.sha256(b"TEST ONLY log key").digest(), "log", None, Entropy("log key"))

    # the command takes the time of the computer, which is later than the story's
    done = type_in(capsys, folder.root, waiting.id, "--key", key_file(unserved))
    listed = type_in(capsys, folder.root)

    assert done["state"] == "recorded"
    assert done["outcome"]["positions"][0] >= 12
    assert listed == []
