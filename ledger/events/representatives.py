"""
Representatives: who may sign for somebody who cannot sign for themselves, by law and not by kindness.

A representative signs on a key that was enrolled for the person they act for, in the role `representative`:
so every signature of theirs shows as one, and none is taken for the person's own.
Who it is says an identity field; that it is not the other partner is for whoever appoints them to see to.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.base import Critical, Event, Reference, Signer
from ledger.events.fields import Identity, Open, Sensitive
from ledger.events.words import Line, LocalDate, PhoneNumber
from ledger.payload import HexHash, Word
from ledger.vocabulary import StreamKind


class RepresentativeAppointed(Event):
    """
    Somebody may sign for this person from `effective` to `expires`, both days included; null is until it is ended.

    `key` is the one enrolled for them, by its id: on the person's own record a representative signs on no other.
    `document` is the hash of the paper that appoints them; an officer of the clinic saw it.
    """

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("verified", roles=("registrar", "privacy-officer", "records-officer")),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"effective", "expires", "key"})

    type: Literal["representative-appointed/1"] = "representative-appointed/1"
    document: Open[HexHash]
    effective: Open[LocalDate]
    expires: Open[LocalDate | None]
    key: Open[HexHash]
    basis: Sensitive[Literal["guardian", "health-care-proxy", "power-of-attorney", "parent", "court", "other"]]
    address: Identity[Line | None]
    name: Identity[Line]
    phone: Identity[PhoneNumber | None]


class RepresentationEnded(Event):
    """Nobody signs for this person any more by this appointment, from `ended` on."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("verified", roles=("registrar", "privacy-officer", "records-officer")),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"ended"})

    type: Literal["representation-ended/1"] = "representation-ended/1"
    appointed: Open[Reference]
    ended: Open[LocalDate]
    reason: Sensitive[Word | None]


RepresentativeEvent: TypeAlias = RepresentativeAppointed | RepresentationEnded
"""Who signs for somebody else."""
