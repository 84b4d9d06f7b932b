"""
Lifecycle: a session from the day it is planned to the moment it is closed.

These are the joint facts of both partners, so the open part says only what both may know.
What concerns one of them, such as whose slot it is or whether they come to be dosed, is sealed for that one.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.base import (
    MONITORS,
    NOTHING,
    CoupleId,
    Critical,
    Event,
    LocationId,
    PersonId,
    Reference,
    Signer,
    StaffId,
)
from ledger.events.fields import ClinicalA, ClinicalB, IdentityA, IdentityB, Open, SensitiveA, SensitiveB
from ledger.events.measures import Count, Part
from ledger.events.words import Code, Moment, Several
from ledger.payload import Word
from ledger.vocabulary import DosingMode, ParticipantRole, Phase, Presence, Role, Slot, StreamKind

Ending = Literal["departed", "transferred", "left-against-advice", "no-show"]
"""How a partner's part of the session ended."""


class OnDuty(Part):
    """A staff member and what they are here for."""

    role: Role
    staff: StaffId


class SessionScheduled(Event):
    """A session of a couple is planned; from now on each partner's slot names a person."""

    STREAM: ClassVar[StreamKind] = "session"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=("scheduler",)),)
    CRITICAL: ClassVar[Critical] = frozenset({"person_a", "person_b"})

    type: Literal["session-scheduled/1"] = "session-scheduled/1"
    couple: Open[CoupleId]
    course: Open[Code | None]
    location: Open[LocationId]
    mode: Open[DosingMode]
    ordinal: Open[Count]
    planned_start: Open[Moment]
    staff: Open[Several[OnDuty]]
    person_a: IdentityA[PersonId]
    person_b: IdentityB[PersonId]


class SessionRescheduled(Event):
    """
    A planned session gets another time, place or staff; what is said here replaces what was planned before.

    Why is said to each partner apart, as far as they may know it: the other's reason is not theirs.
    """

    STREAM: ClassVar[StreamKind] = "session"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=("scheduler",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["session-rescheduled/1"] = "session-rescheduled/1"
    location: Open[LocationId]
    mode: Open[DosingMode]
    planned_start: Open[Moment]
    staff: Open[Several[OnDuty]]
    reason_a: SensitiveA[Word | None]
    reason_b: SensitiveB[Word | None]


class SessionCancelled(Event):
    """
    A planned session does not take place.

    Why is said to each partner apart, as far as they may know it.
    """

    STREAM: ClassVar[StreamKind] = "session"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=("scheduler", *MONITORS)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["session-cancelled/1"] = "session-cancelled/1"
    reason_a: SensitiveA[Word | None]
    reason_b: SensitiveB[Word | None]


class SessionOpened(Event):
    """
    A session begins under one protocol version, with these people on duty.

    `role_a` and `role_b` are null for a partner who does not take part.
    `room` is named where several sessions at a location do not share one.
    """

    STREAM: ClassVar[StreamKind] = "session"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("authorised", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING
    AUTHORISES: ClassVar[bool] = True

    type: Literal["session-opened/1"] = "session-opened/1"
    location: Open[LocationId]
    mode: Open[DosingMode]
    prescriber: Open[StaffId | None]
    presence: Open[Presence]
    protocol: Open[Reference]
    room: Open[Code | None]
    staff: Open[Several[OnDuty]]
    role_a: ClinicalA[ParticipantRole | None]
    role_b: ClinicalB[ParticipantRole | None]


class SessionPhaseChanged(Event):
    """The session, or one partner's part of it, came to its next phase."""

    STREAM: ClassVar[StreamKind] = "session"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["session-phase-changed/1"] = "session-phase-changed/1"
    covers: Open[Several[Slot]]
    phase: Open[Phase]


class SessionClosed(Event):
    """
    A session ends: both partners have left care, and the stock was counted.

    `findings` are the rules the signers saw open, `adverse_events` those without an outcome yet.
    `follow_up_booked` is null for a partner who was not dosed.
    """

    STREAM: ClassVar[StreamKind] = "session"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("reviewed", roles=("nurse", "prescriber")),
        Signer("reviewed", roles=("therapist",), when="later"),
    )
    CRITICAL: ClassVar[Critical] = NOTHING
    AUTHORISES: ClassVar[bool] = True

    type: Literal["session-closed/1"] = "session-closed/1"
    stock_balanced: Open[bool]
    ended_a: ClinicalA[Ending]
    ended_b: ClinicalB[Ending]
    follow_up_booked_a: ClinicalA[bool | None]
    follow_up_booked_b: ClinicalB[bool | None]
    adverse_events_a: SensitiveA[Several[Reference]]
    adverse_events_b: SensitiveB[Several[Reference]]
    findings_a: SensitiveA[Several[Code]]
    findings_b: SensitiveB[Several[Code]]


LifecycleEvent: TypeAlias = (
    SessionScheduled | SessionRescheduled | SessionCancelled | SessionOpened | SessionPhaseChanged | SessionClosed
)
"""A session from plan to end."""
