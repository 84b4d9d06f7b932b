"""What can end by its retention, over HTTP: for those who answer for it, with what stands against it and how long."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from ledger.events.erasure import LegalHoldPlaced
from tests.api.web.practice import Practice, Screen
from tests.ledger.clinic import ANA, BEN, MD1, PT1, RN1, SESSION


@pytest.fixture
def officer(practice: Practice) -> Screen:
    practice.clinic.dose()
    return practice.at(PT1, "records-officer")


def told(screen: Screen) -> dict[str, dict[str, Any]]:
    return {each["record"]: each for each in screen.get("/v1/retention").json()["records"]}


def test_each_record_says_until_when_it_is_kept_and_for_how_many_days(practice: Practice, officer: Screen) -> None:
    answer = officer.get("/v1/retention").json()
    session = told(officer)[SESSION]
    today = practice.clinic.clock.now.date()

    assert (answer["on"], answer["position"]) == (today.isoformat(), practice.opened.store.head().size)
    assert (answer["envelopes"]["count"], answer["unfinished"]) == (0, [])
    assert session["ends"] is False
    until = date.fromisoformat(session["until"])
    assert until == date(today.year + 10, today.month, today.day)
    assert session["days_left"] == (until - today).days
    assert {each["rule"] for each in session["objections"]} == {"REC-13", "CS-09"}
    assert session["objections"][0]["evidence"]


def test_on_its_day_it_ends_and_nothing_is_left(practice: Practice, officer: Screen) -> None:
    session = told(officer)[SESSION]
    practice.opened.folder.policy.write_text(json.dumps({"retention": {"chart_years": 0, "controlled_years": 0}}))

    now = told(practice.at(PT1, "records-officer"))[SESSION]
    assert (session["ends"], now["ends"], now["days_left"], now["until"], now["objections"]) == (
        False,
        True,
        0,
        None,
        [],
    )


def test_a_legal_hold_is_named_for_everybody_it_is_about(practice: Practice, officer: Screen) -> None:
    hold = LegalHoldPlaced(hold="H-1", authority="County court", note=None)
    practice.clinic.record(hold, ANA, (MD1, "performed", "privacy-officer"))

    found = told(officer)
    assert found[SESSION]["held"]
    assert found[ANA]["held"]
    assert all(each["message"] for each in found[SESSION]["objections"])
    assert BEN in found


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("records-officer", 200),
        ("privacy-officer", 200),
        ("compliance-officer", 200),
        ("nurse", 403),
        ("medical-director", 403),
        ("scheduler", 403),
    ],
)
def test_only_those_who_answer_for_the_records_read_it(practice: Practice, role: str, status: int) -> None:
    assert practice.at(RN1, role).get("/v1/retention").status_code == status
