"""
Corrections: what is said later about an entry that stands, by the people who looked at it again.

Nothing is edited: each names its entry by digest and id and stands on the same record; the entry stays as signed.
So one partner's record is whole by itself, and what is said about one never reaches the other.
A sealed value travels sealed, in a block of the slot and class it had; a block is there also when it holds nothing.
An entry on the wrong partner's record is voided there, in words that say no more, and recorded anew on the right one;
that the two belong together stands on a governance record, which is in neither partner's copy.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, StringConstraints

from ledger.events.base import NOTHING, Critical, Event, Reference, Signer
from ledger.events.fields import (
    Clinical,
    ClinicalA,
    ClinicalB,
    Identity,
    IdentityA,
    IdentityB,
    Open,
    Sensitive,
    SensitiveA,
    SensitiveB,
)
from ledger.events.measures import Part
from ledger.events.words import FreeText, Named, Several
from ledger.payload import HexHash, Word
from ledger.vocabulary import Meaning, Role, StreamKind

CORRECTORS: tuple[Role, ...] = (
    "nurse",
    "prescriber",
    "therapist",
    "medical-director",
    "security-officer",
    "registrar",
    "scheduler",
    "custodian",
    "pharmacist",
    "credentialing-officer",
    "compliance-officer",
    "privacy-officer",
    "records-officer",
    "driver",
)
"""Everybody on the staff may correct what they find wrong, and look at what somebody else corrected."""

CORRECTION: tuple[Signer, ...] = (
    Signer("corrected", roles=CORRECTORS),
    Signer("reviewed", roles=CORRECTORS, when="later"),
)
"""Who signs a correction: whoever makes it, and for critical fields a second person, without whom it does not count."""

ReasonCode: TypeAlias = Literal[
    "transcription", "wrong-person", "wrong-time", "wrong-product", "duplicate", "device-error", "other"
]
"""Why a field is corrected; `wrong-person`: a field that named the wrong one."""

Verdict: TypeAlias = Literal["confirms", "disputes"]


def _names_nobody(value: Any) -> Any:  # noqa: ANN401  # whatever a field holds
    if re.search("person/", str(value), re.IGNORECASE):
        raise ValueError("names a person, which only an identity block may")
    return value


FieldPath = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}(?:\.(?:[a-z][a-z0-9_]{0,63}|0|[1-9][0-9]?)){0,4}$"),
    Named("a field, a member of it, or `occurred`"),
]
"""`mass`, `blood_pressure.systolic`, `identifiers.0`; `occurred.at` is when it happened."""
OpenValue = Annotated[Any, AfterValidator(_names_nobody), Named("a value as that field holds it")]
SealedValue = Annotated[Any, Named("a value as that field holds it")]


class OpenChange(Part):
    """One field that stands open: what stood there, and what should have stood there."""

    field: FieldPath
    now: OpenValue
    was: OpenValue


class SealedChange(Part):
    """One sealed field, in the block of its slot and class."""

    field: FieldPath
    now: SealedValue
    was: SealedValue


class CountersignatureGiven(Event):
    """
    A second person looked at an entry, and confirms or disputes it.

    `gives` is the signature they add to it, such as *witnessed*; the last word of each person counts.
    """

    STREAM: ClassVar[StreamKind] = "any"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("countersigned", roles=CORRECTORS),)
    CRITICAL: ClassVar[Critical] = NOTHING
    AUTHORISES: ClassVar[bool] = True

    type: Literal["countersignature-given/1"] = "countersignature-given/1"
    gives: Open[Meaning]
    target: Open[Reference]
    verdict: Open[Verdict]
    reason: Sensitive[FreeText | None]
    reason_a: SensitiveA[FreeText | None]
    reason_b: SensitiveB[FreeText | None]


class EntryCorrected(Event):
    """
    Fields of an entry were wrong, and this is what they should have said.

    `changes` are those that stand open, the others are sealed like the fields they correct.
    """

    STREAM: ClassVar[StreamKind] = "any"
    SIGNERS: ClassVar[tuple[Signer, ...]] = CORRECTION
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["entry-corrected/1"] = "entry-corrected/1"
    changes: Open[Several[OpenChange]]
    reason: Open[ReasonCode]
    target: Open[Reference]
    clinical: Clinical[Several[SealedChange] | None]
    clinical_a: ClinicalA[Several[SealedChange] | None]
    clinical_b: ClinicalB[Several[SealedChange] | None]
    identity: Identity[Several[SealedChange] | None]
    identity_a: IdentityA[Several[SealedChange] | None]
    identity_b: IdentityB[Several[SealedChange] | None]
    note: Sensitive[FreeText | None]
    note_a: SensitiveA[FreeText | None]
    note_b: SensitiveB[FreeText | None]
    sensitive: Sensitive[Several[SealedChange] | None]
    sensitive_a: SensitiveA[Several[SealedChange] | None]
    sensitive_b: SensitiveB[Several[SealedChange] | None]


class EntryVoided(Event):
    """
    An entry was made in error: from now on it does not count, and stays to be seen.

    Voiding a correction brings back what it changed.
    """

    STREAM: ClassVar[StreamKind] = "any"
    SIGNERS: ClassVar[tuple[Signer, ...]] = CORRECTION
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["entry-voided/1"] = "entry-voided/1"
    reason: Open[Literal["entered-in-error", "duplicate", "device-error", "other"]]
    target: Open[Reference]
    note: Sensitive[FreeText | None]
    note_a: SensitiveA[FreeText | None]
    note_b: SensitiveB[FreeText | None]


class EntryReattributed(Event):
    """
    An entry stood on the wrong partner's record: `voided` voids it there, `created` says it on the right one.

    It stands on the governance record with the session's own number; one second person confirms both halves.
    Until then the first entry counts and the new one does not.
    """

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = CORRECTION
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["entry-reattributed/1"] = "entry-reattributed/1"
    created: Open[Reference]
    voided: Open[Reference]


class AddendumAppended(Event):
    """Something is added to an entry and changes nothing in it; `code` where the record is nobody's."""

    STREAM: ClassVar[StreamKind] = "any"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=CORRECTORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["addendum-appended/1"] = "addendum-appended/1"
    code: Open[Word | None]
    target: Open[Reference]
    note: Sensitive[FreeText | None]
    note_a: SensitiveA[FreeText | None]
    note_b: SensitiveB[FreeText | None]


class LateEntryDeclared(Event):
    """
    An entry was written down late: what it was taken from, and the hash of a picture of that.

    The entry stays what it is, and its lateness shows with or without this; a reason in words is the record's own.
    """

    STREAM: ClassVar[StreamKind] = "any"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("performed", roles=CORRECTORS),
        Signer("reviewed", roles=CORRECTORS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["late-entry-declared/1"] = "late-entry-declared/1"
    document: Open[HexHash | None]
    source: Open[Literal["paper-sheet", "device-memory", "recollection", "other"]]
    target: Open[Reference]
    note: Sensitive[FreeText | None]
    note_a: SensitiveA[FreeText | None]
    note_b: SensitiveB[FreeText | None]

    def asks(self, signer: Signer) -> bool | None:  # noqa: ARG002  # there is one that may come later
        """Only for an entry more than a day late is a reviewer asked for, and how late it was a rule says."""
        return False


Change: TypeAlias = EntryCorrected | EntryVoided
"""What changes how an entry counts, from its second signature on where that is asked for."""

About: TypeAlias = CountersignatureGiven | EntryCorrected | EntryVoided | AddendumAppended
"""What is said about one other entry of the same record."""


CorrectionEvent: TypeAlias = About | EntryReattributed | LateEntryDeclared
"""All that is said of entries that stand."""
