"""
What the rules last said, kept before the values go on which it rests: nobody can judge them again.

It is recorded with an erasure or an end of retention, signed by the same two people, and in front of it.
It holds positions, times and verdicts, and neither a value nor a sentence.
Source: the exact rules, section 0, item 15.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, Strict, StringConstraints

from ledger.events.base import NOTHING, Critical, Event, SessionId, Signer, StaffId
from ledger.events.erasure import SECONDS
from ledger.events.fields import Open
from ledger.events.keys import Position
from ledger.events.measures import Part
from ledger.events.words import Code, Moment, Named, PlainLine, Several
from ledger.vocabulary import CredentialType, Slot, StreamKind

MOST_VERDICTS = 24
"""Verdicts that certainly fit into one event."""

MOST_EVIDENCE = 24
"""Positions of one verdict that are kept; of more, the first."""

_Positions = Annotated[tuple[Position, ...], Strict(strict=False), Field(max_length=MOST_EVIDENCE)]


RecordName = Annotated[
    str,
    StringConstraints(
        pattern=r"^((access|couple|device|governance|location|protocol|staff|stock)/[0-9a-f-]{36}|[0-9a-f]{64})$"
    ),
    Named("record, or tag of a person's"),
]
"""A record by its name, and a person's by its tag."""


class KeptVerdict(Part):
    """
    One verdict: which rule in which version, about whom, when and on which evidence.

    `slot` is null for one about the session; `anchor` is what the rule tells its occasions apart by, behind a `=` so
    that it refers to nothing, null for one occasion only.
    A rule that had nothing to say is kept as `not-applicable` without evidence.
    """

    anchor: PlainLine | None
    credential: CredentialType | None
    declared_by: Position | None
    due: Moment | None
    evidence: _Positions
    limit: Moment | None
    made_at: Moment | None
    protocol: Position | None
    rule: Code
    severity: Literal["C", "M", "m", "i"]
    slot: Slot | None
    staff: StaffId | None
    verdict: Literal["met", "breached", "pending", "not-applicable", "cannot-judge"]
    version: Code


class VerdictsKept(Event):
    """Verdicts on one session as they were on the day, before what they rest on was destroyed."""

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("authorised", roles=("privacy-officer",)),
        Signer("approved", roles=SECONDS),
    )
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["verdicts-kept/1"] = "verdicts-kept/1"
    session: Open[SessionId]
    verdicts: Open[Several[KeptVerdict]]


class RecordVerdictsKept(Event):
    """
    Verdicts on a record beside the sessions as they were on the day, before what they rest on was destroyed.

    A container, a place or another record stands with its name; a person's by the opaque tag that its entries have,
    since no open part names a person.
    """

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = VerdictsKept.SIGNERS
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["record-verdicts-kept/1"] = "record-verdicts-kept/1"
    record: Open[RecordName]
    verdicts: Open[Several[KeptVerdict]]


KeptVerdictsEvent: TypeAlias = VerdictsKept | RecordVerdictsKept
"""What was last judged."""
