"""Who opened which record, and who was not let in: noted by the service beside its answer, and not again and again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import pytest

from api.web import access_traces
from ledger.entry import stream_tag
from ledger.events import EVENT_TYPES
from ledger.events.access import SysRecordSearched, SysRecordViewed, SysSignInFailed2
from ledger.events.base import Event
from ledger.follow import place
from ledger.store.port import EventRow
from tests.api.web.practice import NURSE, Practice, Screen
from tests.api.web.test_the_past import Past
from tests.ledger.clinic import COUPLE, MD1, ORIGIN, OWN_A, PT1, RN1, SESSION, SLOT_A, dose, uuid

Kind = TypeVar("Kind", bound=Event)
TIMELINE = f"/v1/sessions/{SESSION.removeprefix('session/')}/timeline"


@pytest.fixture
def nurse(practice: Practice) -> Screen:
    """A nurse at a screen of a service whose own key counts, in a session with the prescriber MD1."""
    Past(practice)
    officer = practice.at(PT1, "prescriber")
    asked = officer.post("/v1/service-key").json()
    assert officer.post(f"/v1/enrolments/{asked['id']}/approval", practice.approvals(asked["items"])).status_code == 201
    return practice.at()


def noted(practice: Practice, kind: type[Kind]) -> Iterator[tuple[EventRow, Kind]]:
    for row in practice.opened.store.rows(0, practice.opened.store.head().size):
        if isinstance(row, EventRow) and isinstance(event := place(practice.opened.store, row).event, kind):
            yield row, event


def all_written(practice: Practice) -> None:
    """Wait until what was to be noted so far is."""
    practice.app.state.service.access._writer.submit(int).result()  # the one place that knows


def test_who_opened_a_session_is_noted_with_its_tag_and_what_for(practice: Practice, nurse: Screen) -> None:
    assert nurse.get(f"{TIMELINE}?purpose=audit").status_code == 200
    all_written(practice)

    ((row, viewed),) = noted(practice, SysRecordViewed)
    assert (viewed.staff, viewed.role, viewed.purpose, viewed.record) == (
        RN1,
        "nurse",
        "audit",
        stream_tag(ORIGIN, SESSION),
    )
    assert row.stream.startswith("access/"), "in nobody's copy"
    assert SESSION.encode() not in row.envelope


def test_each_record_and_each_reader_is_noted_and_the_same_look_again_only_after_a_while(
    practice: Practice, nurse: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor = practice.at(MD1, "prescriber")
    for screen in (nurse, nurse, doctor, nurse):
        screen.get(TIMELINE)
    nurse.get(f"{TIMELINE}?partner=a")
    nurse.get("/v1/couples/C-07/history")
    all_written(practice)

    assert [(each.staff, each.record) for _, each in noted(practice, SysRecordViewed)] == [
        (RN1, stream_tag(ORIGIN, SESSION)),
        (MD1, stream_tag(ORIGIN, SESSION)),
        (RN1, stream_tag(ORIGIN, f"{SESSION}/a")),
        (RN1, stream_tag(ORIGIN, COUPLE)),
    ]
    monkeypatch.setattr(access_traces, "AGAIN_SECONDS", -1.0)
    nurse.get(TIMELINE)
    all_written(practice)
    assert len(list(noted(practice, SysRecordViewed))) == 5


def test_a_container_an_entry_and_the_rooms_on_the_floor_are_noted_like_any_record(
    practice: Practice, nurse: Screen
) -> None:
    (done,) = practice.clinic.recorder.record([practice.clinic.submission(dose("100"), SLOT_A, [NURSE])])
    given = done.position
    practice.service.look()
    at_least = f"at_least={given + 1}"
    assert len(nurse.get(f"/v1/floor?{at_least}").json()["rooms"]) == 1
    for path in (f"/v1/stock/{OWN_A[6:]}?{at_least}", f"/v1/entries/{given}", "/v1/entries/99999"):
        nurse.get(path)
    wall = practice.at(MD1, "prescriber")
    wall.post("/v1/auth/board")
    wall.get("/v1/floor")
    all_written(practice)

    everything, codes = ("open", "clinical", "sensitive"), ("open",)
    assert [(each.staff, each.record, each.purpose, each.privacy) for _, each in noted(practice, SysRecordViewed)] == [
        (RN1, stream_tag(ORIGIN, SESSION), "operations", everything),
        (RN1, stream_tag(ORIGIN, OWN_A), "operations", everything),
        (RN1, stream_tag(ORIGIN, SLOT_A), "other", codes),
        (MD1, stream_tag(ORIGIN, SESSION), "operations", codes),
    ]


def test_a_list_over_many_records_is_noted_as_a_search_with_its_filters_once_in_a_while(
    practice: Practice, nurse: Screen
) -> None:
    for path in ("/v1/stock", "/v1/stock", "/v1/stock?lot=LOT-9", "/v1/findings?rule=SUP-05", "/v1/pending"):
        assert nurse.get(path).status_code == 200
    nurse.get(f"/v1/pending?session={SESSION}")
    nurse.get(f"/v1/findings?session={SESSION}")
    all_written(practice)

    assert [(each.staff, each.filters) for _, each in noted(practice, SysRecordSearched)] == [
        (RN1, ("stock",)),
        (RN1, ("lot", "stock")),
        (RN1, ("findings", "rule")),
        (RN1, ("pending",)),
    ]
    assert [each.record for _, each in noted(practice, SysRecordViewed)] == [stream_tag(ORIGIN, SESSION)]


def test_wrong_passwords_unknown_names_and_wrong_pins_are_noted_and_nothing_of_what_was_typed(
    practice: Practice, nurse: Screen
) -> None:
    practice.account(MD1, ("prescriber",))
    other = practice.screen()
    other.post("/v1/auth/sign-in", {"staff": "MD1", "password": "not the password at all"})
    other.post("/v1/auth/sign-in", {"staff": "Mallory", "password": "not the password at all"})
    nurse.post("/v1/auth/lock")
    nurse.post("/v1/auth/unlock", {"pin": "000001"})
    all_written(practice)

    found = list(noted(practice, SysSignInFailed2))
    assert [(each.staff, each.reason, each.tries) for _, each in found] == [
        (MD1, "wrong-password", 1),
        (None, "unknown-account", 1),
        (RN1, "wrong-pin", 1),
    ]
    assert not [row for row, _ in found if b"Mallory" in row.envelope or b"not the password" in row.envelope]


def test_who_only_wants_to_fill_the_log_gets_no_further(
    practice: Practice, nurse: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_traces, "FAILED_A_MINUTE", 3)
    other = practice.screen()
    for number in range(6):
        other.post("/v1/auth/sign-in", {"staff": f"Mallory {number}", "password": "not the password at all"})
    all_written(practice)

    assert len(list(noted(practice, SysSignInFailed2))) == 3


def test_who_has_no_record_in_the_ledger_cannot_be_named_there_and_the_look_is_noted_all_the_same(
    practice: Practice, nurse: Screen
) -> None:
    unknown = practice.at(f"staff/{uuid(77)}", "compliance-officer")
    assert unknown.get(f"{TIMELINE}?purpose=audit").status_code == 200
    assert unknown.get("/v1/search?type=session-scheduled").status_code == 200
    all_written(practice)

    assert [(each.staff, each.role) for _, each in noted(practice, SysRecordViewed)] == [(None, "compliance-officer")]
    assert [each.staff for _, each in noted(practice, SysRecordSearched)] == [None]


def test_without_a_key_of_its_own_the_service_notes_nothing_and_answers_all_the_same(practice: Practice) -> None:
    screen = practice.at()
    before = practice.opened.store.head().size

    assert screen.get(TIMELINE).status_code == 200
    all_written(practice)

    assert practice.opened.store.head().size == before


def test_every_type_of_the_softwares_own_says_when_it_is_written_or_why_not() -> None:
    import runpy  # beside its one use

    written = runpy.run_path("docs/generate_events.py")["WRITTEN"]
    assert set(written) == {tag for tag in EVENT_TYPES if tag.startswith("sys-")}
