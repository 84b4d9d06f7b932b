"""What the page of forms asks: the acts of one's roles, one form, records by code, entries that may be named."""

from __future__ import annotations

from typing import Any

from tests.api.web.practice import NURSE, Practice, Screen, handed
from tests.api.web.test_glass import AT, night, past  # noqa: F401  # fixtures
from tests.api.web.test_the_past import Past
from tests.ledger.clinic import ANA, BEN, COUPLE, MD1, PLACE, PT1, RN1, SESSION, SLOT_A, dose, make, uuid


def test_one_is_offered_what_ones_roles_sign_grouped_by_act(quiet: Practice) -> None:
    screen = quiet.at(RN1, "registrar")

    acts = {each["act"]: each for each in screen.get("/v1/forms").json()["acts"]}

    assert acts["people"]["title"] == "People"
    assert [each["name"] for each in acts["people"]["types"]][:3] == [
        "staff-registered",
        "participant-registered",
        "couple-registered",
    ]
    assert "orders" not in acts


def test_a_form_is_asked_for_by_name_or_by_version_and_says_whether_one_may_and_where_else(quiet: Practice) -> None:
    screen = quiet.at(RN1, "nurse")

    newest = screen.get("/v1/form?type=dose-interrupted").json()
    earlier = screen.get("/v1/form?type=dose-interrupted/1").json()
    order = screen.get("/v1/form?type=order-signed").json()
    voided = screen.get("/v1/form?type=entry-voided").json()

    assert (newest["type"], newest["may"], newest["creates"]) == ("dose-interrupted/2", True, "never")
    assert earlier["type"] == "dose-interrupted/1"
    assert (order["may"], order["elsewhere"]) == (False, None)
    assert voided["elsewhere"] == "on the page of the entry it is about"
    for unknown in ("dose-imagined", "sys-record-viewed", "dose-interrupted/9", "a b"):
        assert screen.get(f"/v1/form?type={unknown}").status_code == 400


def test_records_are_offered_by_code_and_participants_by_couple_and_letter(quiet: Practice) -> None:
    offered = quiet.at(RN1, "nurse").get("/v1/choices").json()

    assert {each["code"] for each in offered["staff"]} == {"MD1", "PT1", "RN1"}
    assert offered["location"] == [{"id": PLACE, "code": "R-1", "zone": "America/New_York"}]
    assert [each["code"] for each in offered["person"]] == ["C-07, A", "C-07, B"]
    (session,) = offered["session"]
    assert (session["id"], session["couple"], session["location"]) == (SESSION, COUPLE, PLACE)
    assert session["a"] == offered["person"][0]["id"]


def test_a_session_planned_for_the_evening_is_offered_by_its_local_day(practice: Practice) -> None:
    evening = "2026-05-21T01:30:00.000000Z"  # half past nine on the 20th at the clinic
    couple = {"couple": COUPLE, "location": PLACE, "person_a": ANA, "person_b": BEN}
    how: dict[str, Any] = {"course": None, "mode": "simultaneous", "ordinal": 2, "planned_start": evening, "staff": []}
    planned = make("session-scheduled/1", **couple, **how)
    practice.clinic.record(planned, f"session/{uuid(64)}", (MD1, "performed", "scheduler"))

    offered = practice.at(RN1, "nurse").get("/v1/choices").json()["session"]

    assert [each["code"] for each in offered if each["start"] == evening] == ["C-07 · session 2 · 2026-05-20"]


def test_who_plans_nothing_and_reads_nothing_is_offered_no_couple_and_no_session(quiet: Practice) -> None:
    offered = quiet.at(RN1, "credentialing-officer").get("/v1/choices").json()

    assert offered["staff"]
    assert (offered["person"], offered["couple"], offered["session"], offered["stock"]) == ([], [], [], [])


def test_entries_that_may_be_named_are_told_in_words_to_those_who_read_them(practice: Practice) -> None:
    nurse, scheduler = practice.at(RN1, "nurse"), practice.at(MD1, "scheduler")
    assert nurse.post("/v1/events", handed(practice.clinic.submission(dose(), SLOT_A, [NURSE]))).status_code == 201
    asked = f"/v1/choices/entries?record={SLOT_A}&types=dose-administered"

    (entry,) = nurse.get(asked).json()["entries"]
    refused = scheduler.get(asked)

    assert entry["type"] == "dose-administered/1"
    assert "mg" in entry["words"]
    assert set(entry) >= {"dig", "id", "position", "record"}
    assert nurse.get(f"/v1/choices/entries?record={SESSION}/b&types=dose-administered").json() == {"entries": []}
    assert nurse.get(f"/v1/choices/entries?record={SLOT_A}&types=order-signed").json() == {"entries": []}
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    assert practice.at(PT1, "nurse").get("/v1/choices/entries?record=keys").status_code == 400


def test_what_was_recorded_about_people_is_offered_to_those_who_have_them_in_care(past: Past, night: Screen) -> None:  # noqa: F811
    past.does(dose("100"))
    asked = [f"/v1/choices/entries?record={record}" for record in (SLOT_A, SESSION, ANA)]

    assert [past.practice.at(RN1, "nurse").get(each).status_code for each in asked] == [200] * 3
    assert [night.get(each).json()["code"] for each in asked] == ["not-in-care"] * 3
    assert night.post(f"{AT}/glass", {"reason": "emergency"}).status_code == 201
    assert [night.get(each).status_code for each in asked] == [200] * 3


def test_what_compliance_alone_reads_is_offered_to_nobody_else(practice: Practice) -> None:
    nurse = practice.at(RN1, "nurse")
    incident = make("boundary-incident-recorded/1", kind="partner-pressure", session=SESSION)
    record = f"governance/{uuid(77)}"
    told = practice.clinic.submission(incident, record, [(RN1, "received", "nurse")])
    assert nurse.post("/v1/events", handed(told)).status_code == 201
    asked = "/v1/choices/entries?record=governance&types=boundary-incident-recorded"

    assert nurse.get(asked).json() == {"entries": []}
    (entry,) = practice.at(MD1, "compliance-officer").get(asked).json()["entries"]
    assert entry["record"] == record


def test_the_page_takes_any_field_of_any_type_in_its_address_and_nothing_else(quiet: Practice) -> None:
    screen = quiet.screen()
    link = f"/record?type=consent-signed&session={SESSION}&slot=a&record=x&order=1&participant=p&container=c"
    assert screen.get(link).status_code == 200
    assert screen.get("/record?colour=red").status_code == 400
