"""
Arrival: one partner comes in, is asked and measured, and signs how they will get home.

Nothing is pre-filled: what was not asked is null, and what could not be measured says why.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from ledger.events.base import (
    MONITORS,
    NOTHING,
    THEMSELVES,
    VALUES_DECIDED_ON,
    Critical,
    Event,
    Measured,
    PersonId,
    Signer,
    StaffId,
)
from ledger.events.eligibility import Contraindication, PregnancyStatus
from ledger.events.fields import Clinical, Identity, Open, Sensitive
from ledger.events.measures import (
    BloodPressure,
    Cadss6,
    Confirmation,
    HeartRate,
    Minutes,
    Moaas,
    NotObtained,
    OxygenSaturation,
    Part,
    RespiratoryRate,
    Temperature,
    Weight,
    ZeroToTen,
)
from ledger.events.words import Code, Line, Moment, Named, PhoneNumber, Several
from ledger.payload import HexHash
from ledger.vocabulary import ArrivalMode, DestinationClass, Identifier, StreamKind, TravelMode

SleepHours = Annotated[int, Field(ge=0, le=24), Named("hours slept last night", "h")]

Suicidality = Literal["none", "passive", "active", "declined-to-answer"]
"""The class of the answer to the quick screen."""


class TakenLately(Part):
    """What was taken in the last 24 hours, each asked by itself; null is not asked."""

    alcohol: bool | None
    cannabis: bool | None
    maoi: bool | None
    opioids: bool | None
    sedatives: bool | None
    stimulants: bool | None


class Escort(Part):
    """
    The adult who takes somebody home.

    `staff` for a driver of the clinic, `person` for somebody who is a participant here too.
    """

    name: Line | None
    person: PersonId | None
    phone: PhoneNumber | None
    relationship: Literal["partner", "family", "friend", "staff", "hired", "other"]
    staff: StaffId | None


class ParticipantCheckedIn(Event):
    """One partner arrived: who they are, how they came, what they ate, drank and took."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["participant-checked-in/1"] = "participant-checked-in/1"
    arrived: Clinical[ArrivalMode]
    identifiers: Clinical[Several[Identifier]]
    last_fluid: Clinical[Moment | None]
    last_food: Clinical[Moment | None]
    sleep_h: Clinical[SleepHours | None]
    contraindications: Sensitive[Several[Contraindication] | None]
    medicines: Sensitive[Several[Code] | None]
    pregnancy: Sensitive[PregnancyStatus | None]
    suicidality: Sensitive[Suicidality | None]
    taken_lately: Sensitive[TakenLately]
    driver: Identity[Line | None]


class PreDoseAssessed(Measured):
    """One partner's values before a dose; `cuff` and `oximeter` are the devices they were read on."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = VALUES_DECIDED_ON

    type: Literal["pre-dose-assessed/1"] = "pre-dose-assessed/1"
    anxiety: Clinical[ZeroToTen | None]
    blood_pressure: Clinical[BloodPressure | None]
    cadss6: Clinical[Cadss6 | None]
    confirmed: Clinical[Confirmation | None]
    cuff: Clinical[Code | None]
    heart_rate: Clinical[HeartRate | None]
    moaas: Clinical[Moaas | None]
    oximeter: Clinical[Code | None]
    position: Clinical[Literal["sitting", "semi-reclined", "lying", "standing"] | None]
    respiratory_rate: Clinical[RespiratoryRate | None]
    room_air: Clinical[bool | None]
    spo2: Clinical[OxygenSaturation | None]
    temperature: Clinical[Temperature | None]
    weight: Clinical[Weight | None]
    not_obtained: Sensitive[Several[NotObtained]]


class TransportPlanSigned(Event):
    """
    One partner signs how they will get home, before any dose; `text` is the hash of what was shown.

    `understands_until` is whether they could say until when they will not drive.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("acknowledged", by="subject", roles=THEMSELVES),
        Signer("witnessed", roles=MONITORS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["transport-plan-signed/1"] = "transport-plan-signed/1"
    text: Open[HexHash]
    destination: Clinical[DestinationClass]
    expected_at: Clinical[Moment | None]
    mode: Clinical[TravelMode]
    understands_until: Clinical[bool]
    address: Identity[Line | None]
    escort: Identity[Escort | None]


class NoDrivingAcknowledged(Event):
    """One partner acknowledges, before any dose, that they will not drive afterwards."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("acknowledged", by="subject", roles=THEMSELVES),
        Signer("witnessed", roles=MONITORS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["no-driving-acknowledged/1"] = "no-driving-acknowledged/1"
    text: Open[HexHash]
    version: Open[Code]
    understood: Clinical[bool]


class SedationInformationGiven(Event):
    """
    One partner was told how deep the sedation will be and who gives it, with which licence and training.

    Some states ask for it; `text` is the hash of what was handed over.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["sedation-information-given/1"] = "sedation-information-given/1"
    provider: Open[StaffId]
    text: Open[HexHash]
    version: Open[Code]
    level: Clinical[Literal["minimal", "moderate", "deep"]]
    understood: Clinical[bool]


class NoShowRecorded(Event):
    """One partner did not come; `tried` is how they were looked for."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("observed", roles=(*MONITORS, "scheduler")),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["no-show-recorded/1"] = "no-show-recorded/1"
    waited_min: Clinical[Minutes | None]
    tried: Sensitive[Several[Literal["phone", "message", "emergency-contact", "nobody"]]]


ArrivalEvent: TypeAlias = (
    ParticipantCheckedIn
    | PreDoseAssessed
    | TransportPlanSigned
    | NoDrivingAcknowledged
    | SedationInformationGiven
    | NoShowRecorded
)
"""One partner comes, or does not."""
