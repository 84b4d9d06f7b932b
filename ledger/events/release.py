"""
Release: one partner is found fit to go, promises not to drive, is released, and leaves.

Each partner by themselves, always.
`no_drive_until` stands in UTC and in the local words that were shown, first in what the participant signs
and again in the release.
Leaving is a fact: it is recorded also without a release.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.arrival import Escort, Suicidality
from ledger.events.base import (
    MONITORS,
    NOTHING,
    THEMSELVES,
    VALUES_DECIDED_ON,
    Critical,
    Event,
    Measured,
    Reference,
    Signer,
)
from ledger.events.fields import Clinical, Identity, Open, Sensitive
from ledger.events.measures import (
    Aldrete,
    AldreteItem,
    BloodPressure,
    Cadss6,
    Confirmation,
    HeartRate,
    Minutes,
    Moaas,
    NotObtained,
    Orientation,
    OxygenSaturation,
    Padss,
    Part,
    Rass,
    RespiratoryRate,
    Temperature,
    UntilWhen,
    ZeroToThree,
)
from ledger.events.words import Code, Line, PhoneNumber, Several
from ledger.payload import HexHash, Word
from ledger.vocabulary import DestinationClass, Disposition, StreamKind, TravelMode


class AldreteItems(Part):
    """The five items of the modified Aldrete score, 0 to 2 each."""

    activity: AldreteItem
    circulation: AldreteItem
    consciousness: AldreteItem
    oxygenation: AldreteItem
    respiration: AldreteItem


class DischargeAssessed(Measured):
    """
    One partner's values and scores before leaving.

    `ready_min` is when they would have been ready without a minimum time: minutes since the last dose.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = VALUES_DECIDED_ON

    type: Literal["discharge-assessed/1"] = "discharge-assessed/1"
    aldrete: Clinical[Aldrete | None]
    aldrete_items: Clinical[AldreteItems | None]
    blood_pressure: Clinical[BloodPressure | None]
    cadss6: Clinical[Cadss6 | None]
    confirmed: Clinical[Confirmation | None]
    cuff: Clinical[Code | None]
    gait_steady: Clinical[bool | None]
    heart_rate: Clinical[HeartRate | None]
    heel_toe_steady: Clinical[bool | None]
    moaas: Clinical[Moaas | None]
    nausea: Clinical[ZeroToThree | None]
    orientation: Clinical[Orientation | None]
    oximeter: Clinical[Code | None]
    padss: Clinical[Padss | None]
    rass: Clinical[Rass | None]
    ready_min: Clinical[Minutes | None]
    respiratory_rate: Clinical[RespiratoryRate | None]
    room_air: Clinical[bool | None]
    spo2: Clinical[OxygenSaturation | None]
    temperature: Clinical[Temperature | None]
    tolerates_fluids: Clinical[bool | None]
    mood: Sensitive[Literal["settled", "low", "anxious", "elated", "distressed"] | None]
    not_obtained: Sensitive[Several[NotObtained]]
    suicidality: Sensitive[Suicidality | None]


class EscortVerified(Event):
    """
    The person who takes one partner home was looked at: identified, adult, sober, instructed.

    `signature` is the hash of the sheet the escort signed on paper.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["escort-verified/1"] = "escort-verified/1"
    adult: Clinical[bool]
    identified: Clinical[bool]
    instructed: Clinical[bool]
    signature: Clinical[HexHash | None]
    sober: Clinical[bool]
    escort: Identity[Escort]
    vehicle: Identity[Line | None]


class NoDrivingReleaseSigned(Event):
    """
    One partner signs, after the last dose, not to drive until a certain time.

    The releasing staff member signs too.
    `text` is the hash of what was shown, `teach_back` whether they could say it in their own words.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("acknowledged", by="subject", roles=THEMSELVES),
        Signer("witnessed", roles=MONITORS),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"no_drive_until"})

    type: Literal["no-driving-release-signed/1"] = "no-driving-release-signed/1"
    instructions: Open[Code]
    no_drive_until: Open[UntilWhen]
    text: Open[HexHash]
    keys_secured: Clinical[bool]
    teach_back: Clinical[bool]
    vehicle_on_site: Clinical[bool]
    escort: Identity[Escort | None]


class ReleaseAuthorised(Event):
    """
    One partner may leave, in somebody's care, under conditions, with a number to call for 24 hours.

    `assessment` is the discharge assessment it rests on, null when there was none.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("authorised-release", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = frozenset({"assessment", "conditions", "disposition", "no_drive_until", "occurred"})
    AUTHORISES: ClassVar[bool] = True

    type: Literal["release-authorised/1"] = "release-authorised/1"
    assessment: Open[Reference | None]
    contact: Open[PhoneNumber]
    instructions: Open[Code | None]
    no_drive_until: Open[UntilWhen]
    disposition: Clinical[Disposition]
    conditions: Sensitive[Several[Word]]


class ParticipantDeparted(Event):
    """One partner left; `release` is null when nobody had released them."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("observed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["participant-departed/1"] = "participant-departed/1"
    release: Open[Reference | None]
    destination: Clinical[DestinationClass]
    mode: Clinical[TravelMode]
    escort: Identity[Escort | None]


class TransportPlanDeviationRecorded(Event):
    """
    One partner left, or wished to leave, in another way than planned.

    `requested` is what was asked for, `alternative` what was found instead.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=(*MONITORS, "driver")),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["transport-plan-deviation-recorded/1"] = "transport-plan-deviation-recorded/1"
    alternative: Sensitive[TravelMode | None]
    changed: Sensitive[Several[Literal["mode", "escort", "destination", "time"]]]
    efforts: Sensitive[
        Several[
            Literal[
                "refused",
                "talked-to",
                "keys-kept",
                "escort-called",
                "emergency-contact-called",
                "emergency-services-called",
                "prescriber-informed",
            ]
        ]
    ]
    emergency_contact_reached: Sensitive[bool | None]
    requested: Sensitive[TravelMode | None]


ReleaseEvent: TypeAlias = (
    DischargeAssessed
    | EscortVerified
    | NoDrivingReleaseSigned
    | ReleaseAuthorised
    | ParticipantDeparted
    | TransportPlanDeviationRecorded
)
"""One partner goes."""
