"""Going home, and the days after."""

from __future__ import annotations

import tests.ledger.events.examples_session  # noqa: F401  # what these refer to
from ledger.events.afterwards import FollowUpContactMade, IntegrationOffered, IntegrationSessionHeld
from ledger.events.measures import UntilWhen
from ledger.events.release import (
    AldreteItems,
    DischargeAssessed,
    EscortVerified,
    NoDrivingReleaseSigned,
    ParticipantDeparted,
    ReleaseAuthorised,
    TransportPlanDeviationRecorded,
)
from tests.ledger.events.example_making import (
    DRIVER,
    MD1,
    PT1,
    RN1,
    SAT_A,
    SAT_B,
    SUN_A,
    SUN_B,
    TEXT,
    bp,
    example,
    instant,
    reference,
)

# Release

example(
    "2026-05-16 13:06",
    SAT_A,
    DischargeAssessed(
        aldrete=10,
        aldrete_items=AldreteItems(activity=2, circulation=2, consciousness=2, oxygenation=2, respiration=2),
        blood_pressure=bp(122, 78),
        cadss6=0,
        confirmed=None,
        cuff="CUFF-1",
        gait_steady=True,
        heart_rate=70,
        heel_toe_steady=True,
        moaas=5,
        nausea=0,
        orientation=4,
        oximeter="OXI-1",
        padss=None,
        rass=None,
        ready_min=105,
        respiratory_rate=14,
        room_air=True,
        spo2=98,
        temperature=None,
        tolerates_fluids=True,
        mood="settled",
        not_obtained=(),
        suicidality="none",
    ),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-17 13:08",
    SUN_A,
    EscortVerified(
        adult=True,
        identified=True,
        instructed=True,
        signature=None,
        sober=True,
        escort=DRIVER,
        vehicle="retreat shuttle, NY 555 0144",
    ),
    (RN1, "nurse", "performed"),
)
UNTIL = UntilWhen(at=instant("2026-05-17 10:50"), local="2026-05-17 10:50 EDT")
example(
    "2026-05-16 13:10",
    SAT_A,
    NoDrivingReleaseSigned(
        instructions="v1",
        no_drive_until=UNTIL,
        text=TEXT,
        keys_secured=True,
        teach_back=True,
        vehicle_on_site=True,
        escort=None,
    ),
    (SAT_A, "participant", "acknowledged"),
    (RN1, "nurse", "witnessed"),
)
example(
    "2026-05-16 13:12",
    SAT_A,
    ReleaseAuthorised(
        assessment=reference("discharge-assessed/1"),
        contact="+1 518 555 0190",
        instructions="v1",
        no_drive_until=UNTIL,
        disposition="onsite-lodging",
        conditions=("stay-on-site",),
    ),
    (MD1, "prescriber", "authorised-release"),
)
example(
    "2026-05-16 13:15",
    SAT_A,
    ParticipantDeparted(
        release=reference("release-authorised/1"),
        destination="onsite-lodging",
        mode="onsite-lodging",
        escort=None,
    ),
    (RN1, "nurse", "observed"),
)
example(
    "2026-05-17 15:40",
    SUN_B,
    TransportPlanDeviationRecorded(
        alternative="shuttle",
        changed=("mode",),
        efforts=("refused",),
        emergency_contact_reached=None,
        requested="own-vehicle",
    ),
    (RN1, "nurse", "performed"),
)

# Afterwards

example(
    "2026-05-17 09:20",
    SAT_A,
    FollowUpContactMade(
        attempt=1,
        channel="in-person",
        reached=True,
        slept=True,
        urinary_screened=False,
        drove_before_window=False,
        next_step="none",
        suicidality=None,
        symptoms=(),
        urinary_symptoms=None,
    ),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-21 18:00",
    SUN_A,
    IntegrationSessionHeld(began=instant("2026-05-21 18:00"), ended=instant("2026-05-21 19:00"), attended=True),
    (PT1, "therapist", "performed"),
)
example(
    "2026-05-17 09:25",
    SAT_B,
    IntegrationOffered(channel="in-person", offered_for="2026-05-21", answer="accepted"),
    (RN1, "nurse", "performed"),
)
