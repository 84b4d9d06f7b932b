"""
What doses took out of a container that is still kept, when the sessions they were given in no longer are.

It stands on the container's own record, in front of the end of retention and signed by the same two people, and ends
with that record. So the balance of a container stays what it was: mass is conserved whatever ends.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, Strict

from ledger.events.base import NOTHING, Critical, Event, SessionId, Signer, StockId
from ledger.events.erasure import SECONDS
from ledger.events.fields import Open
from ledger.events.keys import Position
from ledger.events.measures import MilligramsOrNone, Part
from ledger.events.words import Code, Moment
from ledger.payload import HexHash
from ledger.vocabulary import Slot, StreamKind

MOST_AMOUNTS = 24
"""Doses that certainly fit into one event."""


class KeptAmount(Part):
    """
    One dose as it counted: where its entry stands and which it was, when it was given and how much left the container.

    `taken` is what of it went in, less than `mg` where it was taken in part; `label` is of what was drawn up.
    """

    at: Moment
    dig: HexHash
    label: Code | None
    mg: MilligramsOrNone
    position: Position
    slot: Slot
    taken: MilligramsOrNone


class AmountsKept(Event):
    """What the doses of one session took out of this container; their entries are no longer kept."""

    STREAM: ClassVar[StreamKind] = "stock"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("authorised", roles=("privacy-officer",)),
        Signer("approved", roles=SECONDS),
    )
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["amounts-kept/1"] = "amounts-kept/1"
    amounts: Open[Annotated[tuple[KeptAmount, ...], Strict(strict=False), Field(max_length=MOST_AMOUNTS)]]
    session: Open[SessionId]


class DoseKept(Event):
    """
    One such dose, at its own place and time: what a balance is worked out from where its entry stood.

    Like `NoLongerKept` it is no type of event: a reader makes it of an `amounts-kept`, nobody signs or stores it.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = ()
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["dose-kept"] = "dose-kept"
    container: Open[StockId]
    label: Open[Code | None]
    mg: Open[MilligramsOrNone]
    taken: Open[MilligramsOrNone]


KeptAmountsEvent: TypeAlias = AmountsKept
"""What is left of doses in the record of their container."""
