"""
Requests: somebody asks to see their record, to have it amended, or that it be shown to others.

They stand on that person's own record, and so does every answer; the partner's record says nothing of them.
Whom something was disclosed to is identity, because a recipient may be a person too.
An answer is due on a day that the request names; what the law gives somebody, this ledger only keeps count of.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.base import NOTHING, THEMSELVES, Critical, Event, Reference, Signer
from ledger.events.fields import Identity, Open, Sensitive
from ledger.events.words import FreeText, Line, LocalDate, Several
from ledger.payload import HexHash, Word
from ledger.vocabulary import Role, StreamKind

_OFFICER: tuple[Role, ...] = ("privacy-officer", "records-officer")

Asker: TypeAlias = Literal["person", "representative", "authority", "other"]

Content: TypeAlias = Literal[
    "whole-record",
    "sessions",
    "doses",
    "evaluations",
    "consents",
    "adverse-events",
    "release",
    "disclosures",
    "other",
]
"""What part of somebody's record it is about."""


class AccessRequestReceived(Event):
    """Somebody asked for their record; the answer is `due` on that day, end of it included."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("received", roles=_OFFICER),)
    CRITICAL: ClassVar[Critical] = frozenset({"due", "received_on"})

    type: Literal["access-request-received/1"] = "access-request-received/1"
    due: Open[LocalDate]
    received_on: Open[LocalDate]
    asked_by: Sensitive[Asker]
    note: Sensitive[FreeText | None]
    wants: Sensitive[Several[Content]]


class AccessRequestFulfilled(Event):
    """What was asked for was handed over; `export` is the hash of what was given."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=_OFFICER),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["access-request-fulfilled/1"] = "access-request-fulfilled/1"
    export: Open[HexHash | None]
    request: Open[Reference]
    channel: Sensitive[Literal["in-person", "mail", "portal", "other"]]


class AccessRequestDenied(Event):
    """A request to see a record was denied, in whole or in part, and why."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("reviewed", roles=_OFFICER),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["access-request-denied/1"] = "access-request-denied/1"
    request: Open[Reference]
    basis: Sensitive[Literal["identity-unsure", "about-somebody-else", "endangers", "not-here", "withdrawn", "other"]]
    in_part: Sensitive[bool]
    note: Sensitive[FreeText | None]


class AmendmentRequested(Event):
    """Somebody says that an entry about them is wrong, and what it should say; `entry` is which one, if it is one."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("received", roles=_OFFICER),)
    CRITICAL: ClassVar[Critical] = frozenset({"due", "received_on"})

    type: Literal["amendment-requested/1"] = "amendment-requested/1"
    due: Open[LocalDate]
    entry: Open[Reference | None]
    received_on: Open[LocalDate]
    asked_by: Sensitive[Asker]
    note: Sensitive[FreeText]


class AmendmentAccepted(Event):
    """The record is amended as asked; `correction` is the entry that does it, where one was needed."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("approved", roles=_OFFICER),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["amendment-accepted/1"] = "amendment-accepted/1"
    correction: Open[Reference | None]
    request: Open[Reference]
    note: Sensitive[FreeText | None]


class AmendmentDenied(Event):
    """The record stays as it is, and why; the person may append that they disagree."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("reviewed", roles=_OFFICER),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["amendment-denied/1"] = "amendment-denied/1"
    request: Open[Reference]
    basis: Sensitive[Literal["accurate", "not-from-here", "not-part-of-record", "not-accessible", "other"]]
    note: Sensitive[FreeText | None]


class DisagreementAppended(Event):
    """A person's own word that they disagree with their record; a longer statement is named by its hash."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", by="subject", roles=THEMSELVES),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["disagreement-appended/1"] = "disagreement-appended/1"
    denied: Open[Reference | None]
    document: Open[HexHash | None]
    note: Sensitive[FreeText | None]


class ReleaseOfInformationSigned(Event):
    """
    A person lets the clinic show a part of their record to somebody, until a day, for a purpose.

    It is theirs alone: a partner's part needs the partner's own.
    """

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("consented", by="subject", roles=THEMSELVES),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["release-of-information-signed/1"] = "release-of-information-signed/1"
    text: Open[HexHash]
    valid_until: Open[LocalDate]
    content: Sensitive[Several[Content]]
    purpose: Sensitive[Word]
    recipient: Identity[Line]


class ReleaseOfInformationRevoked(Event):
    """A person takes back what they had signed; what was disclosed before stays disclosed."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("declined", by="subject", roles=THEMSELVES),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["release-of-information-revoked/1"] = "release-of-information-revoked/1"
    signed: Open[Reference]


class DisclosureMade(Event):
    """
    A part of one person's record was shown to somebody outside, by a person or through the system.

    `export` is the hash of what was shown, `released_by` what the person had signed for it.
    One that names a copy which the ledger gave out is made through the system, and a rule may stop it; any other is a
    fact, and nothing does.
    `partner_left_out` is whether everything about the partner was taken out; `accountable` whether it has to be told
    to somebody who asks to whom their record was shown.
    """

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=(*_OFFICER, "compliance-officer")),)
    CRITICAL: ClassVar[Critical] = frozenset({"content", "occurred", "partner_left_out", "recipient"})
    AUTHORISES: ClassVar[bool] = True

    type: Literal["disclosure-made/1"] = "disclosure-made/1"
    export: Open[HexHash | None]
    released_by: Open[Reference | None]
    accountable: Sensitive[bool]
    basis: Sensitive[
        Literal["own-authorisation", "treatment", "payment", "operations", "public-health", "court", "other"]
    ]
    content: Sensitive[Several[Content]]
    partner_left_out: Sensitive[bool]
    purpose: Sensitive[Word]
    recipient: Identity[Line]


RequestEvent: TypeAlias = (
    AccessRequestReceived
    | AccessRequestFulfilled
    | AccessRequestDenied
    | AmendmentRequested
    | AmendmentAccepted
    | AmendmentDenied
    | DisagreementAppended
    | ReleaseOfInformationSigned
    | ReleaseOfInformationRevoked
    | DisclosureMade
)
"""What a person may ask of their record, and what was answered."""
