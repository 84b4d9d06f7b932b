"""
Staff: how long somebody's credentials hold, what they were trained in, and what their signature means to them.

A credential is granted once (`credential-granted`) and then renewed, suspended, reinstated or revoked.
That one has run out is no event: its last day says so.
What a board or an employer holds against somebody is about them, and sealed under their own key.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.base import NOTHING, Critical, Event, LocationId, Reference, Signer
from ledger.events.corrections import CORRECTORS
from ledger.events.fields import Identity, Open, Sensitive
from ledger.events.measures import Hours
from ledger.events.words import Code, Line, LocalDate, PlainLine, Several, State
from ledger.payload import HexHash, Word
from ledger.vocabulary import CredentialType, Role, StreamKind

_OFFICER: tuple[Role, ...] = ("credentialing-officer",)


class CredentialRenewed(Event):
    """
    A credential goes on, from `effective` to `expires`, both days included.

    `issued` may be later than `effective`: a late renewal that reaches back, and counts from `effective`.
    `granted` is the event by which it was granted or last renewed.
    """

    STREAM: ClassVar[StreamKind] = "staff"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("verified", roles=_OFFICER),)
    CRITICAL: ClassVar[Critical] = frozenset({"effective", "expires"})

    type: Literal["credential-renewed/1"] = "credential-renewed/1"
    credential: Open[CredentialType]
    effective: Open[LocalDate]
    expires: Open[LocalDate]
    granted: Open[Reference]
    issued: Open[LocalDate | None]
    issuer: Open[PlainLine]
    locations: Open[Several[LocationId]]
    states: Open[Several[State]]
    verification: Open[Code | None]
    number: Identity[Line | None]


class CredentialSuspended(Event):
    """
    A credential does not count from `effective` on, for now; no `states` means all of them.

    `effective` may lie in the past: what was done since then was done without it.
    """

    STREAM: ClassVar[StreamKind] = "staff"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("verified", roles=_OFFICER),)
    CRITICAL: ClassVar[Critical] = frozenset({"effective"})

    type: Literal["credential-suspended/1"] = "credential-suspended/1"
    credential: Open[CredentialType]
    effective: Open[LocalDate]
    granted: Open[Reference | None]
    imposed_by: Open[Literal["issuer", "organisation"]]
    states: Open[Several[State]]
    verification: Open[Code | None]
    reason: Sensitive[Word | None]


class CredentialReinstated(Event):
    """A suspended credential counts again from `effective` on."""

    STREAM: ClassVar[StreamKind] = "staff"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("verified", roles=_OFFICER),)
    CRITICAL: ClassVar[Critical] = frozenset({"effective"})

    type: Literal["credential-reinstated/1"] = "credential-reinstated/1"
    credential: Open[CredentialType]
    effective: Open[LocalDate]
    suspended: Open[Reference]
    verification: Open[Code | None]
    conditions: Sensitive[Several[Word]]


class CredentialRevoked(Event):
    """
    A credential ended for good on `effective`.

    With `retroactive_from` it never counted from that earlier day on, whatever was believed at the time.
    """

    STREAM: ClassVar[StreamKind] = "staff"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("verified", roles=_OFFICER),)
    CRITICAL: ClassVar[Critical] = frozenset({"effective", "retroactive_from"})

    type: Literal["credential-revoked/1"] = "credential-revoked/1"
    credential: Open[CredentialType]
    effective: Open[LocalDate]
    granted: Open[Reference | None]
    imposed_by: Open[Literal["issuer", "organisation"]]
    retroactive_from: Open[LocalDate | None]
    states: Open[Several[State]]
    verification: Open[Code | None]
    reason: Sensitive[Word | None]


class TrainingCompleted(Event):
    """
    Somebody completed a training on a day; `repeat_by` is until when it has to be repeated.

    A training that permits something is granted as a credential as well; this is the proof behind it.
    """

    STREAM: ClassVar[StreamKind] = "staff"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("verified", roles=_OFFICER),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["training-completed/1"] = "training-completed/1"
    certificate: Open[HexHash | None]
    completed: Open[LocalDate]
    hours: Open[Hours | None]
    provider: Open[PlainLine | None]
    repeat_by: Open[LocalDate | None]
    subject: Open[Literal["kap", "monitor", "ledger", "bls", "acls", "privacy", "controlled-substances", "other"]]
    title: Open[PlainLine]
    passed: Sensitive[bool]


class SignatureAgreementSigned(Event):
    """
    Somebody accepts, by their own key, that their electronic signature binds them like one on paper.

    `text` is the hash of what they read (21 CFR 11.100 asks for it).
    """

    STREAM: ClassVar[StreamKind] = "staff"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("acknowledged", by="subject", roles=CORRECTORS),
        Signer("witnessed", roles=("security-officer", *_OFFICER), when="later"),
    )
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["signature-agreement-signed/1"] = "signature-agreement-signed/1"
    text: Open[HexHash]
    version: Open[Code]

    def asks(self, signer: Signer) -> bool | None:  # noqa: ARG002  # there is one that may come later
        """A witness is welcome and not asked for: the key was enrolled by an officer."""
        return False


class ReleaseDelegated(Event):
    """
    Somebody may release people on these days, although their role alone does not permit it.

    No `expires` is until it is ended; no `locations` means all of them.
    """

    STREAM: ClassVar[StreamKind] = "staff"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("authorised", roles=("medical-director", "prescriber")),)
    CRITICAL: ClassVar[Critical] = frozenset({"effective", "expires"})

    type: Literal["release-delegated/1"] = "release-delegated/1"
    document: Open[HexHash | None]
    effective: Open[LocalDate]
    expires: Open[LocalDate | None]
    locations: Open[Several[LocationId]]


class ReleaseDelegationEnded(Event):
    """A delegation to release people no longer holds from `ended` on."""

    STREAM: ClassVar[StreamKind] = "staff"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("authorised", roles=("medical-director", "prescriber")),)
    CRITICAL: ClassVar[Critical] = frozenset({"ended"})

    type: Literal["release-delegation-ended/1"] = "release-delegation-ended/1"
    delegated: Open[Reference]
    ended: Open[LocalDate]


StaffEvent: TypeAlias = (
    CredentialRenewed
    | CredentialSuspended
    | CredentialReinstated
    | CredentialRevoked
    | TrainingCompleted
    | SignatureAgreementSigned
    | ReleaseDelegated
    | ReleaseDelegationEnded
)
"""What becomes of the authority of one member of staff."""
