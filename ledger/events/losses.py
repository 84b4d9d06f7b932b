"""
Losses: drug that was wasted, destroyed, sent back or is missing, and what was done about it.

Everything is open, so no entry says why a person did not get a dose: a dose drawn and not given is *not given*,
and who declined stands on their own record alone.
Amounts are in mg, exact; a discrepancy is what was counted less what was expected.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.base import NOTHING, Critical, Event, Reference, SessionId, Signer
from ledger.events.fields import Open
from ledger.events.inventory import HANDLERS, SECONDS
from ledger.events.measures import Amount, Difference, Mass, Units, Volume
from ledger.events.stock import CUSTODIANS
from ledger.events.words import Code, LocalDate, Moment, PlainLine
from ledger.payload import HexHash, Word
from ledger.vocabulary import Role, StreamKind

RESPONSIBLE: tuple[Role, ...] = ("custodian", "compliance-officer")
"""Who answers for a clinic's stock."""

Suspicion: TypeAlias = Literal["unknown", "error", "overfill", "theft", "significant-loss"]
"""What a discrepancy is taken for."""


WasteMethod: TypeAlias = Literal["sequestration-pouch", "denatured", "sewer", "other"]

WasteReason: TypeAlias = Literal[
    "partial-dose", "contaminated", "not-given", "expired-syringe", "hub-loss", "broken", "expired", "other"
]


class WastageRecorded(Event):
    """
    Drug was made unusable in front of a witness, who signs too, at once or soon after.

    `label` names the prepared dose it is left over from, `session` where it happened.
    """

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("performed", roles=HANDLERS),
        Signer("witnessed", roles=SECONDS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"mass", "occurred", "units", "volume"})

    type: Literal["wastage-recorded/1"] = "wastage-recorded/1"
    label: Open[Code | None]
    mass: Open[Mass]
    method: Open[WasteMethod]
    reason: Open[WasteReason]
    session: Open[SessionId | None]
    units: Open[Units | None]
    volume: Open[Volume | None]


class WastageRecorded2(Event):
    """
    As `wastage-recorded/1`, and `dose` may name the entry of the dose it is left over from, given whole or in part.

    Where it names none and has no label, it was taken from the container itself.
    """

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("performed", roles=HANDLERS),
        Signer("witnessed", roles=SECONDS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"dose", "mass", "occurred", "units", "volume"})

    type: Literal["wastage-recorded/2"] = "wastage-recorded/2"
    dose: Open[Reference | None]
    label: Open[Code | None]
    mass: Open[Mass]
    method: Open[WasteMethod]
    reason: Open[WasteReason]
    session: Open[SessionId | None]
    units: Open[Units | None]
    volume: Open[Volume | None]


WASTES = (WastageRecorded, WastageRecorded2)
"""Every version of the type by which waste is recorded."""


class DiscrepancyFound(Event):
    """
    A count and the balance of a container differ by more than `tolerance`.

    `difference` is counted less expected: below zero something is missing.
    """

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("observed", roles=RESPONSIBLE),)
    CRITICAL: ClassVar[Critical] = frozenset({"counted", "difference", "expected"})

    type: Literal["discrepancy-found/1"] = "discrepancy-found/1"
    count: Open[Reference | None]
    counted: Open[Amount]
    difference: Open[Difference]
    expected: Open[Amount]
    suspicion: Open[Suspicion]
    tolerance: Open[Amount]


class DiscrepancyInvestigated(Event):
    """A discrepancy was looked into: what it is taken for now. Deadlines of a theft run from this moment."""

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=RESPONSIBLE),)
    CRITICAL: ClassVar[Critical] = frozenset({"suspicion"})

    type: Literal["discrepancy-investigated/1"] = "discrepancy-investigated/1"
    cause: Open[Word | None]
    discrepancy: Open[Reference]
    suspicion: Open[Suspicion]


class DiscrepancyResolved(Event):
    """
    A discrepancy is closed, and how; `balance` is what the container holds from now on.

    A correction that explains it is named in `explained_by`.
    """

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("approved", roles=("compliance-officer",)),
        Signer("verified", roles=SECONDS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"balance"})

    type: Literal["discrepancy-resolved/1"] = "discrepancy-resolved/1"
    balance: Open[Amount]
    discrepancy: Open[Reference]
    explained_by: Open[Reference | None]
    outcome: Open[Literal["record-corrected", "written-off", "reported-as-loss", "within-tolerance"]]


class LossReportedToDea(Event):
    """The authority was told of a theft or a significant loss; `discovered_at` is when it was found to be one."""

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=("compliance-officer",)),)
    CRITICAL: ClassVar[Critical] = frozenset({"discovered_at", "occurred"})

    type: Literal["loss-reported-to-dea/1"] = "loss-reported-to-dea/1"
    channel: Open[Literal["online", "phone", "mail", "fax", "in-person"]]
    discovered_at: Open[Moment]
    discrepancy: Open[Reference | None]
    mass: Open[Mass]
    reference: Open[Code | None]


class Form106Filed(Event):
    """The full report of a theft or loss (DEA Form 106) was handed in."""

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=("compliance-officer",)),)
    CRITICAL: ClassVar[Critical] = frozenset({"occurred"})

    type: Literal["form106-filed/1"] = "form106-filed/1"
    discrepancy: Open[Reference | None]
    document: Open[HexHash | None]
    mass: Open[Mass]
    reference: Open[Code | None]


class InventoryDestroyed(Event):
    """Two employees destroyed what a container held (DEA Form 41); afterwards there is nothing of it."""

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("performed", roles=HANDLERS),
        Signer("witnessed", roles=SECONDS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"amount", "units", "volume"})

    type: Literal["inventory-destroyed/1"] = "inventory-destroyed/1"
    amount: Open[Amount]
    document: Open[HexHash | None]
    form: Open[Code]
    method: Open[Word]
    units: Open[Units | None]
    volume: Open[Volume | None]


class ReturnedToReverseDistributor(Event):
    """A container was given to a registered distributor who destroys it, under a form of its own."""

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("relinquished", roles=CUSTODIANS),
        Signer("witnessed", roles=SECONDS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"amount", "units", "volume"})

    type: Literal["returned-to-reverse-distributor/1"] = "returned-to-reverse-distributor/1"
    amount: Open[Amount]
    distributor: Open[PlainLine]
    distributor_dea: Open[Code]
    form: Open[Code]
    units: Open[Units | None]
    volume: Open[Volume | None]


class RecallNoticeApplied(Event):
    """A recall covers this container's lot: from now on nothing of it should be given."""

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=RESPONSIBLE),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["recall-notice-applied/1"] = "recall-notice-applied/1"
    action: Open[Literal["set-apart", "returned", "destroyed", "none-left"]]
    issued: Open[LocalDate]
    lot: Open[Code]
    notice: Open[Code]
    source: Open[PlainLine]


LossEvent: TypeAlias = (
    WastageRecorded
    | WastageRecorded2
    | DiscrepancyFound
    | DiscrepancyInvestigated
    | DiscrepancyResolved
    | LossReportedToDea
    | Form106Filed
    | InventoryDestroyed
    | ReturnedToReverseDistributor
    | RecallNoticeApplied
)
"""What went another way than into somebody's body."""
