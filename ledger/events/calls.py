"""
Calls: the prescriber is told, answers, comes or leaves, and orders by word of mouth.

Who was called about a partner stands on that partner's record, with the times; whether a prescriber is on the site
is a joint fact. A dose ordered by word is open like any order, because a substance audit asks for it.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from pydantic import ValidationInfo, field_validator

from ledger.events.base import MONITORS, NOTHING, Critical, Event, Reference, Signer, StaffId
from ledger.events.eligibility import MedicineAsNeeded
from ledger.events.fields import Clinical, Open, Sensitive
from ledger.events.measures import Mass, possible_dose
from ledger.events.words import FreeText, Moment, Several
from ledger.payload import Word
from ledger.vocabulary import Presence, Role, Route, StreamKind

_DOCTOR: tuple[Role, ...] = ("prescriber",)


class PrescriberNotified(Event):
    """
    A prescriber was called about one partner; the event happened when the call was made.

    `answered_at` is null while nobody answered. `about` is the entry that was the reason, such as a reading.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = frozenset({"answered_at", "occurred"})

    type: Literal["prescriber-notified/1"] = "prescriber-notified/1"
    about: Open[Reference | None]
    answered_at: Open[Moment | None]
    prescriber: Open[StaffId]
    channel: Clinical[Literal["in-person", "phone", "video", "message"]]
    situation: Sensitive[Several[Word]]


class PrescriberArrived(Event):
    """The prescriber who was called about one partner is with them."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("observed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["prescriber-arrived/1"] = "prescriber-arrived/1"
    called: Open[Reference | None]
    prescriber: Open[StaffId]


class PrescriberPresenceChanged(Event):
    """From now on the prescriber is on the site, only to be reached, or neither: `presence` is null."""

    STREAM: ClassVar[StreamKind] = "session"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["prescriber-presence-changed/1"] = "prescriber-presence-changed/1"
    prescriber: Open[StaffId]
    presence: Open[Presence | None]


class VerbalOrderReceived(Event):
    """
    A monitor took an order by word of mouth: a dose of up to `dose_max`, another medicine, or an instruction.

    The prescriber's own signature comes later, as `verbal-order-cosigned`.
    `read_back` is whether it was repeated to the prescriber and heard to be right.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("received", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = frozenset({"dose_max"})

    type: Literal["verbal-order-received/1"] = "verbal-order-received/1"
    route: Open[Route | None]
    dose_max: Open[Mass | None]
    prescriber: Open[StaffId]
    read_back: Open[bool]
    instruction: Sensitive[FreeText | None]
    medicine: Clinical[MedicineAsNeeded | None]

    @field_validator("dose_max")
    @classmethod
    def _possible_for_route(cls, mass: Mass | None, info: ValidationInfo) -> Mass | None:
        return None if mass is None else possible_dose(mass, info.data.get("route"))


class VerbalOrderCosigned(Event):
    """The prescriber signs an order they had given by word, and says whether it was written down as they said it."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("authorised", roles=_DOCTOR),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["verbal-order-cosigned/1"] = "verbal-order-cosigned/1"
    as_said: Open[bool]
    order: Open[Reference]
    difference: Sensitive[FreeText | None]


CallEvent: TypeAlias = (
    PrescriberNotified | PrescriberArrived | PrescriberPresenceChanged | VerbalOrderReceived | VerbalOrderCosigned
)
"""Calls to a prescriber and what came of them."""
