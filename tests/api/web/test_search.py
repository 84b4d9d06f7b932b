"""Searching over HTTP: pages by position, what is refused, who may, and the trace that somebody searched."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.entry import parse_event_entry
from ledger.events.access import SysRecordSearched
from ledger.follow import place
from ledger.store.port import EventRow
from tests.api.web.practice import NURSE, Practice, Screen, handed
from tests.api.web.test_in_confidence import WORDS, incident
from tests.ledger.clinic import MD1, PT1, RN1, SESSION, SLOT_A, check, dose, uuid


@pytest.fixture
def nurse(practice: Practice) -> Screen:
    screen = practice.at()
    for event in (dose(), check(), check(150, 95)):
        done = screen.post("/v1/events", handed(practice.clinic.submission(event, SLOT_A, [NURSE])))
        assert done.status_code == 201
        practice.clinic.clock.forward(minutes=1)
    assert screen.get(f"/v1/sessions?at_least={practice.size}").status_code == 200
    return screen


def test_pages_are_asked_for_by_position_and_name_the_position_they_were_computed_at(
    practice: Practice, nurse: Screen
) -> None:
    first = nurse.get("/v1/search?type=supervision-checked,dose-administered&signed_by=RN1&limit=2")
    rest = nurse.get(f"/v1/search?type=supervision-checked,dose-administered&limit=2&start={first.json()['next']}")

    assert first.headers["ledger-position"] == str(practice.size)
    kinds = [each["row"]["type"] for answer in (first, rest) for each in answer.json()["found"]]
    assert kinds == ["dose-administered/1", "supervision-checked/1", "supervision-checked/1"]
    assert rest.json()["next"] is None
    (high,) = nurse.get("/v1/search?mark=abnormal").json()["found"]
    assert high["row"]["phrase"].startswith("BP 150/95")


@pytest.mark.parametrize(
    ("asked", "code", "lists"),
    [
        ("kind=dose", "unknown-parameter", "container"),
        ("type=dose", "unknown-filter", "dose-administered"),
        ("type=dose-administered&type=dose-declined", "unknown-parameter", "type"),
        ("mark=lat", "unknown-filter", "unsigned"),
        ("staff=RN9", "not-found", "RN1"),
        ("happened_from=yesterday", "instant", "offset"),
        ("happened_from=2026-05-15T08:00", "naive-time", "offset"),
        ("partner=a", "couple-needed", "couple"),
        ("partner=a&couple=C-07&container=own-B", "unknown-filter", "type"),
        ("partner=c", "parameter", "/docs"),
        ("limit=0", "parameter", "/docs"),
        ("purpose=curiosity", "parameter", "/docs"),
    ],
)
def test_what_nobody_knows_is_refused_with_what_there_is(nurse: Screen, asked: str, code: str, lists: str) -> None:
    answer = nurse.get(f"/v1/search?{asked}")

    assert 400 <= answer.status_code < 500
    assert answer.json()["code"] == code
    assert lists in answer.json()["remedy"]
    assert "found" not in answer.json()


def test_what_compliance_alone_reads_nobody_else_finds(practice: Practice, nurse: Screen) -> None:
    nurse.post("/v1/events", incident(practice))
    assert nurse.get(f"/v1/sessions?at_least={practice.size}").status_code == 200
    compliance = practice.at(MD1, "compliance-officer")

    for asked in ("", f"session={SESSION}", "text=touc", "staff=RN1"):
        assert not [word for word in WORDS if word in nurse.get(f"/v1/search?{asked}").text]
        assert uuid(99) in compliance.get(f"/v1/search?{asked}").text
    refused = nurse.get("/v1/search?type=boundary-incident-recorded").json()
    assert refused["code"] == "unknown-filter"
    assert "boundary" not in refused["remedy"]


def test_only_those_may_search_who_may_read_records(practice: Practice) -> None:
    assert practice.screen().get("/v1/search").status_code == 401
    assert practice.at(PT1, "scheduler").get("/v1/search").status_code == 403


def test_who_searched_is_recorded_by_the_service_and_what_for_and_never_what_was_typed(
    practice: Practice, nurse: Screen
) -> None:
    officer = practice.at(PT1, "prescriber")
    before = practice.size
    assert nurse.get("/v1/search?text=own").status_code == 200
    assert practice.size == before  # nobody enrolled a key of the service's own yet
    asked = officer.post("/v1/service-key").json()
    done = officer.post(f"/v1/enrolments/{asked['id']}/approval", practice.approvals(asked["items"]))
    assert done.status_code == 201

    answer = nurse.get("/v1/search?text=sublingual&signed_by=RN1&purpose=audit").json()

    row = practice.opened.store.row(practice.size - 1)
    assert isinstance(row, EventRow)
    searched = place(practice.opened.store, row).event
    assert isinstance(searched, SysRecordSearched)
    assert (searched.staff, searched.role, searched.purpose) == (RN1, "nurse", "audit")
    assert (searched.filters, searched.found) == (("signed-by", "text"), len(answer["found"]))
    assert b"sublingual" not in row.envelope
    assert parse_event_entry(row.entry).version == 1


def test_searching_is_documented_with_every_filter(practice: Practice, tmp_path: Path) -> None:
    parameters = practice.app.openapi()["paths"]["/v1/search"]["get"]["parameters"]

    assert all(each.get("description") for each in parameters)
