"""What a refusal leaves in the log: for which rules, about which record, once, and without keeping anybody waiting."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from api.web import refusals
from ledger.entry import stream_tag
from ledger.errors import NotNow
from ledger.events.access import SysAuthorisationRefused2
from ledger.follow import place
from ledger.record import Recorded, Recorder, Submission
from ledger.store.port import EventRow
from tests.api.web.practice import NURSE, Practice, Screen, handed, until
from tests.ledger.clinic import MD1, ORIGIN, PT1, RN1, SESSION, SLOT_B, dose, make
from tests.ledger.test_gates import release

DOCTOR = (MD1, "authorised-release", "prescriber")


@pytest.fixture
def nurse(practice: Practice) -> Screen:
    """A nurse at a screen of a service whose own key counts."""
    officer = practice.at(PT1, "prescriber")
    asked = officer.post("/v1/service-key").json()
    assert officer.post(f"/v1/enrolments/{asked['id']}/approval", practice.approvals(asked["items"])).status_code == 201
    return practice.at()


def too_early(practice: Practice) -> Submission:
    """A release of B, just dosed, with no escort known."""
    practice.clinic.record(dose(), SLOT_B, NURSE)
    return practice.clinic.submission(release(), SLOT_B, [DOCTOR])


def assigned(practice: Practice) -> Submission:
    """A monitor is assigned of whom no credential is on record."""
    event = make("monitor-assigned/1", covers=["a", "b"], in_person=True, monitor=RN1)
    return practice.clinic.submission(event, SESSION, [(RN1, "received", "nurse")])


def traces(practice: Practice) -> list[tuple[int, str, SysAuthorisationRefused2]]:
    rows = [row for row in practice.opened.store.rows(0, practice.size) if isinstance(row, EventRow)]
    events = [(row.position, row.stream, place(practice.opened.store, row).event) for row in rows]
    return [(at, stream, each) for at, stream, each in events if isinstance(each, SysAuthorisationRefused2)]


def test_a_refusal_names_every_closed_gate_in_the_log_and_not_what_was_compared(
    practice: Practice, nurse: Screen
) -> None:
    asked = assigned(practice)

    answer = nurse.post("/v1/events", handed(asked))

    problem = answer.json()
    ((position, stream, trace),) = traces(practice)
    assert (answer.status_code, problem["code"], problem["trace"]) == (409, "gate-closed", position)
    assert [(each.rule, each.version, each.staff, each.credential, each.override) for each in trace.objections] == [
        (each["rule"], each["version"], each["staff"], each["credential"], each["override"])
        for each in problem["blocked_by"]
    ]
    assert {each.credential for each in trace.objections} == {"licence", "bls", "kap"}
    assert (trace.kind, trace.record, trace.staff) == ("monitor-assigned/1", stream_tag(ORIGIN, SESSION), RN1)
    assert stream.startswith("access/"), "in nobody's copy"
    row = practice.opened.store.row(position)
    assert isinstance(row, EventRow)
    assert SESSION.encode() not in row.envelope
    assert not [each for each in problem["blocked_by"] if each["message"].encode() in row.envelope]


def test_the_same_refused_again_is_not_written_again_and_another_request_is(practice: Practice, nurse: Screen) -> None:
    asked = handed(assigned(practice))
    first = nurse.post("/v1/events", asked).json()["trace"]
    size = practice.size

    again = nurse.post("/v1/events", asked).json()["trace"]
    in_a_batch = nurse.post("/v1/batches", {"items": [asked]}).json()["items"][0]["problem"]["trace"]

    assert (again, in_a_batch, practice.size) == (first, first, size)
    assert nurse.post("/v1/events", handed(assigned(practice))).json()["trace"] > first


def test_each_item_of_a_batch_that_is_refused_leaves_its_own(practice: Practice, nurse: Screen) -> None:
    items = [handed(assigned(practice)), handed(too_early(practice))]

    told = nurse.post("/v1/batches", {"items": items}).json()["items"]

    assert [each["problem"]["trace"] for each in told] == [position for position, _, _ in traces(practice)]


def test_staff_find_it_with_the_session_and_a_partner_never_does(practice: Practice, nurse: Screen) -> None:
    position = nurse.post("/v1/events", handed(too_early(practice))).json()["trace"]
    assert nurse.get(f"/v1/sessions?at_least={practice.size}").status_code == 200

    def rows(asked: str) -> list[int]:
        return [each["row"]["position"] for each in nurse.get(f"/v1/search?{asked}").json()["found"]]

    def timeline(asked: str = "") -> dict[int, str]:
        told = nurse.get(f"/v1/sessions/{SESSION[8:]}/timeline{asked}").json()["rows"]
        return {each["position"]: each["phrase"] for each in told}

    assert timeline()[position].startswith("release authorised: refused by REL-")
    assert "(B)" in timeline()[position]
    for asked in (f"session={SESSION}", "couple=C-07", "type=sys-authorisation-refused", "text=rel-07"):
        assert position in rows(asked), asked
    for partner in ("a", "b"):
        assert position not in timeline(f"?partner={partner}")
        assert position not in rows(f"session={SESSION}&partner={partner}")


def test_without_a_key_of_the_services_own_the_answer_is_the_same_and_says_there_is_no_trace(
    practice: Practice,
) -> None:
    answer = practice.at().post("/v1/events", handed(assigned(practice)))

    assert (answer.json()["code"], answer.json()["trace"], traces(practice)) == ("gate-closed", None, [])


@contextmanager
def traced_by(practice: Practice, record: object) -> Iterator[None]:
    """The thread that writes traces records by this."""
    trace = practice.service.traces
    recorder = trace.recorder
    trace.recorder = record  # type: ignore[assignment]
    yield
    trace.recorder = recorder


def test_a_trace_that_cannot_be_written_changes_nothing_about_the_refusal(practice: Practice, nurse: Screen) -> None:
    class Full:
        def record(self, _: Sequence[Submission]) -> list[Recorded]:
            raise NotNow("store-full", "The disk is full.")

    with traced_by(practice, Full()):
        answer = nurse.post("/v1/events", handed(assigned(practice)))

    assert (answer.status_code, answer.json()["code"], answer.json()["trace"]) == (409, "gate-closed", None)
    assert len(answer.json()["blocked_by"]) == 3


def test_nobody_waits_for_a_slow_disk_and_the_trace_follows(
    practice: Practice, nurse: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "TRACE_SECONDS", 0.01)
    goes_on = threading.Event()

    class Slow:
        def __init__(self, recorder: Recorder) -> None:
            self.recorder = recorder

        def record(self, submissions: Sequence[Submission]) -> list[Recorded]:
            goes_on.wait(20)
            return self.recorder.record(submissions)

    with traced_by(practice, Slow(practice.service.recorder)):
        answer = nurse.post("/v1/events", handed(assigned(practice)))
        assert (answer.json()["code"], answer.json()["trace"], traces(practice)) == ("gate-closed", None, [])
        goes_on.set()
        until(lambda: traces(practice))
