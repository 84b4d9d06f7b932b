"""
Supervision: who watches whom, and what they saw.

A check is of one partner and stands on that partner's record.
Who watches is a joint fact; what is handed over about a partner is sealed for that partner.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.base import (
    MONITORS,
    NOTHING,
    VALUES_DECIDED_ON,
    Critical,
    Event,
    Measured,
    Reference,
    Signer,
    StaffId,
)
from ledger.events.fields import Clinical, ClinicalA, ClinicalB, Open, Sensitive, SensitiveA, SensitiveB
from ledger.events.measures import (
    BloodPressure,
    Cadss6,
    Confirmation,
    HeartRate,
    Mass,
    Minutes,
    Moaas,
    NotObtained,
    Orientation,
    OxygenSaturation,
    Rass,
    RespiratoryRate,
    Temperature,
    Unobtained,
    ZeroToTen,
    ZeroToThree,
)
from ledger.events.words import Code, Several
from ledger.payload import Word
from ledger.vocabulary import Slot, StreamKind


class SupervisionChecked(Measured):
    """
    A monitor looked at one partner after a dose.

    Every value may be null; a value that was meant to be read and was not stands in `not_obtained`.
    `late_reason` is why the check came late; an emergency of the partner is a reason, and sensitive.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = VALUES_DECIDED_ON

    type: Literal["supervision-checked/1"] = "supervision-checked/1"
    airway_clear: Clinical[bool | None]
    blood_pressure: Clinical[BloodPressure | None]
    cadss6: Clinical[Cadss6 | None]
    confirmed: Clinical[Confirmation | None]
    cuff: Clinical[Code | None]
    distress: Clinical[ZeroToTen | None]
    heart_rate: Clinical[HeartRate | None]
    moaas: Clinical[Moaas | None]
    nausea: Clinical[ZeroToThree | None]
    orientation: Clinical[Orientation | None]
    oximeter: Clinical[Code | None]
    posture: Clinical[Literal["lying", "semi-reclined", "sitting", "standing", "walking"] | None]
    rass: Clinical[Rass | None]
    respiratory_rate: Clinical[RespiratoryRate | None]
    room_air: Clinical[bool | None]
    spo2: Clinical[OxygenSaturation | None]
    temperature: Clinical[Temperature | None]
    toileting_accompanied: Clinical[bool | None]
    late_reason: Sensitive[Unobtained | None]
    not_obtained: Sensitive[Several[NotObtained]]


class MonitorAssigned(Event):
    """Somebody begins to watch one or both partners; watching by video covers nobody."""

    STREAM: ClassVar[StreamKind] = "session"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("received", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING
    AUTHORISES: ClassVar[bool] = True

    type: Literal["monitor-assigned/1"] = "monitor-assigned/1"
    covers: Open[Several[Slot]]
    in_person: Open[bool]
    monitor: Open[StaffId]


class MonitorHandover(Event):
    """
    One monitor gives one or both partners over to another.

    It is a fact as soon as one of the two has signed; the other may still sign later.
    `on_board` is the mass that still acts, `concerns` and `sbar` are codes, `overlap_min` the time together.
    """

    STREAM: ClassVar[StreamKind] = "session"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("relinquished", roles=MONITORS, when="later"),
        Signer("received", roles=MONITORS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["monitor-handover/1"] = "monitor-handover/1"
    covers: Open[Several[Slot]]
    in_person: Open[bool]
    incoming: Open[StaffId]
    outgoing: Open[StaffId]
    overlap_min: Open[Minutes | None]
    concerns_a: ClinicalA[Several[Word]]
    concerns_b: ClinicalB[Several[Word]]
    last_check_a: ClinicalA[Reference | None]
    last_check_b: ClinicalB[Reference | None]
    on_board_a: ClinicalA[Mass | None]
    on_board_b: ClinicalB[Mass | None]
    sbar_a: ClinicalA[Several[Word]]
    sbar_b: ClinicalB[Several[Word]]

    def whose(self, signer: Signer) -> str | None:
        """Each side signs for itself."""
        return self.outgoing if signer.meaning == "relinquished" else self.incoming


BreakReason = Literal["break", "partner-emergency", "other"]
"""Why a monitor leaves somebody uncovered; an emergency of the other partner is sensitive."""


class MonitorBreakStarted(Event):
    """
    A monitor stops watching these partners for a while, and nobody takes over: they are uncovered.

    The reason is said to each partner apart; null for one who is still watched.
    """

    STREAM: ClassVar[StreamKind] = "session"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("relinquished", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = frozenset({"occurred", "uncovers"})

    type: Literal["monitor-break-started/1"] = "monitor-break-started/1"
    monitor: Open[StaffId]
    uncovers: Open[Several[Slot]]
    reason_a: SensitiveA[BreakReason | None]
    reason_b: SensitiveB[BreakReason | None]


class MonitorBreakEnded(Event):
    """A monitor is back and watches these partners again, in the room."""

    STREAM: ClassVar[StreamKind] = "session"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("received", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = frozenset({"covers", "occurred"})

    type: Literal["monitor-break-ended/1"] = "monitor-break-ended/1"
    covers: Open[Several[Slot]]
    monitor: Open[StaffId]


class LeftRoom(Event):
    """One partner left the treatment room for a while, alone or accompanied."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("observed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["left-room/1"] = "left-room/1"
    accompanied_by: Open[StaffId | None]
    purpose: Clinical[Literal["toilet", "fresh-air", "rest", "other"]]


class ReturnedToRoom(Event):
    """One partner is back in the treatment room."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("observed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["returned-to-room/1"] = "returned-to-room/1"
    steady: Clinical[bool | None]


SupervisionEvent: TypeAlias = (
    SupervisionChecked
    | MonitorAssigned
    | MonitorHandover
    | MonitorBreakStarted
    | MonitorBreakEnded
    | LeftRoom
    | ReturnedToRoom
)
"""Who watches whom, and what they saw."""
