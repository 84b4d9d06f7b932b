"""Handing in what was signed: recorded once, refused with reason and remedy, batches in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from typing import Any

import httpx2
import pytest

from ledger.block import Block
from ledger.canonical import canonical
from ledger.encoding import to_base64
from ledger.envelope import sign
from ledger.record import Submission
from ledger.signing import SigningKey
from ledger.tlog.receipt import check_receipt, parse_receipt
from ledger.tlog.tree import leaf_hash
from tests.api.web.practice import FOUNDED, HEADERS, NURSE, PASSWORD, Practice, handed, listening
from tests.ledger.clinic import (
    MD1,
    ORIGIN,
    PT1,
    RN1,
    SESSION,
    SLOT_A,
    SLOT_B,
    Clinic,
    check,
    dose,
    make,
    uuid,
)
from tests.ledger.events.examples import EXAMPLES


def a_dose(clinic: Clinic, **changes: Any) -> Submission:
    return clinic.submission(dose(), SLOT_A, [NURSE], **changes)


def test_an_event_is_recorded_and_its_receipt_holds_offline(practice: Practice) -> None:
    submission = a_dose(practice.clinic)

    answer = practice.at().post("/v1/events", handed(submission))

    said = answer.json()
    row = practice.opened.store.row(said["position"])
    assert answer.status_code == 201
    assert said["repeated"] is False
    assert answer.headers["ledger-position"] == str(said["position"] + 1) == str(practice.size)
    assert row is not None
    receipt = parse_receipt(said["receipt"].encode())
    checkpoint = check_receipt(receipt, practice.vkeys, ORIGIN)
    assert (receipt.position, checkpoint.size) == (said["position"], said["position"] + 1)
    assert leaf_hash(receipt.entry) == row.leaf


def test_the_same_event_again_gives_its_first_place(practice: Practice) -> None:
    nurse, submission = practice.at(), handed(a_dose(practice.clinic))

    first = nurse.post("/v1/events", submission)
    again = nurse.post("/v1/events", submission)

    assert (first.status_code, again.status_code) == (201, 200)
    assert {**again.json(), "repeated": False} == first.json()
    assert again.json()["repeated"] is True
    assert practice.size == FOUNDED + 1


Case = Callable[[Clinic], Submission | dict[str, Any]]


def resigned(clinic: Clinic, **changes: Any) -> Submission:
    """A dose whose payload was changed before it was signed."""
    payload, blocks = clinic.payload(dose(), SLOT_A, [NURSE])
    payload = payload.model_copy(update=changes)
    return Submission(sign(payload, [clinic.keys[RN1]]).raw, tuple(block.text for block in blocks))


def spoilt(clinic: Clinic) -> Submission:
    submission = a_dose(clinic)
    return replace(submission, envelope=submission.envelope.replace(b'"sig":"', b'"sig":"A')[:-5] + b'=="}]}')


def other_signature(clinic: Clinic) -> Submission:
    one, two = a_dose(clinic), a_dose(clinic)
    cut = b'"signatures":'
    return replace(one, envelope=one.envelope.partition(cut)[0] + cut + two.envelope.partition(cut)[2])


def strange_key(clinic: Clinic) -> Submission:
    clinic.keys[RN1] = SigningKey(b"s" * 32)
    return a_dose(clinic)


def without_block(clinic: Clinic) -> Submission:
    return replace(a_dose(clinic), blocks=())


def foreign_block(clinic: Clinic) -> Submission:
    submission = a_dose(clinic)
    return replace(submission, blocks=(*submission.blocks, Block(b"x" * 16, "a/clinical", {}).text))


def one_slot(clinic: Clinic) -> Submission:
    session = f"session/{uuid(77)}"
    clinic.keys[f"{session}/a"] = SigningKey(b"t" * 32)
    return clinic.enrol(f"{session}/a")


def by_somebody_else(clinic: Clinic) -> Submission:
    clinic.keys[MD1] = clinic.keys[RN1]
    return clinic.submission(dose(), SLOT_A, [(MD1, "performed", "prescriber")])


REFUSALS: list[tuple[str, int, str, Case]] = [
    ("not-canonical", 422, "", lambda _: {"envelope": '{"payload": 1}'}),
    ("envelope-format", 422, "", lambda _: {"envelope": "{}"}),
    ("payload-format", 422, "/occurred/zone", lambda _: {"envelope": _with_payload("occurred", {"zone": "!"})}),
    ("base64", 422, "/signatures/0/sig", spoilt),
    ("other-ledger", 409, "/ledger", lambda c: resigned(c, ledger="other.example/00c0ffee00c0ffee")),
    ("unknown-type", 422, "/type", lambda c: resigned(c, type="dose-imagined/1")),
    ("stream-of-type", 422, "/stream", lambda c: resigned(c, stream=SESSION)),
    ("missing-field", 422, "/container", lambda c: resigned(c, body={})),
    ("impossible-value", 422, "/mass", lambda c: _dose_of(c, "5000")),
    ("implausible-value", 409, "/blood_pressure/systolic", lambda c: c.submission(_odd(), SLOT_A, [NURSE])),
    ("block-missing", 422, "/blocks", without_block),
    ("block-foreign", 422, "/blocks", foreign_block),
    ("signature", 422, "/signatures/0", other_signature),
    ("signature-meaning", 409, "/attested/0", lambda c: c.submission(dose(), SLOT_A, [(RN1, "reviewed", "nurse")])),
    ("signature-missing", 409, "/attested", lambda c: c.submission(_promise(), SLOT_A, [(RN1, "witnessed", "nurse")])),
    ("key-not-enrolled", 409, "/attested/0/key", strange_key),
    ("key-owner", 409, "/attested/0/by", by_somebody_else),
    ("key-stream", 409, "/attested/0/by", lambda c: c.submission(dose(), SLOT_A, [(SLOT_B, "performed", "nurse")])),
    (
        "officer-missing",
        409,
        "/attested/0/role",
        lambda c: c.submission(dose(), SLOT_A, [(RN1, "performed", "security-officer")]),
    ),
    ("unknown-subject", 409, "/stream", lambda c: c.submission(dose(), f"session/{uuid(99)}/a", [NURSE])),
    ("slot-keys-together", 409, "/owner", one_slot),
    ("session-state", 409, "/stream", lambda c: c.submission(_closed(), SESSION, [(RN1, "reviewed", "nurse")])),
]


def _dose_of(clinic: Clinic, mg: str) -> Submission:
    payload, blocks = clinic.payload(dose(), SLOT_A, [NURSE])
    payload = payload.model_copy(update={"body": payload.body | {"mass": {"unit": "mg", "value": mg}}})
    return Submission(sign(payload, [clinic.keys[RN1]]).raw, tuple(block.text for block in blocks))


def _odd() -> Any:
    return check(systolic=265, diastolic=100)


def _promise() -> Any:
    return make(
        "no-driving-release-signed/1",
        instructions="v1",
        no_drive_until={"at": "2026-05-17T14:00:00.000000Z", "local": "2026-05-17 10:00 EDT"},
        text="0" * 64,
        keys_secured=True,
        teach_back=True,
        vehicle_on_site=False,
        escort=None,
    )


def _closed() -> Any:
    return next(each for each in _events(EXAMPLES) if each.type == "session-closed/1")


def _events(examples: Any) -> list[Any]:
    values = examples.values() if isinstance(examples, dict) else examples
    return [getattr(each, "event", each) for each in values]


def _with_payload(member: str, value: Any) -> str:
    clinic = Clinic().open()
    payload, _ = clinic.payload(dose(), SLOT_A, [NURSE])
    members = payload.model_dump()
    members[member] = members[member] | value
    raw = canonical(
        {
            "payload": to_base64(canonical(members)),
            "payloadType": "application/vnd.session-ledger.event.v1+json",
            "signatures": [],
        }
    )
    return raw.decode()


@pytest.mark.parametrize(("code", "status", "field", "case"), REFUSALS, ids=[each[0] for each in REFUSALS])
def test_a_refusal_names_its_code_field_and_remedy_and_records_nothing(
    quiet: Practice, code: str, status: int, field: str, case: Case
) -> None:
    nurse = quiet.at()
    found = case(quiet.clinic)

    answer = nurse.post("/v1/events", handed(found) if isinstance(found, Submission) else found)

    problem = answer.json()
    assert (problem["code"], answer.status_code) == (code, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:session-ledger:error:{code}"
    assert [each["pointer"] for each in problem["errors"]] == ([field] if field else [])
    assert quiet.size == FOUNDED
    assert quiet.opened.store.refused() == []


def test_a_second_content_under_an_id_is_refused_and_kept_for_the_alarm(practice: Practice) -> None:
    nurse = practice.at()
    number = practice.clinic.event_id()

    first = nurse.post("/v1/events", handed(a_dose(practice.clinic, id=number)))
    other = nurse.post("/v1/events", handed(a_dose(practice.clinic, id=number)))

    assert (first.status_code, other.status_code, other.json()["code"]) == (201, 409, "id-used")
    assert [each.code for each in practice.opened.store.refused()] == ["id-used"]


def test_a_revoked_key_signs_nothing_more(practice: Practice) -> None:
    nurse = practice.at()
    revoked = make("key-revoked/1", key=practice.clinic.keys[RN1].kid, reason="lost", suspect_from=None)
    nurse.post(
        "/v1/events", handed(practice.clinic.submission(revoked, "keys", [(PT1, "revoked", "security-officer")]))
    )

    answer = nurse.post("/v1/events", handed(a_dose(practice.clinic)))

    assert (answer.status_code, answer.json()["code"]) == (409, "key-revoked")
    assert answer.json()["remedy"]


def test_a_clock_that_was_set_back_stops_recording(practice: Practice) -> None:
    nurse = practice.at()
    nurse.post("/v1/events", handed(a_dose(practice.clinic)))
    practice.clinic.clock.forward(minutes=-10)

    answer = nurse.post("/v1/events", handed(a_dose(practice.clinic)))

    assert (answer.status_code, answer.json()["code"]) == (503, "clock-stepped-back")


def test_a_body_of_another_form_names_each_member(practice: Practice) -> None:
    answer = practice.at().post("/v1/events", {"envelope": 7, "blocks": ["x", 8], "more": 1})

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "body")
    assert {each["pointer"] for each in problem["errors"]} == {"/envelope", "/blocks/1", "/more"}


def test_text_that_is_no_json_is_a_problem_too(practice: Practice) -> None:
    nurse = practice.at()
    nurse.client.cookies = nurse.jar

    answer = nurse.client.post(
        "/v1/events", content=b"{no", headers={"X-Session-Ledger": "1", "Content-Type": "application/json"}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "body")


def test_a_batch_keeps_its_order_and_never_stops_at_a_bad_one(practice: Practice) -> None:
    first, second = a_dose(practice.clinic), practice.clinic.submission(check(), SLOT_A, [NURSE])
    bad = without_block(practice.clinic)

    answer = practice.at().post(
        "/v1/batches", {"items": [handed(first), handed(bad), {"envelope": 1}, handed(first), handed(second)]}
    )

    items = answer.json()["items"]
    assert answer.status_code == 200
    assert [each["status"] for each in items] == [201, 422, 422, 200, 201]
    assert [each["problem"]["code"] for each in items if "problem" in each] == ["block-missing", "body"]
    assert items[3]["position"] == items[0]["position"] == FOUNDED
    assert items[4]["position"] == FOUNDED + 1
    for each in (items[0], items[4]):
        check_receipt(parse_receipt(each["receipt"].encode()), practice.vkeys, ORIGIN)


def test_a_closed_gate_says_which_rule_and_on_what_evidence_and_a_fact_never_meets_it(practice: Practice) -> None:
    nurse = practice.at()
    position = nurse.post("/v1/events", handed(a_dose(practice.clinic))).json()["position"]
    release = make(
        "release-authorised/1",
        assessment=None,
        contact="+15550100",
        instructions=None,
        no_drive_until={"at": "2026-05-17T14:00:00.000000Z", "local": "2026-05-17 10:00 EDT"},
        disposition="home-with-escort",
        conditions=[],
    )
    departed = make("participant-departed/1", release=None, destination="home", mode="escort-car", escort=None)

    refused = nurse.post(
        "/v1/events", handed(practice.clinic.submission(release, SLOT_A, [(RN1, "authorised-release", "nurse")]))
    )
    fact = nurse.post("/v1/events", handed(practice.clinic.submission(departed, SLOT_A, [(RN1, "observed", "nurse")])))

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "gate-closed")
    assert [each["rule"] for each in problem["blocked_by"]] == [
        *(f"REL-0{number}" for number in range(1, 9)),
        "REL-13",
    ], "every closed gate, not only the first"
    assert position in {each for rule in problem["blocked_by"] for each in rule["evidence"]}
    assert set(problem["blocked_by"][0]) == {
        "rule",
        "version",
        "message",
        "evidence",
        "override",
        "staff",
        "credential",
        "slot",
    }
    assert problem["trace"] is None, "the service has no key of its own yet"
    assert fact.status_code == 201


def test_events_handed_in_at_once_each_get_their_own_place(unserved: Practice) -> None:
    submissions = [handed(a_dose(unserved.clinic)) for _ in range(12)]
    unserved.account(RN1, ["nurse"])

    async def everybody(url: str) -> list[httpx2.Response]:
        async with httpx2.AsyncClient(base_url=url, headers=HEADERS, timeout=30) as client:
            await client.post("/v1/auth/sign-in", json={"staff": RN1, "password": PASSWORD})
            return list(await asyncio.gather(*(client.post("/v1/events", json=each) for each in submissions)))

    # In a thread of its own: another test of this worker may keep an event loop running in this one.
    with listening(unserved.app) as url, ThreadPoolExecutor(1) as elsewhere:
        answers = elsewhere.submit(asyncio.run, everybody(url)).result()

    assert {answer.status_code for answer in answers} == {201}
    assert sorted(answer.json()["position"] for answer in answers) == list(range(FOUNDED, FOUNDED + 12))
    for answer in answers:
        check_receipt(parse_receipt(answer.json()["receipt"].encode()), unserved.vkeys, ORIGIN)
    assert asdict(unserved.service.recorder.checkpoint())["size"] == FOUNDED + 12
