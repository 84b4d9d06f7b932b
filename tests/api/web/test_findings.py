"""What became of a finding, asked over HTTP: its acts, its age, what closes by itself, and as known then."""

from __future__ import annotations

from typing import Any

from ledger.events.base import Event
from ledger.follow import place
from ledger.record import Recorded
from ledger.store.port import EventRow
from tests.api.web.practice import NURSE, Practice, handed
from tests.ledger.chart import correction
from tests.ledger.clinic import MD1, PT1, RN1, SESSION, SLOT_A, blank, dose, make
from tests.projections.rules.day import Day
from tests.projections.rules.standing import VIAL, received

RULE = "ORD-10"
STREAM = SESSION.replace("session/", "governance/")
COMPLIANCE = (PT1, "reviewed", "compliance-officer")


def given(practice: Practice) -> dict[str, Any]:
    """A dose that nobody prepared: the finding."""
    practice.clinic.record(dose("100"), SLOT_A, NURSE)
    (found,) = asked(practice, f"rule={RULE}&state=open")
    return found


def asked(practice: Practice, query: str = "", at: int | None = None) -> list[dict[str, Any]]:
    practice.service.look()
    known = "" if at is None else f"&known_at={at}"
    answer = practice.at(RN1).get(f"/v1/findings?{query}{known}&at_least={practice.size}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["findings"]
    return found


def reference(practice: Practice, position: int) -> dict[str, str]:
    row = practice.opened.store.row(position)
    assert isinstance(row, EventRow)
    return {"dig": row.dig, "id": row.event_id}


def act(kind: str, finding: dict[str, Any], practice: Practice, **fields: Any) -> Event:
    named = [reference(practice, position) for position in finding["evidence"]]
    about = {"evidence": named, "finding": finding["id"], "rule": finding["rule"], "rule_version": "1"}
    return make(f"finding-{kind}", **(about | fields))


def says(practice: Practice, kind: str, finding: dict[str, Any], *who: tuple[str, str, str], **fields: Any) -> Recorded:
    return practice.clinic.record(act(kind, finding, practice, **fields), STREAM, *who)


def test_a_finding_goes_from_open_to_closed_with_who_when_and_where_it_stands(practice: Practice) -> None:
    opened = given(practice)
    assert (opened["state"], opened["acts"], opened["by_itself"]) == ("open", [], False)
    size = practice.size
    seen = says(practice, "acknowledged/2", opened, (MD1, "acknowledged", "medical-director"))
    says(practice, "explained/1", opened, (RN1, "performed", "nurse"), addendum=None, document=None, reason="staffing")
    decided = {"action": "second-nurse", "due": "2026-06-15", "outcome": "corrective-action", "reason": "staffing"}
    says(practice, "dispositioned/2", opened, COMPLIANCE, **decided)
    closed = says(practice, "closed/1", opened, COMPLIANCE, disposition=None)

    (now,) = asked(practice, f"rule={RULE}&state=closed")

    assert now["id"] == opened["id"]
    assert (now["verdict"], now["outcome"], now["by_itself"]) == ("breached", "corrective-action", False)
    assert [each["kind"] for each in now["acts"]] == ["acknowledged", "explained", "dispositioned", "closed"]
    first, *_, last = now["acts"]
    assert (first["by"], first["position"]) == ([{"id": MD1, "code": "MD1"}], seen.position)
    assert (last["position"], now["state_since"]) == (closed.position, last["at"])
    assert asked(practice, f"rule={RULE}", at=size)[0]["state"] == "open", "as known then"
    assert asked(practice, f"rule={RULE}", at=seen.position + 1)[0]["state"] == "acknowledged"
    assert asked(practice, f"rule={RULE}&state=open") == []


def test_whoever_did_it_may_explain_and_not_dispose_of_it(practice: Practice) -> None:
    finding = given(practice)
    decided = {"action": None, "due": None, "outcome": "accepted-deviation", "reason": None}
    event = act("dispositioned/2", finding, practice, **decided)
    nurse = practice.at(RN1)

    refused = nurse.post(
        "/v1/events", handed(practice.clinic.submission(event, STREAM, [(RN1, "reviewed", "compliance-officer")]))
    )

    assert refused.status_code == 409
    assert refused.json()["code"] == "gate-closed"
    (objection,) = refused.json()["blocked_by"]
    assert (objection["rule"], objection["override"]) == ("REC-03", None)


def test_a_finding_whose_fact_is_voided_closes_by_itself_and_says_so(practice: Practice) -> None:
    finding = given(practice)
    (position,) = finding["evidence"]
    fields = blank("entry-voided/1") | {"reason": "entered-in-error", "target": reference(practice, position)}
    voided = practice.clinic.record(make("entry-voided/1", **fields), SLOT_A, (RN1, "corrected", "nurse"))
    before = practice.size
    signed = blank("countersignature-given/1") | {
        "gives": "reviewed",
        "target": reference(practice, voided.position),
        "verdict": "confirms",
    }
    second = (MD1, "countersigned", "prescriber")
    practice.clinic.record(make("countersignature-given/1", **signed), SLOT_A, second)

    (now,) = asked(practice, f"rule={RULE}&state=closed")

    assert (now["id"], now["by_itself"]) == (finding["id"], True)
    assert now["verdict"] == "not-applicable"
    assert now["turns"] == [{"kind": "gone", "at": now["state_since"], "position": before}]
    (then,) = asked(practice, f"rule={RULE}&state=open", at=before)
    assert then["sentence"] == finding["sentence"]


def test_findings_are_asked_by_state_rule_place_and_age(practice: Practice) -> None:
    finding = given(practice)
    practice.clinic.clock.forward(days=3)

    everything = asked(practice, "state=open&place=R-1")

    assert finding["id"] in {each["id"] for each in everything}
    assert {each["place"]["code"] for each in everything} == {"R-1"}
    assert {each["age_days"] for each in everything} >= {3}
    assert asked(practice, "state=acknowledged") == []
    assert [each["id"] for each in asked(practice, f"rule={RULE}&older_than=2")] == [finding["id"]]
    assert asked(practice, f"rule={RULE}&older_than=3") == []
    unknown = practice.at(RN1).get("/v1/findings?place=R-9")
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (404, "/place")


def test_one_finding_is_asked_by_its_identity(practice: Practice) -> None:
    finding = given(practice)
    nurse = practice.at(RN1)

    one = nurse.get(f"/v1/findings/{finding['id']}?session={SESSION[8:]}").json()

    assert one["finding"] == finding
    assert one["position"] == practice.size
    assert nurse.get(f"/v1/findings/{'0' * 32}").status_code == 404


def test_trends_are_asked_over_http_and_show_no_small_group(practice: Practice) -> None:
    given(practice)

    answer = practice.at(RN1).get(f"/v1/findings/trends?by=site&per=all&at_least={practice.size}")

    assert answer.status_code == 200
    told = answer.json()
    assert (told["rows"], told["figures"], told["position"]) == ([], [], practice.size)
    assert told["notes"]
    assert told["filters"] == {"by": "site", "per": "all"}
    assert practice.at(RN1).get("/v1/findings/trends?place=R-9").status_code == 404


def test_a_finding_about_no_session_closes_by_itself_once_somebody_has_acted_on_it(practice: Practice) -> None:
    """REC-03 about a disposition rests on a governance record: its finding is about no session."""
    finding = given(practice)
    decided = {"action": None, "due": None, "outcome": "corrected", "reason": None}
    says(practice, "dispositioned/2", finding, COMPLIANCE, **decided)
    (about,) = [each for each in asked(practice, "rule=REC-03") if each["session"] == ""]
    assert (about["verdict"], about["state"]) == ("met", None)

    seen = {**about, "evidence": [practice.size - 1]}
    says(practice, "acknowledged/2", seen, (MD1, "acknowledged", "medical-director"))

    (now,) = [each for each in asked(practice, "rule=REC-03&state=any") if each["session"] == ""]
    assert (now["id"], now["state"], now["by_itself"]) == (about["id"], "closed", True)


def test_a_finding_about_a_container_closes_and_opens_by_itself_though_nobody_acted_on_it(practice: Practice) -> None:
    vial = Day()
    wrong = received(vial, supplier_dea="none").placed[-1]
    who = ((RN1, "received", "custodian"), (MD1, "witnessed", "prescriber"))
    came = practice.clinic.record(wrong.event, VIAL, *who)
    (opened,) = asked(practice, "rule=CS-04&state=open")
    assert (opened["session"], opened["evidence"], opened["turns"]) == ("", [came.position], [])

    row = practice.opened.store.row(came.position)
    assert isinstance(row, EventRow)
    entry = place(practice.opened.store, row)
    nurse = (RN1, "corrected", "nurse")
    right = correction(entry, ("supplier_dea", "none", "FX0000001"))
    corrected = practice.clinic.record(right, VIAL, nurse)
    (closed,) = asked(practice, "rule=CS-04&state=closed")
    assert (closed["id"], closed["verdict"], closed["by_itself"], closed["acts"]) == (opened["id"], "met", True, [])
    assert [(each["kind"], each["position"]) for each in closed["turns"]] == [("gone", corrected.position)]

    practice.clinic.clock.forward(minutes=5)
    back = practice.clinic.record(correction(entry, ("supplier_dea", "none", "none-again")), VIAL, nurse)
    (reopened,) = asked(practice, "rule=CS-04&state=reopened")
    assert [(each["kind"], each["position"]) for each in reopened["turns"]] == [
        ("gone", corrected.position),
        ("back", back.position),
    ]
    assert asked(practice, "rule=CS-04&state=open", at=came.position + 1)[0]["id"] == opened["id"], "as known then"
