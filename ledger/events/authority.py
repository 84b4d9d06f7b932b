"""
Authority: what permits anybody to act here, before the first patient arrives.

Credentials of staff, registrations of places, readiness for an emergency, the protocol with its figures,
and the consent form in force.
All of it is open: it is about the clinic, and every holder of a record may check it.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.base import MONITORS, NOTHING, Critical, Event, LocationId, Reference, Signer
from ledger.events.fields import Identity, Open
from ledger.events.measures import Minutes
from ledger.events.parameters import Parameters
from ledger.events.words import Code, Line, LocalDate, PlainLine, Several, State, ZoneName
from ledger.payload import HexHash
from ledger.vocabulary import CredentialType, LocationKind, Profession, StreamKind


class CredentialGranted(Event):
    """
    A staff member holds a credential from `effective` to `expires`, both days included.

    `issued` may be later than `effective`: a late renewal that reaches back.
    `verification` refers to the check at the primary source; no `locations` means all of them.
    """

    STREAM: ClassVar[StreamKind] = "staff"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("verified", roles=("credentialing-officer",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["credential-granted/1"] = "credential-granted/1"
    credential: Open[CredentialType]
    effective: Open[LocalDate]
    expires: Open[LocalDate]
    issued: Open[LocalDate | None]
    issuer: Open[PlainLine]
    locations: Open[Several[LocationId]]
    profession: Open[Profession | None]
    states: Open[Several[State]]
    verification: Open[Code | None]
    number: Identity[Line | None]


class LocationRegistered(Event):
    """
    A place where sessions take place, with its registration for controlled substances.

    A home has no address here: it is the address of a participant, and stands in their identity.
    """

    STREAM: ClassVar[StreamKind] = "location"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("verified", roles=("compliance-officer",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["location-registered/1"] = "location-registered/1"
    address: Open[PlainLine | None]
    code: Open[Code]
    connectivity: Open[Literal["wired", "wireless", "cellular", "satellite", "none"]]
    dea_from: Open[LocalDate | None]
    dea_number: Open[Code | None]
    dea_to: Open[LocalDate | None]
    emergency_resources: Open[Several[Code]]
    kind: Open[LocationKind]
    nearest_ed_min: Open[Minutes]
    state: Open[State]
    time_zone: Open[ZoneName]


class LocationRegistrationChanged(Event):
    """
    What is registered about a place from `effective` on, whole: what is not repeated no longer holds.

    `effective` may lie in the past, when a registration had lapsed and nobody had noticed.
    """

    STREAM: ClassVar[StreamKind] = "location"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("verified", roles=("compliance-officer",)),)
    CRITICAL: ClassVar[Critical] = frozenset({"dea_from", "dea_number", "dea_to", "effective", "state"})

    type: Literal["location-registration-changed/1"] = "location-registration-changed/1"
    address: Open[PlainLine | None]
    connectivity: Open[Literal["wired", "wireless", "cellular", "satellite", "none"]]
    dea_from: Open[LocalDate | None]
    dea_number: Open[Code | None]
    dea_to: Open[LocalDate | None]
    effective: Open[LocalDate]
    emergency_resources: Open[Several[Code]]
    nearest_ed_min: Open[Minutes]
    state: Open[State]
    time_zone: Open[ZoneName]


class EmergencyReadinessChecked(Event):
    """The emergency equipment of a place was looked at and tried, item by item."""

    STREAM: ClassVar[StreamKind] = "location"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["emergency-readiness-checked/1"] = "emergency-readiness-checked/1"
    aed_self_test: Open[bool]
    bag_valve_mask: Open[bool]
    bp_cuffs: Open[Several[Code]]
    ed_route: Open[bool]
    oximeters: Open[Several[Code]]
    oxygen: Open[bool]
    phone_test: Open[bool]
    rescue_lots: Open[Several[Code]]
    suction: Open[bool]


class ProtocolPublished(Event):
    """A version of a protocol: its figures, and the version of the rules that read them."""

    STREAM: ClassVar[StreamKind] = "protocol"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("approved", roles=("medical-director",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["protocol-published/1"] = "protocol-published/1"
    effective: Open[LocalDate]
    name: Open[Code]
    parameters: Open[Parameters]
    rule_set: Open[Code]
    version: Open[Code]


class ProtocolRetired(Event):
    """
    No session is opened under this version of a protocol from `effective` on.

    Sessions opened before keep it: they are judged by the figures that were in force when they began.
    """

    STREAM: ClassVar[StreamKind] = "protocol"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("approved", roles=("medical-director",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["protocol-retired/1"] = "protocol-retired/1"
    effective: Open[LocalDate]
    protocol: Open[Reference]
    replaced_by: Open[Reference | None]


class ConsentFormPublished(Event):
    """A version of a consent form is in force from a day on, until the next; `text` is its hash."""

    STREAM: ClassVar[StreamKind] = "protocol"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("approved", roles=("medical-director", "compliance-officer")),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["consent-form-published/1"] = "consent-form-published/1"
    form: Open[Code]
    in_force_from: Open[LocalDate]
    text: Open[HexHash]
    version: Open[Code]


AuthorityEvent: TypeAlias = (
    CredentialGranted
    | LocationRegistered
    | LocationRegistrationChanged
    | EmergencyReadinessChecked
    | ProtocolPublished
    | ProtocolRetired
    | ConsentFormPublished
)
"""What permits anybody to act."""
