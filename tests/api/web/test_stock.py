"""Containers over HTTP: who may ask, what is answered, and that nothing is answered to a wrong question."""

from __future__ import annotations

from tests.api.web.practice import NURSE, Practice, handed
from tests.ledger.clinic import OWN_A, PT1, RN1, SLOT_A, dose


def test_a_dose_from_an_unknown_bottle_is_on_its_sheet_for_nurse_and_custodian(practice: Practice) -> None:
    nurse = practice.at()
    given = nurse.post("/v1/events", handed(practice.clinic.submission(dose("100"), SLOT_A, [NURSE])))
    size = given.json()["position"] + 1

    listed = nurse.get(f"/v1/stock?at_least={size}").json()
    sheet = nurse.get(f"/v1/stock/{OWN_A[6:]}").json()

    assert listed["containers"] == [sheet]
    assert (sheet["world"], sheet["movements"][0]["mg"]) == ("unknown", "100")
    assert sheet["movements"][0]["marks"][0]["code"] == "never-arrived"
    assert practice.at(RN1, "custodian").get("/v1/stock").json()["containers"] == [sheet]
    assert practice.at(PT1, "scheduler").get("/v1/stock").status_code == 403


def test_wrong_questions_about_containers_are_refused(quiet: Practice) -> None:
    nurse = quiet.at()

    asked = {path: nurse.get(f"/v1/stock{path}").json()["code"] for path in ("/own-Z", "?partner=a", "?couple=C-99")}

    assert asked == {"/own-Z": "not-found", "?partner=a": "couple-needed", "?couple=C-99": "not-found"}
