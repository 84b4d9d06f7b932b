"""What went badly, and what was done for one partner."""

from __future__ import annotations

import tests.ledger.events.examples_supervision  # noqa: F401  # what these refer to
from ledger.events.adverse import (
    AdverseEventRecorded,
    AdverseEventReported,
    AdverseEventResolved,
    AdverseEventUpdated,
    SeriousnessUpgraded,
)
from ledger.events.emergencies import (
    EmergencyServicesArrived,
    EmergencyServicesCalled,
    InterventionPerformed,
    LeftAgainstAdvice,
    ParticipantTransferred,
)
from tests.ledger.events.example_making import (
    DRIVER,
    MD1,
    RN1,
    SAT_B,
    SUN_A,
    example,
    instant,
    reference,
)

# Adverse

example(
    "2026-05-16 10:41",
    SAT_B,
    AdverseEventRecorded(
        action="none",
        aware_at=None,
        criteria=(),
        expected=True,
        onset=instant("2026-05-16 10:38"),
        outcome="pending",
        plan=None,
        relatedness="pending",
        seriousness="pending",
        severity=3,
        term="SNOMED 24184005",
        text="Blood pressure 192/112, headache.",
    ),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-16 13:38",
    SAT_B,
    AdverseEventUpdated(
        adverse_event=reference("adverse-event-recorded/1"),
        action=None,
        expected=None,
        outcome="recovering",
        plan="The ward calls tonight.",
        relatedness="probable",
        seriousness=None,
        severity=None,
    ),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-17 09:30",
    SAT_B,
    SeriousnessUpgraded(
        adverse_event=reference("adverse-event-recorded/1"),
        aware_at=instant("2026-05-17 09:15"),
        basis="Kept overnight, told by the ward.",
        criteria=("hospitalisation",),
        outcome="recovering",
        relatedness="related",
    ),
    (MD1, "prescriber", "reviewed"),
)
example(
    "2026-05-20 09:00",
    SAT_B,
    AdverseEventResolved(
        adverse_event=reference("adverse-event-recorded/1"), outcome="recovered", resolved_on="2026-05-18"
    ),
    (MD1, "prescriber", "performed"),
)
example(
    "2026-05-18 11:00",
    SAT_B,
    AdverseEventReported(
        adverse_event=reference("adverse-event-recorded/1"),
        channel="online",
        receiver="fda",
        reference="TEST-2026-0001",
    ),
    (MD1, "prescriber", "performed"),
)

# Emergencies

example(
    "2026-05-16 10:46",
    SAT_B,
    InterventionPerformed(
        container=None,
        mass=None,
        order=reference("verbal-order-received/1"),
        units=None,
        volume=None,
        confirmed=None,
        dose="10 mg",
        kind="antihypertensive",
        medicine="labetalol",
        medicine_route="intravenous",
        oxygen_flow="2.0",
        response="improved",
    ),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-16 10:57",
    SAT_B,
    EmergencyServicesCalled(
        expected_at=instant("2026-05-16 11:10"), reason=("pressure-critical",), service="ambulance"
    ),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-16 11:12",
    SAT_B,
    EmergencyServicesArrived(called=reference("emergency-services-called/1"), unit="Medic 4"),
    (RN1, "nurse", "observed"),
)
example(
    "2026-05-16 11:20",
    SAT_B,
    ParticipantTransferred(
        arrived_at=instant("2026-05-16 11:12"),
        called_at=instant("2026-05-16 10:57"),
        condition="stable",
        documents=("vital-signs", "doses", "medicines"),
        facility="St M ED",
        unit="Medic 4",
        reason=("pressure-critical",),
        accepted_by="Dr. Ruth Ramírez",
    ),
    (RN1, "nurse", "relinquished"),
)
example(
    "2026-05-17 11:50",
    SUN_A,
    LeftAgainstAdvice(
        informed_at=instant("2026-05-17 11:47"),
        prescriber=MD1,
        destination="home",
        gait_steady=True,
        moaas=5,
        mode="escort-car",
        orientation=4,
        attempts=("talked-to", "emergency-contact-called"),
        capacity="has-capacity",
        emergency_services_called=False,
        keys_secured=True,
        note="Wished to be at home before the storm.",
        refusal_signed=True,
        escort=DRIVER,
    ),
    (RN1, "nurse", "observed"),
    (MD1, "prescriber", "acknowledged"),
)
