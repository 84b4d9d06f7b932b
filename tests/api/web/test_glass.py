"""Who is not in the care of a couple says why they must read, gets in at once, and compliance sees it."""

from __future__ import annotations

import pytest

from api.web import care
from ledger.entry import stream_tag
from ledger.events.access import SysBreakGlassUsed
from ledger.signing import SigningKey
from ledger.store.port import EventRow
from projections.care import in_care
from tests.api.web.practice import Practice, Screen, until
from tests.api.web.test_access_traces import noted
from tests.api.web.test_the_past import Past
from tests.ledger.clinic import MD1, ORIGIN, PT1, RN1, SESSION, SLOT_A, check, dose, make, uuid

AT = f"/v1/sessions/{SESSION[8:]}"
NIGHT = f"staff/{uuid(77)}"


@pytest.fixture
def past(practice: Practice) -> Past:
    """A session with RN1 and MD1 at a service whose own key counts, and a nurse nobody named."""
    practice.clinic.record(
        make("staff-registered/1", agreement=None, code="RN9", name="A nurse of the night"),
        NIGHT,
        (MD1, "performed", "registrar"),
    )
    officer = practice.at(PT1, "prescriber")
    asked = officer.post("/v1/service-key").json()
    assert officer.post(f"/v1/enrolments/{asked['id']}/approval", practice.approvals(asked["items"])).status_code == 201
    return Past(practice)


@pytest.fixture
def night(past: Past) -> Screen:
    return past.practice.at(NIGHT, "nurse")


def test_who_is_named_in_a_session_reads_it_and_everybody_else_is_told_how_to_get_in(past: Past, night: Screen) -> None:
    given = past.does(dose("100"))
    reads = [f"{AT}/timeline", f"{AT}/room", f"{AT}/terms", "/v1/couples/C-07/history", f"/v1/entries/{given}"]
    reads += [f"/v1/pending?session={SESSION}"]
    named = past.practice.at(RN1, "nurse")

    for path in reads:
        assert named.get(path).status_code == 200, path
        refused = night.get(path)
        assert (refused.status_code, refused.json().get("code")) == (403, "not-in-care"), path
        assert "break the glass" in refused.json()["remedy"]
        assert refused.json()["errors"][0]["pointer"] == f"/{SESSION}"
    for office in ("compliance-officer", "privacy-officer", "records-officer", "medical-director"):
        assert past.practice.at(NIGHT, office).get(f"{AT}/timeline").status_code == 200


def test_a_broken_glass_opens_at_once_is_signed_and_stays_open_for_a_shift(past: Past, night: Screen) -> None:
    broken = night.post(f"{AT}/glass", {"reason": "emergency"})

    assert (broken.status_code, broken.json()["hours"]) == (201, 12)
    ((row, used),) = noted(past.practice, SysBreakGlassUsed)
    assert row.position == broken.json()["position"]
    assert (used.staff, used.role, used.reason, used.record) == (
        NIGHT,
        "nurse",
        "emergency",
        stream_tag(ORIGIN, SESSION),
    )
    for path in (f"{AT}/timeline", f"{AT}/room", "/v1/couples/C-07/history"):
        assert night.get(path).status_code == 200
    again = night.post(f"{AT}/glass", {"reason": "covering"})
    assert (again.status_code, again.json()["position"]) == (200, None)

    past.clinic.clock.forward(hours=12)
    assert past.practice.at(NIGHT, "nurse").get(f"{AT}/timeline").status_code == 403


def test_who_looks_after_somebody_from_now_on_needs_no_glass(past: Past, night: Screen) -> None:
    assert night.get(f"{AT}/timeline").status_code == 403
    past.clinic.keys[NIGHT] = SigningKey(past.clinic.entropy(32))
    past.clinic.recorder.record([past.clinic.enrol(NIGHT)])

    done = past.does(check(), SLOT_A, (NIGHT, "performed", "nurse"))

    assert night.get(f"{AT}/timeline?at_least={done + 1}").status_code == 200
    assert SESSION in in_care(past.practice.service.database, NIGHT).sessions
    assert list(noted(past.practice, SysBreakGlassUsed)) == []


def test_a_search_tells_of_what_is_not_in_ones_care_only_that_it_is_there(past: Past, night: Screen) -> None:
    size = past.does(dose("100")) + 1
    path = f"/v1/search?type=dose-administered&at_least={size}"

    ((theirs,), (ours,)) = (screen.get(path).json()["found"] for screen in (night, past.practice.at(RN1, "nurse")))

    assert theirs["row"]["phrase"] == "not in your care"
    assert (theirs["position"], theirs["record"]) == (ours["position"], ours["record"])
    assert "100 mg" in ours["row"]["phrase"]


def test_the_bytes_of_the_log_hold_the_place_of_what_is_not_in_ones_care_and_no_envelope(
    past: Past, night: Screen
) -> None:
    given = past.does(dose("100"))

    theirs = night.get("/v1/entries").json()["entries"]
    ours = past.practice.at(RN1, "nurse").get("/v1/entries").json()["entries"]

    assert (theirs[given]["envelope"], theirs[given]["stream"]) == (None, None)
    assert theirs[given]["leaf"] == ours[given]["leaf"]
    assert "dose-administered/1" in ours[given]["type"]
    assert [each["position"] for each in theirs if each["kind"] == "event" and each["envelope"] is None] == [
        each["position"] for each in ours if (each["stream"] or "").startswith("session/")
    ]
    assert night.post(f"{AT}/glass", {"reason": "emergency"}).status_code == 201
    assert night.get("/v1/entries").json()["entries"][given]["envelope"]


def test_compliance_sees_every_use_with_its_reason_and_whether_it_was_reviewed(past: Past, night: Screen) -> None:
    at = night.post(f"{AT}/glass", {"reason": "covering"}).json()["position"]
    compliance = past.practice.at(MD1, "compliance-officer")

    def listed(more: str = "") -> list[dict[str, object]]:
        found: list[dict[str, object]] = compliance.get(f"/v1/glass?at_least={past.practice.size}{more}").json()[
            "broken"
        ]
        return found

    (use,) = listed()
    assert use | {"received": ""} == {
        "position": at,
        "received": "",
        "session": SESSION,
        "staff": NIGHT,
        "code": "RN9",
        "role": "nurse",
        "reason": "covering",
        "reviewed": [],
    }
    row = past.practice.opened.store.row(at)
    assert isinstance(row, EventRow)
    review = make(
        "access-review-completed/1",
        anomalies=0,
        began="2026-05-16T00:00:00.000000Z",
        ended="2026-05-17T00:00:00.000000Z",
        glass_broken=[{"dig": row.dig, "id": row.event_id}],
        incidents=[],
        report=None,
    )
    reviewed = past.does(review, f"governance/{uuid(88)}", (PT1, "reviewed", "privacy-officer"))
    until(lambda: listed()[0]["reviewed"])
    assert listed()[0]["reviewed"] == [reviewed]
    assert listed(f"&known_at={reviewed}")[0]["reviewed"] == []
    assert listed(f"&known_at={at}") == []
    assert night.get("/v1/glass").status_code == 403


def test_nothing_opens_for_a_reason_that_is_none_or_a_session_that_is_none(past: Past, night: Screen) -> None:
    assert night.post(f"{AT}/glass", {"reason": "I am curious"}).status_code == 422
    assert night.post(f"{AT}/glass", {}).status_code == 422
    assert night.post(f"/v1/sessions/{uuid(99)}/glass", {"reason": "emergency"}).json()["code"] == "not-found"
    assert past.practice.at(NIGHT, "custodian").post(f"{AT}/glass", {"reason": "emergency"}).status_code == 403
    assert night.get(f"{AT}/timeline").status_code == 403
    assert list(noted(past.practice, SysBreakGlassUsed)) == []


def test_before_the_service_can_sign_anything_nobody_is_kept_out(practice: Practice) -> None:
    assert practice.at(RN1, "nurse").get(f"{AT}/timeline").status_code == 200


def test_the_floor_shows_every_room_so_that_whoever_must_help_finds_where(past: Past, night: Screen) -> None:
    assert [each["session"] for each in night.get("/v1/floor").json()["rooms"]] == [SESSION]


def test_who_evaluated_a_person_is_in_their_care_and_who_only_looked_is_not(past: Past, night: Screen) -> None:
    assert SESSION in in_care(past.practice.service.database, MD1).sessions
    night.get("/v1/floor")
    past.practice.app.state.service.access._writer.submit(int).result()
    assert in_care(past.practice.service.database, NIGHT).sessions == frozenset()
    assert care.OPEN_SECONDS == 12 * 3600
