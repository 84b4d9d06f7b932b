"""
Erasure: somebody asks to be forgotten, what stands against it, and the act itself.

All but the last type stand on that person's own record; what they say of reasons is sealed there, and goes
with the person. What was erased is named by its number and one root over the digests of the erased blocks:
whoever holds the list can compare it, and nobody else learns which blocks they were.
Two people sign an erasure: no one person can make a record unreadable.
Source: format v1, section 11; the rules REC-12, REC-13 and CS-09.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.base import NOTHING, Critical, Event, Reference, Signer
from ledger.events.fields import Open, Sensitive
from ledger.events.keys import Position
from ledger.events.measures import Part
from ledger.events.words import Code, FreeText, LocalDate
from ledger.payload import HexHash
from ledger.vocabulary import Role, StreamKind

SECONDS: tuple[Role, ...] = ("security-officer", "compliance-officer", "medical-director")
"""Who may be the second of the two who sign an erasure."""

_TWO_SIGN = (Signer("authorised", roles=("privacy-officer",)), Signer("approved", roles=SECONDS))


class Counted(Part):
    """Some digests without naming them: how many, and the RFC 6962 root over their 32 bytes, ascending."""

    count: Position
    root: HexHash


class ErasureRequested(Event):
    """
    Somebody asked that their record be erased.

    The answer is due on the same day of the next month [D], whatever it is.
    """

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("received", roles=("privacy-officer",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["erasure-requested/1"] = "erasure-requested/1"
    received_on: Open[LocalDate]
    asked_by: Sensitive[Literal["person", "representative", "authority", "other"]]
    note: Sensitive[FreeText | None]


class ErasureRefused(Event):
    """A request was refused, and why; `not_before` is the first day on which the answer could be another."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("reviewed", roles=("privacy-officer",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["erasure-refused/1"] = "erasure-refused/1"
    request: Open[Reference]
    basis: Sensitive[Literal["retention", "legal-hold", "legal-claim", "open-session", "identity-unsure", "other"]]
    not_before: Sensitive[LocalDate | None]
    note: Sensitive[FreeText | None]


class ErasureScheduled(Event):
    """A request was granted for a later day: nothing is erased before `not_before`, the first day it is allowed."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("approved", roles=("privacy-officer",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["erasure-scheduled/1"] = "erasure-scheduled/1"
    request: Open[Reference]
    basis: Sensitive[Literal["retention", "legal-hold", "legal-claim", "open-session", "other"] | None]
    not_before: Sensitive[LocalDate]


class LegalHoldPlaced(Event):
    """Nothing of this person's record may be destroyed until the hold is lifted; `hold` is its short code."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=("privacy-officer", "compliance-officer")),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["legal-hold-placed/1"] = "legal-hold-placed/1"
    hold: Open[Code]
    authority: Sensitive[FreeText]
    note: Sensitive[FreeText | None]


class LegalHoldLifted(Event):
    """A legal hold ended; `placed` names the event that placed it. Two people sign."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = _TWO_SIGN
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["legal-hold-lifted/1"] = "legal-hold-lifted/1"
    placed: Open[Reference]
    note: Sensitive[FreeText | None]


class SubjectErased(Event):
    """
    A person's key is destroyed: of their record nothing sealed can be read from now on.

    `blocks` are all their sealed blocks, in every record, below this position.
    """

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = _TWO_SIGN
    CRITICAL: ClassVar[Critical] = NOTHING
    AUTHORISES: ClassVar[bool] = True

    type: Literal["subject-erased/1"] = "subject-erased/1"
    blocks: Open[Counted]


class RetentionEnded(Event):
    """Whole envelopes are no longer kept; their entries stay. `envelopes` are counted by their `env` digests."""

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = _TWO_SIGN
    CRITICAL: ClassVar[Critical] = NOTHING
    AUTHORISES: ClassVar[bool] = True

    type: Literal["retention-ended/1"] = "retention-ended/1"
    envelopes: Open[Counted]


ErasureEvent: TypeAlias = (
    ErasureRequested
    | ErasureRefused
    | ErasureScheduled
    | LegalHoldPlaced
    | LegalHoldLifted
    | SubjectErased
    | RetentionEnded
)
"""To be forgotten, and what stands against it."""
