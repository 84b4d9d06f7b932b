"""Who watches and what they see, and whom they call."""

from __future__ import annotations

import tests.ledger.events.examples_dosing  # noqa: F401  # what these refer to
from ledger.events.calls import (
    PrescriberArrived,
    PrescriberNotified,
    PrescriberPresenceChanged,
    VerbalOrderCosigned,
    VerbalOrderReceived,
)
from ledger.events.eligibility import MedicineAsNeeded
from ledger.events.measures import NotObtained
from ledger.events.supervision import (
    LeftRoom,
    MonitorAssigned,
    MonitorBreakEnded,
    MonitorBreakStarted,
    MonitorHandover,
    ReturnedToRoom,
    SupervisionChecked,
)
from tests.ledger.events.example_making import (
    MD1,
    RN1,
    SAT_A,
    SAT_B,
    SATURDAY,
    bp,
    example,
    instant,
    mg,
    reference,
)

# Supervision

example(
    "2026-05-16 09:30",
    SATURDAY,
    MonitorAssigned(covers=("a", "b"), in_person=True, monitor=RN1),
    (RN1, "nurse", "received"),
)
example(
    "2026-05-16 11:05",
    SAT_A,
    SupervisionChecked(
        airway_clear=True,
        blood_pressure=bp(138, 86),
        cadss6=9,
        confirmed=None,
        cuff="CUFF-1",
        distress=2,
        heart_rate=None,
        moaas=4,
        nausea=1,
        orientation=None,
        oximeter=None,
        posture="lying",
        rass=None,
        respiratory_rate=None,
        room_air=True,
        spo2=None,
        temperature=None,
        toileting_accompanied=None,
        late_reason=None,
        not_obtained=(NotObtained(item="orientation", reason="asleep"),),
    ),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-16 12:00",
    SATURDAY,
    MonitorHandover(
        covers=("a", "b"),
        in_person=True,
        incoming=MD1,
        outgoing=RN1,
        overlap_min=5,
        concerns_a=("dissociating",),
        concerns_b=("pressure-borderline",),
        last_check_a=reference("supervision-checked/1"),
        last_check_b=None,
        on_board_a=mg("150"),
        on_board_b=mg("100"),
        sbar_a=("stable",),
        sbar_b=("stable",),
    ),
    (RN1, "nurse", "relinquished"),
    (MD1, "prescriber", "received"),
)
example(
    "2026-05-16 10:41",
    SATURDAY,
    MonitorBreakStarted(monitor=RN1, uncovers=("a",), reason_a="partner-emergency", reason_b=None),
    (RN1, "nurse", "relinquished"),
)
example(
    "2026-05-16 10:44",
    SATURDAY,
    MonitorBreakEnded(covers=("a",), monitor=RN1),
    (RN1, "nurse", "received"),
)
example(
    "2026-05-16 11:20",
    SAT_A,
    LeftRoom(accompanied_by=RN1, purpose="toilet"),
    (RN1, "nurse", "observed"),
)
example("2026-05-16 11:26", SAT_A, ReturnedToRoom(steady=True), (RN1, "nurse", "observed"))

# Calls

example(
    "2026-05-16 10:42",
    SAT_B,
    PrescriberNotified(
        about=reference("supervision-checked/1"),
        answered_at=instant("2026-05-16 10:42"),
        prescriber=MD1,
        channel="phone",
        situation=("pressure-critical",),
    ),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-16 10:45",
    SAT_B,
    PrescriberArrived(called=reference("prescriber-notified/1"), prescriber=MD1),
    (RN1, "nurse", "observed"),
)
example(
    "2026-05-16 12:40",
    SATURDAY,
    PrescriberPresenceChanged(prescriber=MD1, presence="reachable"),
    (RN1, "nurse", "performed"),
)
example(
    "2026-05-16 10:43",
    SAT_B,
    VerbalOrderReceived(
        route=None,
        dose_max=None,
        prescriber=MD1,
        read_back=True,
        instruction=None,
        medicine=MedicineAsNeeded(dose="10 mg", medicine="labetalol", route="intravenous"),
    ),
    (RN1, "nurse", "received"),
)
example(
    "2026-05-16 12:10",
    SAT_B,
    VerbalOrderCosigned(as_said=True, order=reference("verbal-order-received/1"), difference=None),
    (MD1, "prescriber", "authorised"),
)
