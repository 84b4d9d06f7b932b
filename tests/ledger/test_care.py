"""What a session's state keeps of holds, breaks, short doses, ways to leave, plans and groups."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from ledger.encoding import to_instant
from ledger.errors import Refused
from ledger.session import Session, replay
from tests.ledger.chart import Chart, reference
from tests.ledger.clinic import MD1, PLACE, RN1, SESSION, SLOT_A, SLOT_B, START, Clinic, blank, dose, make


def event(tag: str, **fields: Any) -> Any:
    return make(tag, **blank(tag) | fields)


def state(chart: Chart) -> Session:
    return replay(SESSION, chart.placed)


def at(minutes: int) -> str:
    return to_instant(START + timedelta(minutes=minutes))


HELD = event("dose-held/1", prescriber_informed=True, reasons=["blood-pressure"])
FREED = event("hold-released/1", decision="give")


def test_a_held_dose_waits_until_the_hold_ends() -> None:
    chart = Chart()
    chart.put(HELD, SLOT_A)
    assert state(chart).a.held_at == at(0)
    assert state(chart).b.held_at is None

    chart.put(FREED, SLOT_A)

    assert state(chart).a.held_at is None


def test_a_voided_hold_never_held_anything() -> None:
    chart = Chart()
    held = chart.put(HELD, SLOT_A)
    chart.voids(held)

    assert state(chart).a.held_at is None


@pytest.mark.parametrize(
    ("tag", "more"),
    [
        ("dose-partially-taken/1", {"estimated": True}),
        ("dose-interrupted/1", {"stopped_by": "participant"}),
    ],
)
def test_of_a_dose_not_taken_whole_both_amounts_are_known(tag: str, more: dict[str, Any]) -> None:
    chart = Chart()
    first, second = chart.put(dose("100"), SLOT_A), chart.put(dose("50"), SLOT_A)
    short = event(tag, mass_taken={"unit": "mg", "value": "25"}, dose=reference(first), **more)
    chart.put(short, SLOT_A)

    doses = state(chart).a.doses

    assert [(each.mg, each.taken_mg, each.position) for each in doses] == [
        (Decimal(100), Decimal(25), first.position),
        (Decimal(50), None, second.position),
    ]


def test_a_dose_interrupted_before_anybody_recorded_it_is_a_fact_and_changes_no_other() -> None:
    chart = Chart()
    chart.put(dose("100"), SLOT_A)
    nothing = {"unit": "mg", "value": "0"}
    chart.put(event("dose-interrupted/1", mass_taken=nothing, stopped_by="staff"), SLOT_A)

    assert [each.taken_mg for each in state(chart).a.doses] == [None]


def test_a_break_uncovers_exactly_those_it_names() -> None:
    chart = Chart()
    chart.put(event("monitor-assigned/1", covers=["a", "b"], in_person=True, monitor=RN1), SESSION)
    chart.put(event("monitor-break-started/1", monitor=RN1, uncovers=["a"], reason_a="partner-emergency"), SESSION)
    assert (state(chart).a.monitors, state(chart).b.monitors) == (frozenset(), frozenset({RN1}))

    chart.put(event("monitor-break-ended/1", monitor=RN1, covers=["a"]), SESSION)

    assert state(chart).a.monitors == {RN1}


def test_who_left_the_room_is_out_until_they_are_back() -> None:
    chart = Chart()
    chart.put(event("left-room/1", purpose="toilet", accompanied_by=RN1), SLOT_B)
    assert state(chart).b.out_of_room_at == at(0)

    chart.put(event("returned-to-room/1"), SLOT_B)

    assert state(chart).b.out_of_room_at is None


WAYS: dict[str, dict[str, Any]] = {
    "participant-departed/1": {"destination": "home", "mode": "escort-car"},
    "participant-transferred/1": {"condition": "stable"},
    "left-against-advice/1": {
        "capacity": "has-capacity",
        "emergency_services_called": False,
        "refusal_signed": False,
    },
    "no-show-recorded/1": {},
}


@pytest.mark.parametrize("tag", WAYS)
def test_each_way_to_leave_ends_care_of_that_partner_alone(tag: str) -> None:
    chart = Chart()
    chart.put(event("monitor-assigned/1", covers=["b"], in_person=True, monitor=RN1), SESSION)
    chart.put(event(tag, **WAYS[tag]), SLOT_A)

    assert state(chart).a.ended_at == at(1)
    assert state(chart).b.ended_at is None
    assert state(chart).b.monitors == {RN1}


def test_somebody_who_comes_after_all_did_not_fail_to_come() -> None:
    chart = Chart()
    chart.put(event("no-show-recorded/1"), SLOT_A)
    lately = dict.fromkeys(("alcohol", "cannabis", "maoi", "opioids", "sedatives", "stimulants"))
    chart.put(event("participant-checked-in/1", arrived="driven", taken_lately=lately), SLOT_A)

    assert state(chart).a.ended_at is None


def planned(chart: Chart) -> None:
    fields = {"couple": f"couple/{SESSION[8:]}", "location": PLACE, "mode": "simultaneous", "ordinal": 1}
    people = {"person_a": f"person/{SESSION[8:]}", "person_b": f"person/{SESSION[8:]}"}
    chart.put(event("session-scheduled/1", planned_start=at(0), **fields, **people), SESSION)


def test_a_cancelled_session_can_be_planned_anew() -> None:
    chart = Chart()
    planned(chart)
    chart.put(event("session-cancelled/1"), SESSION)
    assert state(chart).status == "cancelled"

    chart.put(event("session-rescheduled/1", location=PLACE, mode="staggered", planned_start=at(60)), SESSION)

    assert (state(chart).status, state(chart).mode) == ("scheduled", "staggered")


def test_a_session_under_way_is_neither_cancelled_nor_planned_again() -> None:
    chart = Chart()
    planned(chart)
    opened = {"location": PLACE, "mode": "simultaneous", "presence": "on-site", "protocol": reference(chart.placed[0])}
    chart.put(event("session-opened/1", **opened), SESSION)
    chart.put(event("session-cancelled/1"), SESSION)
    chart.put(event("session-rescheduled/1", location=PLACE, mode="solo", planned_start=at(60)), SESSION)

    assert state(chart).status == "open"


def test_a_session_is_in_one_group_at_a_time() -> None:
    chart = Chart()
    chart.put(event("session-joined-group/1", group="G-1", room="Hall"), SESSION)
    assert state(chart).group == "G-1"

    chart.put(event("session-left-group/1", group="G-1"), SESSION)

    assert state(chart).group is None


def opening() -> Any:
    protocol = {"dig": "0" * 64, "id": "019e311b-1900-7478-8ae5-475a1f34064a"}
    return event("session-opened/1", location=PLACE, mode="simultaneous", presence="on-site", protocol=protocol)


def test_a_cancelled_session_is_not_opened_and_its_facts_are_taken_all_the_same() -> None:
    clinic = Clinic().open()
    clinic.record(event("session-cancelled/1"), SESSION, (MD1, "performed", "scheduler"))

    with pytest.raises(Refused) as refused:
        clinic.record(opening(), SESSION, (RN1, "authorised", "nurse"))

    assert refused.value.code == "session-state"
    clinic.dose(SLOT_A)
    assert len(clinic.recorder.session(SESSION).a.doses) == 1


@pytest.mark.parametrize(
    ("tag", "meaning"),
    [("participant-transferred/1", "relinquished"), ("left-against-advice/1", "observed")],
)
def test_nobody_is_given_leave_for_a_dose_once_they_left_and_a_dose_is_a_fact_all_the_same(
    tag: str, meaning: str
) -> None:
    clinic = Clinic().open()
    clinic.record(event(tag, **WAYS[tag]), SLOT_A, (RN1, meaning, "nurse"))
    leave = event(
        "dose-authorised/1",
        route="sublingual",
        mass={"unit": "mg", "value": "50"},
        order={"dig": "0" * 64, "id": "019e311b-1900-7478-8ae5-475a1f34064a"},
        valid_from=at(0),
        valid_to=at(60),
    )

    with pytest.raises(Refused) as refused:
        clinic.record(leave, SLOT_A, (MD1, "authorised", "prescriber"))

    assert refused.value.code == "session-state"
    clinic.dose(SLOT_A)
    clinic.record(leave, SLOT_B, (MD1, "authorised", "prescriber"))
