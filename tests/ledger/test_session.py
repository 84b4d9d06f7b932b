"""A session as it stands: the fold of its history, for any history."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.events.base import Event
from ledger.follow import events_from
from ledger.session import Session, evolve, replay
from tests.ledger.clinic import MD1, PLACE, RN1, SESSION, SLOT_A, SLOT_B, Clinic, Who, blank, check, dose, make

NURSE: Who = (RN1, "performed", "nurse")
UNTIL = {"at": "2026-05-17T14:50:00.000000Z", "local": "2026-05-17 10:50 EDT"}


def opened() -> Event:
    return make(
        "session-opened/1",
        location=PLACE,
        mode="simultaneous",
        prescriber=MD1,
        presence="on-site",
        protocol={"dig": "0" * 64, "id": "019e311b-1900-7478-8ae5-475a1f34064a"},
        room=None,
        staff=[],
        role_a="dosing",
        role_b="dosing",
    )


def released(stream: str, clinic: Clinic) -> None:
    fields: dict[str, Any] = blank("release-authorised/1") | {
        "contact": "+15550100",
        "disposition": "onsite-lodging",
        "no_drive_until": UNTIL,
        "instructions": "v1",
    }
    clinic.record(make("release-authorised/1", **fields), stream, (MD1, "authorised-release", "prescriber"))


def departed(stream: str, clinic: Clinic) -> None:
    fields: dict[str, Any] = blank("participant-departed/1") | {
        "destination": "onsite-lodging",
        "mode": "onsite-lodging",
    }
    clinic.record(make("participant-departed/1", **fields), stream, (RN1, "observed", "nurse"))


def state(clinic: Clinic) -> Session:
    events = [e for e in events_from(clinic.store, clinic.subject_keys, 0, 10_000) if e.stream.startswith(SESSION)]
    return replay(SESSION, events)


def test_two_partners_keep_two_charts() -> None:
    clinic = Clinic().open()
    clinic.record(opened(), SESSION, (RN1, "authorised", "nurse"))
    clinic.dose(SLOT_A, "100")
    clinic.dose(SLOT_A, "50")
    clinic.dose(SLOT_B, "75.5")
    clinic.check(SLOT_B)

    session = state(clinic)

    assert session.status == "open"
    assert (session.a.total_mg, session.b.total_mg) == (Decimal(150), Decimal("75.5"))
    assert session.a.last_check_at is None
    assert session.b.last_check_at is not None


def test_a_released_partner_has_an_until_when_and_a_departed_one_no_monitor() -> None:
    clinic = Clinic().open()
    clinic.record(opened(), SESSION, (RN1, "authorised", "nurse"))
    assigned = make("monitor-assigned/1", covers=["a", "b"], in_person=True, monitor=RN1)
    clinic.record(assigned, SESSION, (RN1, "received", "nurse"))
    clinic.dose(SLOT_A)
    released(SLOT_A, clinic)
    departed(SLOT_A, clinic)

    session = state(clinic)

    assert session.a.released_until is not None
    assert session.a.released_until.local == "2026-05-17 10:50 EDT"
    assert session.a.departed_at is not None
    assert session.a.monitors == frozenset()
    assert session.b.monitors == {RN1}


def test_watching_by_video_covers_nobody_and_a_handover_moves_the_watch() -> None:
    clinic = Clinic().open()
    video = make("monitor-assigned/1", covers=["a"], in_person=False, monitor=RN1)
    clinic.record(video, SESSION, (RN1, "received", "nurse"))
    assert state(clinic).a.monitors == frozenset()

    room = make("monitor-assigned/1", covers=["a"], in_person=True, monitor=RN1)
    clinic.record(room, SESSION, (RN1, "received", "nurse"))
    fields: dict[str, Any] = blank("monitor-handover/1") | {
        "covers": ["a"],
        "in_person": True,
        "incoming": MD1,
        "outgoing": RN1,
    }
    clinic.record(make("monitor-handover/1", **fields), SESSION, (MD1, "received", "prescriber"))
    assert state(clinic).a.monitors == {MD1}


ACTS: list[Callable[[Clinic], object]] = [
    lambda clinic: clinic.dose(SLOT_A, "100"),
    lambda clinic: clinic.dose(SLOT_B, "50"),
    lambda clinic: clinic.check(SLOT_A),
    lambda clinic: clinic.check(SLOT_B, 190, 120),
    lambda clinic: departed(SLOT_B, clinic),
    lambda clinic: clinic.record(dose("12.5"), SLOT_A, (MD1, "performed", "prescriber")),
    lambda clinic: clinic.record(check(90, 50), SLOT_B, NURSE),
    lambda clinic: clinic.clock.forward(hours=30),
]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(range(len(ACTS))), max_size=12))
def test_facts_come_in_any_order_and_the_state_is_the_same_fold_each_time(order: list[int]) -> None:
    """No order of facts is refused; the writer's state equals the replay, in steps or at once, in any process."""
    clinic = Clinic().open()
    for act in order:
        ACTS[act](clinic)

    incremental = clinic.recorder.session(SESSION)
    replayed = state(clinic)
    stepwise = Session(SESSION)
    for placed in events_from(clinic.store, None, 0, 10_000):
        if placed.stream.startswith(SESSION):
            stepwise = evolve(stepwise, placed)

    assert incremental == replayed == stepwise
    assert clinic.restart().session(SESSION) == replayed
    given_to_a = [Decimal(mg) for act, mg in ((0, 100), (5, Decimal("12.5"))) for each in order if each == act]
    assert replayed.a.total_mg == sum(given_to_a, Decimal(0))
