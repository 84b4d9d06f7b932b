"""
Adverse events: something went badly for one partner, how badly, and what became of it.

All of it is sensitive and stands on that partner's record, also long after the session was closed.
Severity is how strong it was (CTCAE grade 1 to 5), seriousness what it led to or could have led to: two questions.
What is not known yet is said to be pending; a later entry answers it and changes nothing that was signed.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from ledger.events.base import MONITORS, NOTHING, Critical, Event, Reference, Signer
from ledger.events.fields import Open, Sensitive
from ledger.events.words import Code, FreeText, LocalDate, Moment, Named, Several
from ledger.payload import Word
from ledger.vocabulary import Role, StreamKind

Grade = Annotated[int, Field(ge=1, le=5), Named("severity by CTCAE, 1 (mild) to 5 (death)", "{score}")]

Serious: TypeAlias = Literal["pending", "not-serious", "serious"]

Criterion: TypeAlias = Literal[
    "death", "life-threatening", "hospitalisation", "disability", "congenital-anomaly", "important-medical-event"
]
"""What makes an adverse event serious (21 CFR 312.32)."""

Relatedness: TypeAlias = Literal["pending", "unrelated", "unlikely", "possible", "probable", "related"]

AdverseOutcome: TypeAlias = Literal[
    "pending", "recovering", "recovered", "recovered-with-sequelae", "not-recovered", "fatal", "unknown"
]

DrugAction: TypeAlias = Literal["none", "dose-held", "dose-reduced", "stopped-for-today", "course-stopped"]


_REPORTERS: tuple[Role, ...] = (*MONITORS, "medical-director", "compliance-officer")


class AdverseEventRecorded(Event):
    """
    An adverse event of one partner, by its coded `term` and in words; it happened when it was noticed.

    `onset` is when it began. `criteria` are those that make it serious: empty while that is pending.
    `expected` is whether the label or protocol names it.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = frozenset({"criteria", "seriousness"})

    type: Literal["adverse-event-recorded/1"] = "adverse-event-recorded/1"
    action: Sensitive[DrugAction]
    aware_at: Sensitive[Moment | None]
    criteria: Sensitive[Several[Criterion]]
    expected: Sensitive[bool | None]
    onset: Sensitive[Moment | None]
    outcome: Sensitive[AdverseOutcome]
    plan: Sensitive[FreeText | None]
    relatedness: Sensitive[Relatedness]
    seriousness: Sensitive[Serious]
    severity: Sensitive[Grade | None]
    term: Sensitive[Code]
    text: Sensitive[FreeText | None]


class AdverseEventUpdated(Event):
    """What more is known of an adverse event: only what is not null is new."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["adverse-event-updated/1"] = "adverse-event-updated/1"
    adverse_event: Open[Reference]
    action: Sensitive[DrugAction | None]
    expected: Sensitive[bool | None]
    outcome: Sensitive[AdverseOutcome | None]
    plan: Sensitive[FreeText | None]
    relatedness: Sensitive[Relatedness | None]
    seriousness: Sensitive[Literal["not-serious"] | None]
    severity: Sensitive[Grade | None]


class AdverseEventResolved(Event):
    """An adverse event is over, on this day or at this time, and how it ended."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["adverse-event-resolved/1"] = "adverse-event-resolved/1"
    adverse_event: Open[Reference]
    outcome: Sensitive[Literal["recovered", "recovered-with-sequelae", "not-recovered", "fatal", "unknown"]]
    resolved_on: Sensitive[LocalDate | None]


class SeriousnessUpgraded(Event):
    """
    An adverse event turns out to be serious, by these criteria.

    `aware_at` is when the clinic learned of it: deadlines run from there; null means when this happened.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("reviewed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = frozenset({"aware_at", "criteria"})

    type: Literal["seriousness-upgraded/1"] = "seriousness-upgraded/1"
    adverse_event: Open[Reference]
    aware_at: Sensitive[Moment | None]
    basis: Sensitive[FreeText | None]
    criteria: Sensitive[Several[Criterion]]
    outcome: Sensitive[AdverseOutcome | None]
    relatedness: Sensitive[Relatedness | None]


class AdverseEventReported(Event):
    """A serious adverse event was reported outside; `reference` is the number the receiver gave, if any."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=_REPORTERS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["adverse-event-reported/1"] = "adverse-event-reported/1"
    adverse_event: Open[Reference]
    channel: Sensitive[Word | None]
    receiver: Sensitive[Literal["fda", "rems", "sponsor", "review-board", "state", "manufacturer", "other"]]
    reference: Sensitive[Code | None]


AdverseEvent: TypeAlias = (
    AdverseEventRecorded | AdverseEventUpdated | AdverseEventResolved | SeriousnessUpgraded | AdverseEventReported
)
"""What is said of one adverse event, from first notice to report."""
