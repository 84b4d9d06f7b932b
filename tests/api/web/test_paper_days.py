"""Paper days over HTTP: a sheet becomes what is to be signed, and those it names find it waiting."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from ledger.encoding import from_base64
from ledger.envelope import assemble, pae
from ledger.payload import parse_payload
from tests.api.web.practice import Practice, Screen
from tests.ledger.clinic import MD1, RN1, SESSION

DOCUMENT = hashlib.sha256(b"TEST ONLY: a scan").hexdigest()
SHEET = f"""
paper-day: An afternoon
zone: America/New_York
date: 2026-05-16
pages: 1
reason: tablets-down
cast:
  staff: {{RN1: {{roles: [nurse]}}, MD1: {{roles: [prescriber]}}}}
  sessions: {{Sat: {{on: {SESSION[8:]}, a: Ana, b: Ben}}}}
usual:
  check: {{event: supervision-checked, by: RN1, room_air: yes, spo2: 97, heart_rate: 70, moaas: 5}}
lines:
  - {{line: 1, at: 08:00, for: Sat/Ana, usual: check, blood_pressure: 121/80}}
  - {{line: 2, at: 08:15, for: Sat/Ben, usual: check, blood_pressure: 122/80}}
"""


def ask(practice: Practice, screen: Screen, owner: str, sheet: str = SHEET, **changes: Any) -> Any:
    body = {"sheet": sheet, "document": DOCUMENT, "key": practice.clinic.keys[owner].kid, "role": "nurse"} | changes
    return screen.post("/v1/paper-days", body)


def sign(practice: Practice, owner: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    """What a tablet does with payloads that were prepared for its key."""
    key = practice.clinic.keys[owner]
    signed = []
    for each in items:
        data = from_base64(each["payload"])
        envelope = assemble(parse_payload(data), data, [key.sign(pae(data))])
        signed.append({"envelope": envelope.raw.decode(), "blocks": each["blocks"]})
    return {"items": signed}


def test_a_sheet_is_composed_signed_on_the_device_and_handed_in_as_a_batch(practice: Practice) -> None:
    nurse, size = practice.at(MD1, "prescriber"), practice.size
    said = ask(practice, nurse, MD1, role="prescriber").json()

    assert said["problems"] == []
    assert [each["line"] for each in said["items"]] == [None, 1, 1, 2, 2]
    assert practice.size == size
    results = nurse.post("/v1/batches", sign(practice, MD1, said["items"])).json()["items"]

    assert [each["result"] for each in results] == ["recorded"] * 5
    again = ask(practice, nurse, MD1, role="prescriber").json()
    assert (again["items"], [each["position"] for each in again["lines"]]) == ([], [size + 2, size + 4])


def test_those_it_names_sign_or_dispute_with_a_result_for_each(practice: Practice) -> None:
    typist, nurse = practice.at(MD1, "prescriber"), practice.at(RN1, "nurse")
    said = ask(practice, typist, MD1, role="prescriber").json()
    typist.post("/v1/batches", sign(practice, MD1, said["items"]))
    size = practice.size
    nurse.get(f"/v1/pending?at_least={size}")
    waiting = nurse.get("/v1/countersignatures").json()["entries"]
    assert [(each["line"], each["meaning"]) for each in waiting] == [(1, "performed"), (2, "performed")]
    assert typist.get("/v1/countersignatures").json()["entries"] == []

    key = practice.clinic.keys[RN1].kid
    disputed = [{"position": waiting[1]["position"], "reason": "It was at 08:20."}]
    items = nurse.post("/v1/countersignatures", {"key": key, "disputed": disputed}).json()["items"]
    results = nurse.post("/v1/batches", sign(practice, RN1, items)).json()["items"]

    assert [each["result"] for each in results] == ["recorded", "recorded"]
    nurse.get(f"/v1/pending?at_least={practice.size}")
    left = nurse.get("/v1/countersignatures").json()["entries"]
    assert [each["line"] for each in left] == [2]


def test_a_wrong_line_is_said_with_its_field_and_the_others_can_be_signed(practice: Practice) -> None:
    said = ask(practice, practice.at(), RN1, SHEET.replace("122/80", "322/80")).json()

    assert [(each["line"], each["field"].partition(".")[0]) for each in said["problems"]] == [("2", "blood_pressure")]
    assert [each["line"] for each in said["items"]] == [None, 1, 1]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"key": "0" * 64}, "key-owner", "/key"),
        ({"sheet": "no sheet"}, "paper-sheet", ""),
        ({"sheet": SHEET.replace("RN1: {", "RN9: {")}, "paper-sheet", "/cast/staff/RN9"),
        ({"sheet": SHEET.replace("pages: 1", "pages: none")}, "paper-sheet", "/pages"),
    ],
)
def test_what_is_wrong_with_the_whole_is_refused(
    practice: Practice, change: dict[str, Any], code: str, field: str
) -> None:
    answer = ask(practice, practice.at(), RN1, **change)

    assert answer.json()["code"] == code
    assert field in answer.text


def test_every_answer_of_a_practice_ledger_says_so(practice: Practice) -> None:
    """Also an error, and before anybody has signed in."""
    for path in ("/v1/status", "/v1/nothing", "/v1/pending"):
        assert practice.screen().get(path).headers["Ledger-Practice"] == "true"
