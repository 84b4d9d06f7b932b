"""
Inventory: the clinic's own containers, from the supplier to the session and back, and how they are counted.

Everything is open: a container belongs to nobody whose privacy it could touch, and a substance audit reads it all.
Amounts are what was there; what should have been there a balance works out, so a count can be made blind.
A container has one record; a count is of a place, and so stands on the place's record.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from ledger.events.base import GIVERS, Critical, Event, LocationId, SessionId, Signer, StaffId, StockId
from ledger.events.fields import Open
from ledger.events.measures import Amount, Concentration, Mass, Part, Units, Volume
from ledger.events.stock import CUSTODIANS
from ledger.events.words import Code, LocalDate, Moment, Named, PlainLine, Several
from ledger.vocabulary import DoseForm, Drug, Role, StreamKind

HANDLERS: tuple[Role, ...] = (*GIVERS, "custodian", "pharmacist")
"""Who has a clinic's drugs in their hands."""

SECONDS: tuple[Role, ...] = (*HANDLERS, "therapist", "compliance-officer", "medical-director")
"""Who may sign as the second person; whether the right one did is judged, not refused."""


Ordinal = Annotated[int, Field(ge=1, le=1000), Named("which of several, from 1")]


class StockReceived(Event):
    """
    A container came from a supplier: from now on it has a record of its own, with all that is in it.

    `strength` is what one unit contains, `concentration` what one mL does; `amount` is all of it.
    `invoiced` is what the invoice says, if that is another amount. `drug` is null for other medicines.
    """

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("received", roles=CUSTODIANS),
        Signer("witnessed", roles=SECONDS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"amount", "concentration", "lot", "strength", "units", "volume"})

    type: Literal["stock-received/1"] = "stock-received/1"
    amount: Open[Mass]
    code: Open[Code]
    concentration: Open[Concentration | None]
    drug: Open[Drug | None]
    expires: Open[LocalDate]
    form: Open[DoseForm]
    invoice: Open[Code]
    invoice_date: Open[LocalDate]
    invoiced: Open[Mass | None]
    location: Open[LocationId]
    lot: Open[Code]
    ndc: Open[Code | None]
    product: Open[Code]
    strength: Open[Mass | None]
    supplier: Open[PlainLine]
    supplier_address: Open[PlainLine]
    supplier_dea: Open[Code]
    units: Open[Units | None]
    volume: Open[Volume | None]


class CountedContainer(Part):
    """
    What was found of one container; `expected` is what the counters were shown, null for a blind count.

    `weighed` is whether it was put on a scale, else it was looked at or counted.
    """

    amount: Amount
    container: StockId
    expected: Amount | None
    units: Units | None
    volume: Volume | None
    weighed: bool


class InventoryCounted(Event):
    """
    Two people counted what a place holds; an empty list says that it holds nothing.

    More than 32 containers go into several entries, `part` of `parts`.
    """

    STREAM: ClassVar[StreamKind] = "location"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("performed", roles=HANDLERS),
        Signer("verified", roles=SECONDS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"containers", "occurred"})

    type: Literal["inventory-counted/1"] = "inventory-counted/1"
    business: Open[Literal["open", "close"]]
    containers: Open[Several[CountedContainer]]
    kind: Open[Literal["initial", "biennial", "shift", "retreat-open", "retreat-close", "spot", "after-discrepancy"]]
    part: Open[Ordinal]
    parts: Open[Ordinal]


class ContainerOpened(Event):
    """A container was opened for the first time; `use_by` is the day its content may last be used, if it was set."""

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=HANDLERS),)
    CRITICAL: ClassVar[Critical] = frozenset({"occurred", "use_by"})

    type: Literal["container-opened/1"] = "container-opened/1"
    seal: Open[Code | None]
    use_by: Open[LocalDate | None]


class UseByAssigned(Event):
    """The day on which an opened container's content may last be used (its beyond-use date), and what it rests on."""

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=HANDLERS),)
    CRITICAL: ClassVar[Critical] = frozenset({"use_by"})

    type: Literal["use-by-assigned/1"] = "use-by-assigned/1"
    basis: Open[Code]
    use_by: Open[LocalDate]


class _HandedOver(Event):
    """A container, or some of it, changed hands: how much, under which seals."""

    amount: Open[Amount]
    seals: Open[Several[Code]]
    units: Open[Units | None]
    volume: Open[Volume | None]


class StockDispensedToSession(_HandedOver):
    """A custodian gave a container out for a session, to the member of staff who signs for it."""

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("relinquished", roles=CUSTODIANS),
        Signer("received", roles=HANDLERS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"amount", "session", "units", "volume"})

    type: Literal["stock-dispensed-to-session/1"] = "stock-dispensed-to-session/1"
    session: Open[SessionId]
    to: Open[StaffId]

    def whose(self, signer: Signer) -> str | None:
        """Who got it signs for it."""
        return self.to if signer.meaning == "received" else None


class StockReturnedFromSession(_HandedOver):
    """What was left of a container came back from a session to the custodian."""

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("relinquished", roles=HANDLERS),
        Signer("received", roles=CUSTODIANS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"amount", "session", "units", "volume"})

    type: Literal["stock-returned-from-session/1"] = "stock-returned-from-session/1"
    session: Open[SessionId]
    to: Open[StaffId]

    def whose(self, signer: Signer) -> str | None:
        """Who got it signs for it."""
        return self.to if signer.meaning == "received" else None


class CustodyTransferred(_HandedOver):
    """
    A container went from one registered place to another, such as from the clinic to a retreat.

    `arrived_at` is null while it is under way; `departed_at` is when it left.
    """

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("relinquished", roles=CUSTODIANS),
        Signer("received", roles=(*HANDLERS, "driver"), when="later"),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"amount", "from_location", "to_location", "units", "volume"})
    AUTHORISES: ClassVar[bool] = True

    type: Literal["custody-transferred/1"] = "custody-transferred/1"
    arrived_at: Open[Moment | None]
    carrier: Open[PlainLine | None]
    departed_at: Open[Moment]
    from_dea: Open[Code | None]
    from_location: Open[LocationId]
    to_dea: Open[Code | None]
    to_location: Open[LocationId]


InventoryEvent: TypeAlias = (
    StockReceived
    | InventoryCounted
    | ContainerOpened
    | UseByAssigned
    | StockDispensedToSession
    | StockReturnedFromSession
    | CustodyTransferred
)
"""A clinic's container, and the counts of a place."""
