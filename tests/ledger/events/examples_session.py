"""A session from the day it is planned to who comes."""

from __future__ import annotations

import tests.ledger.events.examples_before  # what these refer to
import tests.ledger.events.examples_eligibility  # what these refer to
import tests.ledger.events.examples_staff  # noqa: F401  # what these refer to
from ledger.events.arrival import (
    NoDrivingAcknowledged,
    NoShowRecorded,
    ParticipantCheckedIn,
    PreDoseAssessed,
    SedationInformationGiven,
    TakenLately,
    TransportPlanSigned,
)
from ledger.events.eligibility import PregnancyStatus
from ledger.events.groups import SessionJoinedGroup, SessionLeftGroup
from ledger.events.lifecycle import (
    OnDuty,
    SessionCancelled,
    SessionClosed,
    SessionOpened,
    SessionPhaseChanged,
    SessionRescheduled,
    SessionScheduled,
)
from tests.ledger.events.example_making import (
    ANA,
    BEN,
    COUPLE,
    MD1,
    PT1,
    RETREAT,
    RN1,
    SAT_A,
    SATURDAY,
    SCHEDULER,
    SUN_B,
    SUNDAY,
    TEXT,
    bp,
    example,
    instant,
    reference,
)

# Lifecycle

example(
    "2026-05-07 18:00",
    SATURDAY,
    SessionScheduled(
        couple=COUPLE,
        course="C-07/1",
        location=RETREAT,
        mode="simultaneous",
        ordinal=1,
        planned_start=instant("2026-05-16 09:30"),
        staff=(OnDuty(role="nurse", staff=RN1), OnDuty(role="prescriber", staff=MD1)),
        person_a=ANA,
        person_b=BEN,
    ),
    (SCHEDULER, "scheduler", "performed"),
)
example(
    "2026-05-16 09:30",
    SATURDAY,
    SessionOpened(
        location=RETREAT,
        mode="simultaneous",
        prescriber=MD1,
        presence="on-site",
        protocol=reference("protocol-published/1"),
        room=None,
        staff=(OnDuty(role="nurse", staff=RN1), OnDuty(role="prescriber", staff=MD1)),
        role_a="dosing",
        role_b="dosing",
    ),
    (RN1, "nurse", "authorised"),
)
example(
    "2026-05-16 11:05",
    SATURDAY,
    SessionPhaseChanged(covers=("a", "b"), phase="peak"),
    (PT1, "therapist", "performed"),
)
example(
    "2026-05-16 13:30",
    SATURDAY,
    SessionClosed(
        stock_balanced=True,
        ended_a="departed",
        ended_b="departed",
        follow_up_booked_a=True,
        follow_up_booked_b=True,
        adverse_events_a=(),
        adverse_events_b=(),
        findings_a=(),
        findings_b=(),
    ),
    (RN1, "nurse", "reviewed"),
    (PT1, "therapist", "reviewed"),
)
example(
    "2026-05-10 12:00",
    SUNDAY,
    SessionRescheduled(
        location=RETREAT,
        mode="staggered",
        planned_start=instant("2026-05-17 10:30"),
        staff=(OnDuty(role="nurse", staff=RN1), OnDuty(role="prescriber", staff=MD1)),
        reason_a="more-rest",
        reason_b=None,
    ),
    (SCHEDULER, "scheduler", "performed"),
)
example(
    "2026-05-12 12:00",
    SUNDAY,
    SessionCancelled(reason_a="clinic-closed", reason_b="clinic-closed"),
    (SCHEDULER, "scheduler", "performed"),
)
example(
    "2026-05-16 09:31",
    SATURDAY,
    SessionJoinedGroup(formed=reference("retreat-group-formed/1"), group="R-1/2026-05-16/1", room="Mill hall"),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-16 12:30",
    SATURDAY,
    SessionLeftGroup(group="R-1/2026-05-16/1", room_after="Garden room"),
    (RN1, "nurse", "performed"),
)

# Arrival

example(
    "2026-05-16 09:40",
    SAT_A,
    ParticipantCheckedIn(
        arrived="own-vehicle",
        identifiers=("name", "birth-date"),
        last_fluid=instant("2026-05-16 08:45"),
        last_food=instant("2026-05-16 07:10"),
        sleep_h=7,
        contraindications=None,
        medicines=(),
        pregnancy=PregnancyStatus(basis="asked", status="not-pregnant"),
        suicidality="none",
        taken_lately=TakenLately(
            alcohol=False, cannabis=False, maoi=False, opioids=False, sedatives=False, stimulants=False
        ),
        driver=None,
    ),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-16 09:50",
    SAT_A,
    PreDoseAssessed(
        anxiety=3,
        blood_pressure=bp(122, 78),
        cadss6=0,
        confirmed=None,
        cuff="CUFF-1",
        heart_rate=70,
        moaas=5,
        oximeter="OXI-1",
        position="sitting",
        respiratory_rate=14,
        room_air=True,
        spo2=98,
        temperature="36.7",
        weight="75.0",
        not_obtained=(),
    ),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-16 09:56",
    SAT_A,
    TransportPlanSigned(
        text=TEXT,
        destination="onsite-lodging",
        expected_at=instant("2026-05-16 13:15"),
        mode="onsite-lodging",
        understands_until=True,
        address=None,
        escort=None,
    ),
    (SAT_A, "participant", "acknowledged"),
    (RN1, "nurse", "witnessed"),
)
example(
    "2026-05-16 09:56",
    SAT_A,
    NoDrivingAcknowledged(text=TEXT, version="v1", understood=True),
    (SAT_A, "participant", "acknowledged"),
    (RN1, "nurse", "witnessed"),
)
example(
    "2026-05-16 09:58",
    SAT_A,
    SedationInformationGiven(provider=MD1, text=TEXT, version="v1", level="minimal", understood=True),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-17 10:45",
    SUN_B,
    NoShowRecorded(waited_min=30, tried=("phone", "message")),
    (RN1, "nurse", "observed"),
)
