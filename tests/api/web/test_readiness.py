"""What stands before a session, asked over HTTP: as the desk would say it, and to whom it is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api.web import callers
from ledger.errors import Refused
from ledger.events.access import SysRecordViewed
from projections.compliance.acts_ahead import ahead_of
from tests.api.web.practice import Practice, Screen
from tests.api.web.test_access_traces import all_written, noted
from tests.api.web.test_glass import NIGHT, night, past  # noqa: F401  # fixtures
from tests.api.web.test_the_past import Past
from tests.ledger.clinic import ANA, BEN, COUPLE, MD1, PLACE, PT1, RN1, SESSION, blank, dose, make, uuid

AT = f"/v1/sessions/{SESSION[8:]}"
LATER = f"session/{uuid(33)}"


@pytest.fixture
def planned(practice: Practice) -> Practice:
    """A session planned for tomorrow under a protocol, at a place; nothing else is on record."""
    clinic = practice.clinic
    place = blank("location-registered/1") | {
        "code": "R-1",
        "connectivity": "wired",
        "dea_from": "2024-06-01",
        "dea_number": "FX0000001",
        "dea_to": "2027-05-31",
        "kind": "retreat",
        "nearest_ed_min": 20,
        "state": "NY",
        "time_zone": "America/New_York",
    }
    clinic.record(make("location-registered/1", **place), PLACE, (MD1, "verified", "compliance-officer"))
    protocol = make(
        "protocol-published/1", effective="2026-05-01", name="KAP", parameters={}, rule_set="rules-1", version="v1"
    )
    clinic.record(protocol, f"protocol/{uuid(51)}", (MD1, "approved", "medical-director"))
    plan = make(
        "session-rescheduled/1",
        location=PLACE,
        mode="simultaneous",
        planned_start=(clinic.clock.now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S.000000Z"),
        staff=[{"role": "prescriber", "staff": MD1}],
        reason_a=None,
        reason_b=None,
    )
    clinic.record(plan, SESSION, (MD1, "performed", "scheduler"))
    return practice


def read(practice: Practice, path: str = f"{AT}/readiness", screen: Screen | None = None) -> Any:
    practice.service.look()
    mark = "&" if "?" in path else "?"
    answer = (screen or practice.at(RN1)).get(f"{path}{mark}at_least={practice.size}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def act(found: Any, name: str, slot: str | None = None) -> Any:
    (one,) = [each for each in found["acts"] if (each["act"], each["slot"]) == (name, slot)]
    return one


def closed(one: Any) -> set[str]:
    return {gate["rule"] for gate in one["gates"] if gate["state"] != "open"}


def test_it_says_what_is_closed_by_which_sentence_what_opens_it_who_signs_and_where(planned: Practice) -> None:
    found = read(planned)

    assert (found["status"], found["couple_code"], found["location_code"]) == ("scheduled", "C-07", "R-1")
    opening = act(found, "opening")
    assert {"ELIG-01", "ELIG-05", "ELIG-08", "PRE-07"} <= closed(opening)
    (screen,) = [each for each in opening["gates"] if (each["rule"], each["slot"]) == ("ELIG-08", "b")]
    assert (screen["sentence"], screen["override"]) == (
        "B: no private safety screen is on record.",
        "medical-director",
    )
    (way,) = screen["opened_by"]
    assert (way["type"], way["record"], way["of_the_session"]) == ("private-safety-screen-completed/1", BEN, False)
    assert way["signed_by"][0]["roles"] == ["nurse", "prescriber", "therapist"]
    assert "causes" not in screen, "nothing but the rule's own sentence"


def test_what_it_says_of_the_opening_is_what_the_desk_refuses_in_the_same_words(planned: Practice) -> None:
    found = act(read(planned), "opening")
    ledger = planned.service.compliance.at(as_of=planned.clinic.clock.now.strftime("%Y-%m-%dT%H:%M:%S.000000Z"))
    (draft, *_) = ahead_of(ledger.session(SESSION))
    assert draft.draft is not None

    event = make("session-opened/1", **draft.draft.event.model_dump(exclude={"type"}, mode="json"))
    signed = planned.clinic.submission(event, SESSION, [(RN1, "authorised", "nurse")])

    with pytest.raises(Refused) as refused:
        planned.service.recorder.record([signed])

    closed_here = [gate for gate in found["gates"] if gate["state"] != "open"]
    told = {(gate["rule"], gate["slot"], gate["override"], tuple(gate["evidence"])) for gate in closed_here}
    assert {(o.rule, o.slot, o.override, o.evidence) for o in refused.value.objections} == told


def test_of_one_partner_nothing_of_the_other_is_told(planned: Practice) -> None:
    found = read(planned, f"{AT}/readiness?partner=b")

    assert {each["slot"] for each in found["acts"]} == {None, "b"}
    assert {gate["slot"] for each in found["acts"] for gate in each["gates"]} == {"b"}
    assert ANA not in str(found)
    assert BEN in str(found)


def test_a_list_says_of_each_session_ahead_how_much_is_missing_and_what_is_of_the_day(planned: Practice) -> None:
    (one,) = read(planned, "/v1/readiness")["sessions"]

    assert (one["session"], one["in_care"], one["status"]) == (SESSION, True, "scheduled")
    lines = {(each["act"], each["slot"]): each for each in one["acts"]}
    assert lines["opening", None]["missing"] >= 6
    assert lines["dose", "a"]["on_the_day"] >= 2, "values, check-in, way home"
    assert one["missing"] == sum(each["missing"] for each in one["acts"])


def test_a_closed_or_cancelled_session_is_no_more_in_the_list(planned: Practice) -> None:
    size = planned.size
    cancelled = make("session-cancelled/1", reason_a=None, reason_b=None)
    planned.clinic.record(cancelled, SESSION, (MD1, "performed", "scheduler"))

    assert read(planned, "/v1/readiness")["sessions"] == []
    assert len(read(planned, f"/v1/readiness?known_at={size}")["sessions"]) == 1, "as known then"
    assert read(planned)["acts"] == []


def test_a_couple_is_asked_about_before_it_is_planned(planned: Practice) -> None:
    found = read(planned, "/v1/couples/C-07/readiness")

    assert (found["session"], found["status"], found["couple"]) == (None, "unplanned", COUPLE)
    assert {"ELIG-01", "ELIG-08"} <= closed(act(found, "opening"))
    assert all(gate["slot"] for each in found["acts"] for gate in each["gates"])
    assert planned.at(RN1).get("/v1/couples/C-99/readiness").status_code == 404


def test_it_is_told_to_those_in_whose_care_they_are_and_leaves_a_trace(past: Past, night: Screen) -> None:  # noqa: F811
    past.does(dose("100"))
    stranger, named = night, past.practice.at(RN1, "nurse")

    for path in (f"{AT}/readiness", "/v1/couples/C-07/readiness"):
        refused = stranger.get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "not-in-care"), path
        assert named.get(path).status_code == 200
    (line,) = [each for each in stranger.get("/v1/readiness").json()["sessions"] if each["session"] == SESSION]
    assert (line["in_care"], line["acts"], line["missing"]) == (False, [], None)
    assert past.practice.at(PT1, "scheduler").get("/v1/readiness").status_code == 403
    all_written(past.practice)
    viewed = [(event.staff, event.purpose) for _, event in noted(past.practice, SysRecordViewed)]
    assert (RN1, "treatment") in viewed


def test_what_a_rule_says_in_confidence_is_not_told_here_either(
    planned: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(callers.RULES_IN_CONFIDENCE, "ELIG-08", frozenset({"compliance-officer"}))

    assert "ELIG-08" not in closed(act(read(planned), "opening"))
    assert "ELIG-08" in closed(act(read(planned, screen=planned.at(MD1, "compliance-officer")), "opening"))
