"""Whoever treats people is answered about theirs; whose office is the record, about all."""

from __future__ import annotations

from api.web.answers_in_care import in_their_care
from api.web.callers import Caller
from api.web.web_sessions import WebSession
from ledger.encoding import to_instant
from projections.questions import QUESTIONS
from projections.questions.answer import Answer, row
from projections.questions.asking import named
from tests.api.web.practice import Practice, Screen
from tests.api.web.test_glass import AT, NIGHT, night, past  # noqa: F401  # fixtures
from tests.api.web.test_the_past import Past
from tests.ledger.clinic import ANA, PLACE, RN1, START, dose

OFFICE = "compliance-officer"


def partners(screen: Screen) -> list[str]:
    return [each["values"]["partner"] for each in screen.get("/v1/questions/release-register").json()["rows"]]


def test_rows_of_sessions_that_are_not_the_readers_are_left_out_and_counted(past: Past, night: Screen) -> None:  # noqa: F811
    past.does(dose("100"))

    assert partners(past.practice.at(RN1, "nurse")) == ["A"]
    assert partners(night) == []
    told = night.get("/v1/questions/release-register").json()
    assert told["notes"][-1] == "Not shown: 1 of sessions that are not in your care, as far as is known."
    assert told["called"] == {}

    assert night.post(f"{AT}/glass", {"reason": "emergency"}).status_code == 201
    assert partners(night) == ["A"]


def test_a_task_about_somebodys_own_record_is_for_those_who_read_by_office(past: Past, night: Screen) -> None:  # noqa: F811
    assert night.get("/v1/questions/my-tasks").status_code == 200
    tasks = named("my-tasks")
    rows = tuple(row([number], session=None, about=about) for number, about in enumerate((ANA, PLACE)))
    whole = Answer("my-tasks", "", {}, 2, to_instant(START), tasks.columns, rows)
    glass = past.practice.service.glass

    for roles, left in ((("nurse",), [PLACE]), ((OFFICE,), [ANA, PLACE])):
        caller = Caller(NIGHT, "RN9", roles, officer=False, session=WebSession(NIGHT, "RN9", roles, 0, 0))
        shown = in_their_care(whole, tasks, caller, glass)
        assert [each.values["about"] for each in shown.rows] == left


def test_what_is_about_people_beside_their_sessions_is_asked_by_office(past: Past, night: Screen) -> None:  # noqa: F811
    refused = night.get("/v1/questions/16")

    assert (refused.status_code, refused.json()["code"]) == (403, "not-by-office")
    assert OFFICE in refused.json()["remedy"]
    assert past.practice.at(RN1, OFFICE).get("/v1/questions/16").status_code == 200


def test_who_looks_after_the_stock_asks_about_stock_alone(past: Past) -> None:  # noqa: F811
    custodian = past.practice.at(RN1, "custodian")

    assert custodian.get("/v1/questions/25").status_code == 200
    assert custodian.get("/v1/questions/1").json()["code"] == "not-by-office"


def test_the_list_says_whose_each_answer_is(practice: Practice) -> None:
    told = {each["name"]: each["reach"] for each in practice.at().get("/v1/questions").json()["questions"]}

    assert told.keys() == {question.name for question in QUESTIONS}
    assert (told["release-register"], told["16"], told["15"]) == ("its-sessions", "by-office", "every-reader")
