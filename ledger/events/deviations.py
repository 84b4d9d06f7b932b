"""
Deviations: somebody answerable lets a session go ahead although a rule objects, and what became of a finding.

An override says so beforehand, with its reason: what then happens is a declared deviation, and stays a finding.
It cures nothing. A disposition closes a finding afterwards; the facts it is about stay what they are.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import StringConstraints

from ledger.events.base import NOTHING, Critical, Event, Reference, SessionId, Signer, StaffId
from ledger.events.fields import Open, Sensitive
from ledger.events.words import Code, FreeText, Named, PlainLine, Several
from ledger.payload import Word
from ledger.vocabulary import CredentialType, Slot, StreamKind

RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}-\d{2}$"), Named("id of a rule")]
"""Which rule, such as SUP-02; also one that this ledger does not judge itself."""


class AuthorisationOverridden(Event):
    """
    What a rule objects to in this session may go ahead all the same, for a reason that is given.

    It holds for every authorisation in the session to which the same rule objects on account of the same `staff`
    and `credential`. It is about staff and place; a reason that lies in a partner does not belong on a joint record.
    """

    STREAM: ClassVar[StreamKind] = "session"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("authorised", roles=("medical-director", "prescriber")),)
    CRITICAL: ClassVar[Critical] = NOTHING
    AUTHORISES: ClassVar[bool] = True

    type: Literal["authorisation-overridden/1"] = "authorisation-overridden/1"
    credential: Open[CredentialType | None]
    reason: Open[PlainLine]
    rule: Open[RuleId]
    staff: Open[StaffId | None]


class RuleOverriddenForPartner(Event):
    """
    What a rule objects to on account of one partner may go ahead all the same, for a reason in words.

    It holds for that partner in this session. Which rule it is tells of the partner, so it is as sensitive as the
    reason; `evidence` are the entries that were weighed.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("authorised", roles=("prescriber", "medical-director")),)
    CRITICAL: ClassVar[Critical] = frozenset({"rule"})
    AUTHORISES: ClassVar[bool] = True

    type: Literal["rule-overridden-for-partner/1"] = "rule-overridden-for-partner/1"
    evidence: Open[Several[Reference]]
    permits: Sensitive[Literal["dose", "release", "opening", "closing"]]
    reason: Sensitive[FreeText]
    rule: Sensitive[RuleId]


class FindingAcknowledged(Event):
    """
    Somebody answerable has seen a finding; nothing is decided by that.

    Which finding is said as in `finding-dispositioned`.
    """

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("acknowledged", roles=("compliance-officer", "medical-director", "prescriber")),
    )
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["finding-acknowledged/1"] = "finding-acknowledged/1"
    credential: Open[CredentialType | None]
    evidence: Open[Several[Reference]]
    rule: Open[RuleId]
    rule_version: Open[Code | None]
    session: Open[SessionId | None]
    slot: Open[Slot | None]
    staff: Open[StaffId | None]


class FindingDispositioned(Event):
    """
    A finding was looked into, and this became of it.

    `rule`, `session`, and whichever of `slot`, `staff` and `credential` it has, say which finding;
    `evidence` are the events it rests on. `rule_version` is null for a rule that was judged outside this ledger.
    Nobody should dispose of a deviation they declared themselves; if somebody does, it is recorded and judged.
    """

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("reviewed", roles=("compliance-officer",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["finding-dispositioned/1"] = "finding-dispositioned/1"
    credential: Open[CredentialType | None]
    evidence: Open[Several[Reference]]
    outcome: Open[Literal["accepted-deviation", "corrected", "corrective-action", "false-positive"]]
    reason: Open[Word | None]
    rule: Open[RuleId]
    rule_version: Open[Code | None]
    session: Open[SessionId | None]
    slot: Open[Slot | None]
    staff: Open[StaffId | None]


OverrideEvent: TypeAlias = AuthorisationOverridden | RuleOverriddenForPartner
"""Somebody answerable let something go ahead."""
