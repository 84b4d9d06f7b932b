"""
People: who works here, who takes part, who is a couple, and what partners may know of each other.

A person's names stand only in a sealed block of that person's own record.
A couple is two slots, a and b; whose slot is whose is sealed too, for each partner apart.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.base import NOTHING, THEMSELVES, CoupleId, Critical, Event, LocationId, PersonId, Reference, Signer
from ledger.events.fields import Identity, IdentityA, IdentityB, Open, Sensitive
from ledger.events.words import Code, Line, LocalDate, PhoneNumber, ZoneName
from ledger.payload import HexHash
from ledger.vocabulary import StreamKind


class StaffRegistered(Event):
    """
    Somebody begins to work here, under a short code such as RN1.

    `agreement` is the hash of the text by which they accept that their electronic signature binds them.
    """

    STREAM: ClassVar[StreamKind] = "staff"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=("registrar",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["staff-registered/1"] = "staff-registered/1"
    agreement: Open[HexHash | None]
    code: Open[Code]
    name: Identity[Line]


class ParticipantRegistered(Event):
    """
    Somebody may take part in sessions; their identity was checked.

    The pseudonym is identity as well: it stands on paper, and in the open it would outlive an erasure.
    """

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=("registrar",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["participant-registered/1"] = "participant-registered/1"
    pregnancy_applicable: Sensitive[bool]
    address: Identity[Line]
    birth_date: Identity[LocalDate]
    id_check: Identity[Literal["passport", "driving-licence", "identity-card", "known-in-person", "other"]]
    language: Identity[Code]
    name: Identity[Line]
    phone: Identity[PhoneNumber]
    pseudonym: Identity[Code]
    sex: Identity[Literal["female", "male", "other", "unknown"]]
    time_zone: Identity[ZoneName]


class CoupleRegistered(Event):
    """Two participants come as a couple, under a code such as C-07; each keeps one slot throughout."""

    STREAM: ClassVar[StreamKind] = "couple"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=("registrar",)),)
    CRITICAL: ClassVar[Critical] = frozenset({"person_a", "person_b"})

    type: Literal["couple-registered/1"] = "couple-registered/1"
    code: Open[Code]
    location: Open[LocationId]
    sharing_policy: Open[Code]
    started: Open[LocalDate]
    person_a: IdentityA[PersonId]
    person_b: IdentityB[PersonId]


class CoupleDissolved(Event):
    """
    Two participants no longer come as a couple, from `ended` on; each keeps their own record.

    Why is nobody's business here. `sharing` is what becomes of what each let the other see.
    """

    STREAM: ClassVar[StreamKind] = "couple"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=("registrar",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["couple-dissolved/1"] = "couple-dissolved/1"
    ended: Open[LocalDate]
    sharing: Open[Literal["ends", "ends-for-the-past-too"]]


class CoupleReformed(Event):
    """
    A couple that had been dissolved comes again, each in the slot they had.

    No sharing comes back with it: each says anew what the other may see.
    """

    STREAM: ClassVar[StreamKind] = "couple"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=("registrar",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["couple-reformed/1"] = "couple-reformed/1"
    dissolved: Open[Reference]
    sharing_policy: Open[Code]
    started: Open[LocalDate]


class SharingPreferenceRecorded(Event):
    """
    What one person lets the partner of this couple see or hear.

    A later preference replaces it, so it can be withdrawn at any time.
    `emergency` is whether the partner is told in an emergency.
    """

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("consented", by="subject", roles=THEMSELVES),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["sharing-preference-recorded/1"] = "sharing-preference-recorded/1"
    attendance: Sensitive[bool]
    dose: Sensitive[bool]
    dosed: Sensitive[bool]
    emergency: Sensitive[bool]
    vitals: Sensitive[bool]
    couple: Identity[CoupleId]


PeopleEvent: TypeAlias = (
    StaffRegistered
    | ParticipantRegistered
    | CoupleRegistered
    | CoupleDissolved
    | CoupleReformed
    | SharingPreferenceRecorded
)
"""Who is here, and who belongs to whom."""
