"""Copies that leave the ledger: whole, checkable line by line, and each with a signed trace of who took it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from ledger.block import parse_block
from ledger.copies import check_session_copy
from ledger.encoding import from_hex
from ledger.entry import stream_tag
from ledger.envelope import parse_envelope
from ledger.events.access import SysAuthorisationRefused2, SysRecordExported
from ledger.events.base import Event
from ledger.follow import events_from
from ledger.log_keys import LogKey
from ledger.reading import PlacedEvent
from ledger.tlog.receipt import check_receipt, parse_receipt
from ledger.tlog.tree import leaf_hash
from tests.api.web.practice import NURSE, Practice, Screen, handed
from tests.api.web.test_access_traces import all_written, noted
from tests.api.web.test_the_past import Past
from tests.ledger.chart import BESIDE, countersignature, reference, void
from tests.ledger.clinic import MD1, ORIGIN, PT1, RN1, SESSION, SLOT_A, SLOT_B, Who, check, dose, make

COPY = f"/v1/sessions/{SESSION[8:]}/copy"


@pytest.fixture
def records(practice: Practice) -> Screen:
    """A records officer at a service whose own key counts, after a session in which both were looked after."""
    officer = practice.at(PT1, "prescriber")
    asked = officer.post("/v1/service-key").json()
    assert officer.post(f"/v1/enrolments/{asked['id']}/approval", practice.approvals(asked["items"])).status_code == 201
    past = Past(practice)
    past.does(dose("100"))
    past.does(check(128, 80), SLOT_B)
    return practice.at(MD1, "records-officer")


def lines(text: str) -> list[Any]:
    return [json.loads(each) for each in text.splitlines()]


def test_a_copy_of_a_session_holds_every_entry_with_its_receipt_and_can_be_checked_without_the_ledger(
    practice: Practice, records: Screen
) -> None:
    first, *entries = lines(records.get(f"{COPY}?purpose=legal").text)

    assert (first["copy"], first["purpose"], first["made_for"], first["entries"]) == (
        "session-ledger/copy/v1",
        "legal",
        MD1,
        len(entries),
    )
    assert {each["stream"] for each in entries} == {SESSION, SLOT_A, SLOT_B}
    for each in entries:
        leaf = leaf_hash(each["entry"].encode())
        envelope = parse_envelope(each["envelope"].encode())
        assert envelope.dig in each["entry"] or envelope.dig == each["dig"]
        assert {parse_block(text).digest for text in each["blocks"]} <= set(envelope.payload.blocks)
        assert leaf == from_hex(each["leaf"], 32, "leaf")
        receipt = parse_receipt(each["receipt"].encode())
        assert (receipt.entry, receipt.position) == (each["entry"].encode(), each["position"])
        check_receipt(receipt, practice.vkeys, ORIGIN)
    values = [parse_block(text).value for each in entries for text in each["blocks"]]
    assert {"diastolic": 80, "systolic": 128} in [value.get("blood_pressure") for value in values], "opened"


def test_every_copy_leaves_a_signed_trace_with_the_hash_of_its_bytes_before_it_is_given_out(
    practice: Practice, records: Screen
) -> None:
    answer = records.get(f"{COPY}?purpose=own-record&partner=a")

    ((row, exported),) = noted(practice, SysRecordExported)
    assert answer.headers["ledger-trace"] == str(row.position)
    assert "attachment" in answer.headers["content-disposition"]
    assert (exported.staff, exported.role, exported.purpose) == (MD1, "records-officer", "own-record")
    assert exported.content == hashlib.sha256(answer.content).hexdigest()
    assert (exported.records, exported.partner_left_out) == ((stream_tag(ORIGIN, SLOT_A),), True)
    assert exported.size == int(lines(answer.text)[0]["checkpoint"].split("\n")[1])
    assert row.stream.startswith("access/"), "in nobody's copy"


def test_a_partners_copy_holds_nothing_of_the_other_and_not_the_joint_record(records: Screen) -> None:
    first, *entries = lines(records.get(f"{COPY}?purpose=own-record&partner=b").text)

    assert (first["records"], {each["stream"] for each in entries}) == ([SLOT_B], {SLOT_B})
    assert SLOT_A not in json.dumps([first, *entries])


def test_the_log_itself_leaves_as_far_as_it_is_signed_with_nothing_unsealed_and_its_trace_follows(
    practice: Practice, records: Screen
) -> None:
    answer = records.get("/v1/log/copy?purpose=audit&start=2")
    all_written(practice)

    first, *entries = lines(answer.text)
    assert [each["position"] for each in entries] == list(range(2, first["size"]))
    assert int(first["checkpoint"].split("\n")[1]) == first["size"]
    assert not any("blocks" in each for each in entries)
    ((_, exported),) = noted(practice, SysRecordExported)
    assert (exported.content, exported.size) == (hashlib.sha256(answer.content).hexdigest(), first["size"])
    assert (exported.records, exported.privacy, exported.purpose) == ((), ("open",), "audit")


def test_without_a_purpose_a_key_of_the_service_or_the_right_role_nothing_is_given_out(
    practice: Practice, records: Screen
) -> None:
    assert records.get(COPY).json()["code"] == "parameter"
    assert records.get(f"{COPY}?purpose=curiosity").status_code == 400
    assert practice.at(RN1, "nurse").get(f"{COPY}?purpose=treatment").status_code == 403
    assert records.get(f"/v1/sessions/{SESSION[8:-1]}0/copy?purpose=legal").json()["code"] == "not-found"
    (practice.opened.folder.root / "service.key").unlink()
    for path in (f"{COPY}?purpose=legal", "/v1/log/copy?purpose=legal"):
        assert records.get(path).json()["code"] == "service-key-missing"
    assert list(noted(practice, SysRecordExported)) == []


def test_what_only_compliance_reads_is_in_a_copy_as_a_place_and_no_more(
    practice: Practice, records: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.web import callers  # beside its one use

    monkeypatch.setattr(callers, "IN_CONFIDENCE", frozenset({"dose-administered/1"}))
    _, *entries = lines(records.get(f"{COPY}?purpose=legal").text)
    _, *all_of_them = lines(practice.at(MD1, "compliance-officer").get(f"{COPY}?purpose=legal").text)

    kept = [each for each in entries if each["envelope"] is None]
    assert [(each["type"], each["blocks"]) for each in kept] == [(None, [])]
    assert all(each["envelope"] for each in all_of_them)


def test_an_entry_that_is_the_others_is_in_a_partners_copy_as_a_place_and_no_more(
    practice: Practice, records: Screen
) -> None:
    mistake = _placed(practice, "dose-administered/1")
    _signed(practice, void(mistake), SLOT_A, (RN1, "corrected", "nurse"))
    _signed(practice, dose("100"), SLOT_B, NURSE)
    link = {"voided": reference(_placed(practice, "entry-voided/1")),
            "created": reference(_placed(practice, "dose-administered/1"))}  # fmt: skip
    _signed(practice, make("entry-reattributed/1", **link), BESIDE, (RN1, "corrected", "nurse"))
    before = records.get(f"{COPY}?purpose=own-record&partner=a").text
    second = countersignature(_placed(practice, "entry-voided/1"))
    _signed(practice, second, SLOT_A, (MD1, "countersigned", "prescriber"))
    after = records.get(f"{COPY}?purpose=own-record&partner=a").text

    (was,) = [each for each in lines(before)[1:] if each["position"] == mistake.position]
    (now,) = [each for each in lines(after)[1:] if each["position"] == mistake.position]
    assert was["type"] == "dose-administered/1"
    assert (now["leaf"], now["entry"]) == (was["leaf"], was["entry"])
    assert (now["envelope"], now["type"], now["blocks"]) == (None, None, [])
    first, *rest = lines(after)
    report = check_session_copy(first, rest, practice.pin, [LogKey(practice.pin.vkey, -1)])
    assert (report.problems, report.places) == ((), (mistake.position,))
    assert mistake.position in {each["position"] for each in lines(records.get(f"{COPY}?purpose=legal").text)[1:]}


def test_a_copy_of_both_as_somebodys_own_record_is_refused_with_the_rule_and_nothing_leaves(
    practice: Practice, records: Screen
) -> None:
    answer = records.get(f"{COPY}?purpose=own-record")

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "gate-closed")
    (objection,) = problem["blocked_by"]
    assert (objection["rule"], objection["version"], objection["override"]) == ("REC-11", "1", None)
    assert list(noted(practice, SysRecordExported)) == []
    assert "receipt" not in answer.text
    ((row, trace),) = noted(practice, SysAuthorisationRefused2)
    assert row.position == problem["trace"]
    assert (trace.kind, trace.staff) == ("sys-record-exported/1", MD1)
    assert [(each.rule, each.version) for each in trace.objections] == [("REC-11", "1")]
    assert records.get(f"{COPY}?purpose=legal").status_code == 200


def _placed(practice: Practice, type_tag: str) -> PlacedEvent:
    """The last entry of this type."""
    opened = practice.service.opened
    found = events_from(opened.store, opened.subject_keys, 0, practice.size)
    return [each for each in found if each.event.type == type_tag][-1]


def _signed(practice: Practice, event: Event, stream: str, who: Who) -> None:
    answer = practice.at().post("/v1/events", handed(practice.clinic.submission(event, stream, [who])))
    assert answer.status_code == 201, answer.text
