"""A boundary incident is read by compliance alone: nobody else on the staff learns that there is one."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from api.web.callers import READERS, RULES_IN_CONFIDENCE, Caller, may_read_rule
from projections.compliance.rules import RULES
from tests.api.web.practice import FOUNDED, HEADERS, NURSE, PASSWORD, Practice, handed, listening
from tests.api.web.test_stream import stream, take
from tests.ledger.clinic import MD1, PT1, RN1, SESSION, SLOT_A, check, make, uuid


def incident(practice: Practice) -> dict[str, Any]:
    event = make("boundary-incident-recorded/1", kind="touch", session=SESSION)
    return handed(practice.clinic.submission(event, f"governance/{uuid(99)}", [(RN1, "received", "nurse")]))


WORDS = ("boundary", uuid(99), "governance", "touch")


@pytest.mark.parametrize(
    "roles", [("nurse",), ("prescriber", "medical-director"), ("therapist",), ("privacy-officer",)]
)
def test_who_is_not_compliance_sees_a_place_in_the_log_and_nothing_else(
    practice: Practice, roles: tuple[str, ...]
) -> None:
    nurse = practice.at()
    assert nurse.post("/v1/events", incident(practice)).status_code == 201
    reader = practice.at(MD1, *roles)

    one = reader.get(f"/v1/entries/{FOUNDED}")
    several = reader.get(f"/v1/entries?start={FOUNDED}")

    assert one.json()["envelope"] is one.json()["type"] is one.json()["stream"] is None
    assert one.json()["standing"] == "withheld"
    assert several.json()["entries"][0]["envelope"] is None
    for answer in (one, several, reader.get(f"/v1/sessions/{SESSION[8:]}/timeline"), reader.get("/v1/pending")):
        assert answer.status_code == 200
        assert not [word for word in WORDS if word in answer.text]


def test_its_place_can_be_proved_by_everybody(practice: Practice) -> None:
    nurse = practice.at()
    nurse.post("/v1/events", incident(practice))

    entry = nurse.get(f"/v1/entries/{FOUNDED}").json()
    said = nurse.get(f"/v1/proofs/inclusion?position={FOUNDED}").json()

    assert entry["leaf"] == said["leaf"]


def test_compliance_reads_it_as_soon_as_it_is_recorded(practice: Practice) -> None:
    practice.at().post("/v1/events", incident(practice))

    entry = practice.at(PT1, "compliance-officer").get(f"/v1/entries/{FOUNDED}").json()

    assert (entry["type"], entry["standing"]) == ("boundary-incident-recorded/1", "valid")
    assert entry["stream"] == f"governance/{uuid(99)}"


def test_the_live_stream_gives_others_its_position_alone(unserved: Practice) -> None:
    unserved.account(RN1, ["nurse"])
    with listening(unserved.app) as url, httpx2.Client(base_url=url, headers=HEADERS, timeout=20) as nurse:
        assert nurse.post("/v1/auth/sign-in", json={"staff": "RN1", "password": PASSWORD}).status_code == 200
        with stream(nurse) as events:
            nurse.post("/v1/events", json=incident(unserved))
            nurse.post("/v1/events", json=handed(unserved.clinic.submission(check(), SLOT_A, [NURSE])))
            found = take(events, 2)

    assert found[0] == {"id": FOUNDED + 1, "position": FOUNDED}
    assert found[1]["type"] == "supervision-checked/1"


def test_what_the_rules_say_of_it_is_for_compliance_alone(practice: Practice) -> None:
    practice.clinic.clock.forward(minutes=1)
    assert practice.at().post("/v1/events", incident(practice)).status_code == 201

    others = practice.at(MD1, "prescriber", "medical-director").get(f"/v1/findings?at_least={practice.size}")
    compliance = practice.at(PT1, "compliance-officer").get(f"/v1/findings?at_least={practice.size}").json()

    assert others.status_code == 200
    assert "AE-05" not in others.text
    assert not [word for word in WORDS if word in others.text]
    (found,) = [each for each in compliance["findings"] if each["rule"] == "AE-05"]
    assert found["subject"] == f"governance/{uuid(99)}"


def test_what_became_of_it_is_for_compliance_alone_as_well(practice: Practice) -> None:
    at = practice.at().post("/v1/events", incident(practice)).json()["position"]
    event = make(
        "finding-acknowledged/2",
        evidence=[],
        finding="0" * 32,
        rule="AE-05",
        rule_version="1",
    )
    act = practice.clinic.submission(event, f"governance/{uuid(99)}", [(PT1, "acknowledged", "compliance-officer")])
    practice.at().post("/v1/events", handed(act))

    reader, compliance = practice.at(MD1, "prescriber"), practice.at(PT1, "compliance-officer")

    assert reader.get(f"/v1/entries/{at + 1}").json()["standing"] == "withheld"
    assert not [word for word in (*WORDS, "AE-05") if word in reader.get(f"/v1/entries?start={at}").text]
    assert reader.get("/v1/search?type=finding-acknowledged").json()["found"] == []
    assert compliance.get(f"/v1/entries/{at + 1}").json()["type"] == "finding-acknowledged/2"


@pytest.mark.parametrize("rule", sorted(set(RULES_IN_CONFIDENCE) - {"AE-05"}))
def test_what_is_asked_and_shown_of_records_is_told_to_who_answers_for_it(rule: str) -> None:
    told = {role for role in READERS.roles or () if may_read_rule(caller(role), rule)}

    assert told == {"compliance-officer", "privacy-officer", "records-officer", "medical-director"}
    assert rule in {each.id for each in RULES}


def caller(role: str) -> Caller:
    """Somebody of this role alone."""
    return Caller(MD1, "MD1", (role,), False, session=None)  # type: ignore[arg-type]  # nobody asks for it
