"""The service verifies its ledger as often as the protocol says and records it, and which checkpoints stand outside."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from api.integrity import MOST_CODES, damage_of, result_of
from api.web.self_checks import ProcessApart
from ledger.audit_report import Answer, AuditReport, Problem
from ledger.bracket import root_of_first
from ledger.errors import TamperDetected
from ledger.events.integrity import SysCheckpointAnchored, SysIntegrityFailed, SysIntegrityVerified
from ledger.follow import place
from ledger.store.port import EventRow
from tests.api.web.practice import Practice, Screen
from tests.ledger.clinic import MD1, PT1, RN1, make


def report(*problems: Problem) -> AuditReport:
    answers = (Answer("signatures", 12, problems),)
    return AuditReport("practice.example/00", 12, b"\x07" * 32, 12, answers, (), (), (), (), 0, 1, 1)


@pytest.fixture
def keyed(practice: Practice) -> Practice:
    """A service whose own key counts."""
    officer = practice.at(PT1, "prescriber")
    asked = officer.post("/v1/service-key").json()
    assert officer.post(f"/v1/enrolments/{asked['id']}/approval", practice.approvals(asked["items"])).status_code == 201
    return practice


def recorded(practice: Practice) -> list[Any]:
    rows = practice.opened.store.rows(0, practice.size)
    events = [place(practice.opened.store, row).event for row in rows if isinstance(row, EventRow)]
    return [
        each for each in events if isinstance(each, SysIntegrityVerified | SysIntegrityFailed | SysCheckpointAnchored)
    ]


def looks(practice: Practice) -> None:
    """The service looks whether something is due, and does it."""
    checks = practice.service.self_checks
    checks.look()
    if checks._under_way is not None:
        checks._under_way.result()


def test_a_day_after_it_got_its_key_the_service_verifies_everything_in_a_process_of_its_own(keyed: Practice) -> None:
    keyed.clinic.clock.forward(hours=23, minutes=59)
    looks(keyed)
    assert recorded(keyed) == []
    before = keyed.opened.store.head()

    keyed.clinic.clock.forward(minutes=1)
    looks(keyed)

    (verified,) = recorded(keyed)
    note = keyed.service.recorder.checkpoint()
    assert note.size > verified.size
    assert verified.root == root_of_first(before.size, keyed.opened.store.read_tile).hex()
    assert (verified.first, verified.size) == (0, before.size)
    keyed.clinic.clock.forward(hours=23)
    looks(keyed)
    assert len(recorded(keyed)) == 1


def test_how_often_is_what_the_protocol_in_force_says(keyed: Practice) -> None:
    published = make(
        "protocol-published/2",
        effective="2026-01-01",
        name="KAP",
        parameters={"choices": {"integrity_every_h": 6}},
        rule_set="rules-1",
        version="v2",
    )
    keyed.clinic.recorder.record(
        [
            keyed.clinic.submission(
                published, "protocol/b30ce801-db87-4ab5-8abd-ceec05b286eb", [(MD1, "approved", "medical-director")]
            )
        ]
    )
    keyed.service.look()
    keyed.service.self_checks.verify = report
    keyed.clinic.clock.forward(hours=6)
    looks(keyed)

    told = keyed.at(RN1, "compliance-officer").get("/v1/integrity").json()
    assert (told["every_h"], told["last"]["verified"], told["last"]["size"]) == (6, True, 12)
    assert keyed.at(RN1, "nurse").get("/v1/integrity").status_code == 403


def test_what_does_not_verify_is_recorded_as_what_was_found_and_told_to_whoever_runs_it(
    keyed: Practice, caplog: pytest.LogCaptureFixture
) -> None:
    keyed.service.self_checks.verify = lambda: report(Problem(7, "signatures", "signature", "It is not theirs."))
    keyed.clinic.clock.forward(days=1)
    with caplog.at_level(logging.ERROR, "session_ledger"):
        looks(keyed)
    keyed.service.self_checks.verify = lambda: TamperDetected("store-damaged", "The file is damaged.", position=9)
    keyed.clinic.clock.forward(days=1)
    size = keyed.size
    looks(keyed)

    assert [(each.codes, each.position, each.size) for each in recorded(keyed)] == [
        (("signature",), 7, 12),
        (("store-damaged",), 9, size),
    ]
    assert "the ledger does not verify" in caplog.text
    told = keyed.at(PT1, "nurse").get("/v1/integrity").json()["last"]
    assert (told["verified"], told["codes"], told["first_bad"]) == (False, ["store-damaged"], 9)


def test_a_verification_that_comes_to_no_end_is_due_again_and_none_is_made_without_an_own_key(
    practice: Practice, keyed: Practice
) -> None:
    def ended() -> AuditReport:
        raise EOFError

    keyed.service.self_checks.verify = ended
    keyed.clinic.clock.forward(days=1)
    looks(keyed)
    assert (recorded(keyed), keyed.service.self_checks.is_due()) == ([], True)
    (keyed.opened.folder.root / "service.key").unlink()
    assert keyed.service.self_checks.is_due() is False
    assert keyed.at(PT1).get("/v1/integrity").json() == {"last": None, "every_h": 24, "due_at": None}


def test_a_stopped_service_waits_for_no_verification(practice: Practice) -> None:
    apart = ProcessApart(practice.opened.folder.root)
    apart.stop()

    with pytest.raises(EOFError):
        apart()


def test_of_very_many_problems_the_first_kinds_are_named() -> None:
    many = [Problem(at, "content", f"code-{at}", "") for at in range(40)]

    failed = result_of(report(*many))
    damaged = damage_of(TamperDetected("store-io", ""), 3)

    assert isinstance(failed, SysIntegrityFailed)
    assert isinstance(damaged, SysIntegrityFailed)
    assert (len(failed.codes), failed.codes[0], failed.position) == (MOST_CODES, "code-0", 0)
    assert (damaged.codes, damaged.position) == (("store-io",), None)


def test_a_checkpoint_that_stands_outside_is_recorded_once_after_it_was_compared(keyed: Practice) -> None:
    officer: Screen = keyed.at(RN1, "privacy-officer")
    note = officer.get("/v1/checkpoint").text
    said = {"checkpoint": note, "place": "safe 12, Riverbend Savings", "proof": "ab" * 32}

    first, again = officer.post("/v1/anchors", said), officer.post("/v1/anchors", said)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == {"position": keyed.size - 1, "new": True}
    assert again.json() == {"position": keyed.size - 1, "new": False}
    (anchor,) = recorded(keyed)
    assert (anchor.place, anchor.proof, str(anchor.size)) == (said["place"], said["proof"], note.split("\n")[1])


def test_nothing_is_recorded_of_a_checkpoint_that_is_none_or_of_a_place_that_names_somebody(
    practice: Practice, keyed: Practice
) -> None:
    officer = keyed.at(RN1, "privacy-officer")
    note = officer.get("/v1/checkpoint").text
    size = keyed.size

    wrong = officer.post("/v1/anchors", {"checkpoint": note.replace("\n1", "\n2", 1), "place": "safe", "proof": None})
    named = officer.post("/v1/anchors", {"checkpoint": note, "place": "with person/5f2c", "proof": None})
    other = keyed.at(RN1, "nurse").post("/v1/anchors", {"checkpoint": note, "place": "safe", "proof": None})

    assert (wrong.status_code, wrong.json()["code"]) == (422, "note-signature")
    assert (named.status_code, "place" in str(named.json()["errors"][0])) == (422, True)
    assert other.status_code == 403
    assert keyed.size == size


def test_without_an_own_key_the_answer_says_how_to_get_one(practice: Practice) -> None:
    officer = practice.at(RN1, "privacy-officer")
    answer = officer.post("/v1/anchors", {"checkpoint": officer.get("/v1/checkpoint").text, "place": "safe"})

    assert (answer.status_code, answer.json()["code"]) == (409, "service-key-missing")
    assert "officer" in answer.json()["remedy"]
