"""Questions over HTTP and on the command line: the list, an answer, what is refused, and the trace of asking."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import pytest

from api.commands import main, output
from api.play_story import StoryLedger
from ledger.events.access import SysRecordSearched
from ledger.follow import events_from
from projections.questions import QUESTIONS
from tests.api.web.practice import NURSE, Practice, handed
from tests.ledger.clinic import PT1, SLOT_A, dose


def test_a_question_is_answered_with_its_evidence_and_leaves_a_trace(practice: Practice) -> None:
    officer, nurse = practice.at(PT1, "prescriber"), practice.at()
    key = officer.post("/v1/service-key").json()
    officer.post(f"/v1/enrolments/{key['id']}/approval", practice.approvals(key["items"]))
    assert nurse.post("/v1/events", handed(practice.clinic.submission(dose(), SLOT_A, [NURSE]))).status_code == 201

    found = nurse.get(f"/v1/questions/release-register?at_least={practice.size}&from=2026-01-01&purpose=audit")

    (row,) = found.json()["rows"]
    assert (row["values"]["partner"], row["evidence"]) == ("A", [found.json()["position"] - 1])
    assert found.headers["ledger-position"] == str(found.json()["position"])
    opened = practice.service.opened
    events = [each.event for each in events_from(opened.store, opened.subject_keys, 0, practice.size)]
    traces = [each for each in events if isinstance(each, SysRecordSearched)]
    assert [(each.filters, each.purpose) for each in traces] == [(("from",), "audit")]


def test_the_list_names_every_question_and_nothing_unknown_is_passed_over(practice: Practice) -> None:
    nurse = practice.at()

    assert [each["name"] for each in nurse.get("/v1/questions").json()["questions"]] == [q.name for q in QUESTIONS]
    assert nurse.get("/v1/questions/99").json()["code"] == "not-found"
    assert nurse.get("/v1/questions/1?rule=SUP-05").json()["code"] == "unknown-parameter"
    assert nurse.get("/v1/questions/1?from=soon").json()["code"] == "instant"
    assert nurse.get("/v1/questions/25?container=V-9").json()["code"] == "not-found"
    assert nurse.get("/v1/questions/1?container=V-9").json()["code"] == "unknown-filter"


def test_every_question_of_the_list_is_answered_with_its_columns_and_position(practice: Practice) -> None:
    officer = practice.at(PT1, "compliance-officer")

    for question in QUESTIONS:
        found = officer.get(f"/v1/questions/{question.name}")

        assert found.status_code == 200, question.name
        assert found.json()["columns"] == [asdict(column) for column in question.columns]
        assert found.json()["position"] == int(found.headers["ledger-position"])
        assert all(each["evidence"] for each in found.json()["rows"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["ask"], "release-register"),
        (["ask", "13", "FOLDER"], "BP 136/84"),
        (["ask", "15", "FOLDER"], "Too few declined for anything to be shown, or nobody."),
        (["ask", "19", "FOLDER"], "KAP-COUPLE"),
        (["ask", "1", "FOLDER"], "Nobody was released or left before the minimum observation was over."),
        (["ask", "25", "FOLDER", "--container", "own-A"], "Balance of own-A, mg: 0"),
        (["ask", "reconciliation", "FOLDER", "--lot", "K26-0412"], "own-A"),
        (["ask", "dispensing-log", "FOLDER", "--to", "2026-05-15"], "Nothing was administered."),
        (["ask", "release-register", "FOLDER", "--from", "2026-05-17"], "As of"),
    ],
)
def test_the_command_answers_in_words(
    words: list[str],
    says: str,
    weekend: StoryLedger,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = str(weekend.ledger.folder.root)
    monkeypatch.setattr(sys, "argv", ["session-ledger", *(folder if word == "FOLDER" else word for word in words)])
    with pytest.raises(SystemExit):
        main()

    assert says in capsys.readouterr().out


def test_the_command_answers_as_json_as_of_both_times(
    weekend: StoryLedger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(weekend.ledger.folder.root)
    typed = ["session-ledger", "ask", "release-register", folder, "--up-to", "2026-05-16T13:00-04:00", "--json"]
    monkeypatch.setattr(sys, "argv", typed)
    with pytest.raises(SystemExit):
        main()

    answer = json.loads(capsys.readouterr().out)
    assert [each["values"]["still"] for each in answer["rows"]] == [True, True]
    assert answer["as_of"] == "2026-05-16T17:00:00.000000Z"


@pytest.mark.parametrize("width", [60, 80, 120, 400])
def test_the_command_cuts_nothing_off_however_narrow_the_screen_is(
    width: int, weekend: StoryLedger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output.out, "_width", width)
    monkeypatch.setattr(sys, "argv", ["session-ledger", "ask", "19", str(weekend.ledger.folder.root)])
    with pytest.raises(SystemExit):
        main()

    said = capsys.readouterr().out
    assert "…" not in said
    assert said.count("KAP-COUPLE-SL") == 2


@pytest.mark.parametrize("name", ["36", "38", "39", "40", "46", "47"])
def test_who_looked_what_was_shown_and_what_somebody_asked_is_told_by_office_alone(
    practice: Practice, name: str
) -> None:
    refused = practice.at().get(f"/v1/questions/{name}")

    assert (refused.status_code, refused.json()["code"]) == (403, "not-by-office")
