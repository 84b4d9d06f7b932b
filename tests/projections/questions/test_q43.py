"""Question 43: the keys that signed, and what a doubted one signed."""

from __future__ import annotations

import pytest

from api.play_story import StoryLedger
from projections.compliance.reader import Compliance
from projections.questions.answer import Answer, Cell
from projections.questions.asking import ask
from tests.ledger.clinic import MD1, RN1, SLOT_A, Clinic, check, make


@pytest.fixture(scope="module")
def answer(weekend: StoryLedger) -> Answer:
    compliance = Compliance(weekend.ledger.store, weekend.ledger.subject_keys)
    return ask(compliance, "43", {}, now="2026-05-19T16:00:00.000000Z")


def test_each_key_has_its_enrolment_and_who_vouched_for_it(answer: Answer) -> None:
    rows = {each.values["owner"]: each for each in answer.rows}
    nurse = rows["RN1"]

    assert nurse.values["vouched"]
    assert nurse.values["enrolled"] in nurse.evidence
    assert int(nurse.values["first"] or 0) > int(nurse.values["enrolled"] or 0)
    assert int(nurse.values["signed"] or 0) > 50
    assert (nurse.values["revoked"], nurse.values["quarantined"], nurse.values["disputed"]) == (None, 0, 0)


def asked_of(clinic: Clinic) -> dict[Cell, dict[str, Cell]]:
    found = ask(Compliance(clinic.store, clinic.subject_keys), "43", {}, now="2026-06-30T00:00:00.000000Z")
    return {each.values["owner"]: dict(each.values) for each in found.rows}


def test_what_a_suspect_key_signed_is_disputed_from_that_position_on() -> None:
    clinic = Clinic().open()
    nurse = (RN1, "performed", "nurse")
    clinic.record(check(), SLOT_A, nurse)
    suspect = clinic.store.head().size
    clinic.record(check(), SLOT_A, nurse)
    revoked = make("key-revoked/1", key=clinic.keys[RN1].kid, reason="stolen", suspect_from=suspect)
    position = clinic.store.head().size
    clinic.record(revoked, "keys", (MD1, "revoked", "security-officer"))

    row = asked_of(clinic)["RN1"]
    assert (row["revoked"], row["why"], row["disputed"], row["quarantined"]) == (position, "stolen", 1, 0)
