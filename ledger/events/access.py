"""
Access: who looked at which record, searched, took a copy, or was not let in; the software records it itself.

A record is named by its stream tag, as the log names it: who knows the record finds it, and nobody else learns
whose it is. A reader who is a participant is not named, only that it was the record's own person.
These entries stand on an access record of their own and are in nobody's copy.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from ledger.events.base import NOTHING, Critical, Event, Reference, Signer, StaffId
from ledger.events.deviations import RuleId
from ledger.events.fields import Open, Privacy
from ledger.events.keys import Position
from ledger.events.measures import Count, Part
from ledger.events.words import Code, Named, Several
from ledger.payload import EventType, HexHash, Word
from ledger.vocabulary import CredentialType, Role, Slot, StreamKind

TypeTag = Annotated[EventType, Named("type of an event")]
_SOFTWARE: tuple[Signer, ...] = (Signer("observed", by="service", roles=("service",)),)

Purpose: TypeAlias = Literal[
    "treatment", "operations", "audit", "own-record", "legal", "emergency", "research", "training", "other"
]
"""What a record was opened for, as its reader says."""

Reader: TypeAlias = Literal["staff", "own-person", "outsider", "service"]
"""Who read: a member of staff, the person whose record it is, somebody let in from outside, or a program."""


class SysRecordViewed(Event):
    """A record was opened and these classes of its fields were shown; `on` is the device's short code."""

    STREAM: ClassVar[StreamKind] = "access"
    SIGNERS: ClassVar[tuple[Signer, ...]] = _SOFTWARE
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["sys-record-viewed/1"] = "sys-record-viewed/1"
    on: Open[Code | None]
    privacy: Open[Several[Privacy]]
    purpose: Open[Purpose]
    reader: Open[Reader]
    record: Open[HexHash]
    role: Open[Role | None]
    staff: Open[StaffId | None]


class SysRecordSearched(Event):
    """Somebody searched across records, with these filters; what they searched for is not kept."""

    STREAM: ClassVar[StreamKind] = "access"
    SIGNERS: ClassVar[tuple[Signer, ...]] = _SOFTWARE
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["sys-record-searched/1"] = "sys-record-searched/1"
    filters: Open[Several[Word]]
    found: Open[Count]
    on: Open[Code | None]
    purpose: Open[Purpose]
    reader: Open[Reader]
    role: Open[Role | None]
    staff: Open[StaffId | None]


class SysRecordExported(Event):
    """
    A copy of these records leaves the ledger, as it stood below `size`; `content` is its hash.

    It is recorded before the bytes leave, so a rule may still stop it.
    `partner_left_out` is whether it was made for one partner, without anything of the other.
    """

    STREAM: ClassVar[StreamKind] = "access"
    SIGNERS: ClassVar[tuple[Signer, ...]] = _SOFTWARE
    CRITICAL: ClassVar[Critical] = NOTHING
    AUTHORISES: ClassVar[bool] = True

    type: Literal["sys-record-exported/1"] = "sys-record-exported/1"
    content: Open[HexHash]
    on: Open[Code | None]
    partner_left_out: Open[bool]
    privacy: Open[Several[Privacy]]
    purpose: Open[Purpose]
    reader: Open[Reader]
    records: Open[Several[HexHash]]
    role: Open[Role | None]
    size: Open[Position]
    staff: Open[StaffId | None]


class SysBreakGlassUsed(Event):
    """A member of staff opened a record that is not theirs to open, because it could not wait; it will be reviewed."""

    STREAM: ClassVar[StreamKind] = "access"
    SIGNERS: ClassVar[tuple[Signer, ...]] = _SOFTWARE
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["sys-break-glass-used/1"] = "sys-break-glass-used/1"
    on: Open[Code | None]
    privacy: Open[Several[Privacy]]
    reason: Open[Word]
    record: Open[HexHash]
    role: Open[Role]
    staff: Open[StaffId]


class SysSignInFailed(Event):
    """Somebody was not let in; `staff` is whose account it was, null for one that does not exist or is a person's."""

    STREAM: ClassVar[StreamKind] = "access"
    SIGNERS: ClassVar[tuple[Signer, ...]] = _SOFTWARE
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["sys-sign-in-failed/1"] = "sys-sign-in-failed/1"
    on: Open[Code | None]
    reason: Open[Literal["wrong-pin", "locked", "unknown-account", "closed-account", "key-not-valid"]]
    staff: Open[StaffId | None]
    tries: Open[Count]


class SysSignInFailed2(Event):
    """
    As `sys-sign-in-failed/1`, for people who sign in with a password; `tries` are those of late, for this account.

    Nothing of what was typed is kept, also no name that nobody has.
    """

    STREAM: ClassVar[StreamKind] = "access"
    SIGNERS: ClassVar[tuple[Signer, ...]] = _SOFTWARE
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["sys-sign-in-failed/2"] = "sys-sign-in-failed/2"
    on: Open[Code | None]
    reason: Open[Literal["wrong-password", "wrong-pin", "unknown-account", "too-many-tries"]]
    staff: Open[StaffId | None]
    tries: Open[Count]


class SysAuthorisationRefused(Event):
    """
    An authorisation was refused by these rules, all of them; `asked` is the digest of what was not recorded.

    It is a trace, not a finding: nothing that was refused has happened. Version 2 says more, and is what is written.
    """

    STREAM: ClassVar[StreamKind] = "access"
    SIGNERS: ClassVar[tuple[Signer, ...]] = _SOFTWARE
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["sys-authorisation-refused/1"] = "sys-authorisation-refused/1"
    asked: Open[HexHash]
    evidence: Open[Several[Reference]]
    kind: Open[TypeTag]
    record: Open[HexHash]
    rules: Open[Several[RuleId]]
    staff: Open[StaffId | None]


class ObjectionRaised(Part):
    """One rule that objected: in which version, on whose account, and which role might have overridden it."""

    credential: CredentialType | None
    override: Role | None
    rule: RuleId
    slot: Slot | None
    staff: StaffId | None
    version: Code


class SysAuthorisationRefused2(Event):
    """
    An authorisation was refused, by all of these objections; `asked` is the digest of what was not recorded.

    It is a trace, not a finding: nothing that was refused has happened. It says which rules, in which version and on
    whose account, and none of the values they compared; `evidence` are the entries they rest on.
    Each refused content has an access record of its own, so the same refused again is not written twice.
    """

    STREAM: ClassVar[StreamKind] = "access"
    SIGNERS: ClassVar[tuple[Signer, ...]] = _SOFTWARE
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["sys-authorisation-refused/2"] = "sys-authorisation-refused/2"
    asked: Open[HexHash]
    evidence: Open[Several[Reference]]
    kind: Open[TypeTag]
    objections: Open[Several[ObjectionRaised]]
    record: Open[HexHash]
    staff: Open[StaffId | None]


AccessEvent: TypeAlias = (
    SysRecordViewed
    | SysRecordSearched
    | SysRecordExported
    | SysBreakGlassUsed
    | SysSignInFailed
    | SysSignInFailed2
    | SysAuthorisationRefused
    | SysAuthorisationRefused2
)
"""Who looked, who took a copy, who was not let in."""
