"""
Stock: a participant's own medication, handed in before a session and handed out after it.

Each container has its own record; whose it is stands in an identity block.
Every dose names its container, and so says which drug it was, and how strong.
The owner signs with the key of their session slot, so the open part names no person.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.base import GIVERS, THEMSELVES, Critical, Event, PersonId, SessionId, Signer
from ledger.events.fields import Identity, Open
from ledger.events.measures import Mass, Units
from ledger.events.words import Code, Line, LocalDate, Several
from ledger.payload import HexHash
from ledger.vocabulary import DoseForm, Drug, Role, StreamKind

CUSTODIANS: tuple[Role, ...] = ("custodian",)


class _Counted(Event):
    """Who else watched is welcome and not asked for: the owner and the custodian count together."""

    def asks(self, signer: Signer) -> bool | None:  # noqa: ARG002  # the same for each
        """None of the signatures that may still come."""
        return False


class OwnMedicationCheckedIn(_Counted):
    """
    A participant hands in their own medication for a session, counted by both.

    `strength` is what one unit contains, `photo` the hash of a picture of the label.
    """

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("relinquished", by="slot", roles=THEMSELVES),
        Signer("received", roles=CUSTODIANS),
        Signer("observed", roles=GIVERS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"count", "owner", "strength"})

    type: Literal["own-medication-checked-in/1"] = "own-medication-checked-in/1"
    code: Open[Code]
    count: Open[Units]
    drug: Open[Drug]
    expires: Open[LocalDate | None]
    form: Open[DoseForm]
    lots: Open[Several[Code]]
    photo: Open[HexHash | None]
    session: Open[SessionId]
    strength: Open[Mass]
    owner: Identity[PersonId]
    pharmacy: Identity[Line]
    prescription: Identity[Line]


class OwnMedicationCheckedOut(_Counted):
    """A participant takes what is left of their own medication back, counted by both."""

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("received", by="slot", roles=THEMSELVES),
        Signer("relinquished", roles=CUSTODIANS),
        Signer("observed", roles=GIVERS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"count", "owner"})

    type: Literal["own-medication-checked-out/1"] = "own-medication-checked-out/1"
    count: Open[Units]
    photo: Open[HexHash | None]
    session: Open[SessionId]
    owner: Identity[PersonId]


class OwnMedicationCounted(_Counted):
    """A participant's own medication was counted between handing in and handing out; `photo` may show it."""

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("performed", roles=(*GIVERS, "custodian")),
        Signer("observed", roles=(*GIVERS, "custodian"), when="later"),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"count", "owner"})

    type: Literal["own-medication-counted/1"] = "own-medication-counted/1"
    count: Open[Units]
    photo: Open[HexHash | None]
    session: Open[SessionId | None]
    owner: Identity[PersonId]


OwnMedicationEvent: TypeAlias = OwnMedicationCheckedIn | OwnMedicationCounted | OwnMedicationCheckedOut
"""A participant's own container."""
