"""
Orders: what becomes of a prescriber's order after it was signed.

An amended order is a whole new one: whoever reads it needs nothing of the old one, which ends with it.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from pydantic import ValidationInfo, field_validator

from ledger.events.base import NOTHING, Critical, Event, Reference, Signer
from ledger.events.eligibility import MedicineAsNeeded
from ledger.events.fields import Clinical, Open, Sensitive
from ledger.events.measures import Count, Mass, Minutes, possible_dose
from ledger.events.parameters import PressureLimit
from ledger.events.words import LocalDate, Several
from ledger.payload import Word
from ledger.vocabulary import DoseForm, Drug, Route, StreamKind


class OrderAmended(Event):
    """
    A prescriber replaces an order by this one, from now on; `order` is the one it replaces.

    Amounts and dates mean what they mean in `order-signed`. A dose already authorised stays authorised.
    """

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("authorised", roles=("prescriber",)),)
    CRITICAL: ClassVar[Critical] = frozenset({"dose_max", "dose_min", "max_session", "order"})

    type: Literal["order-amended/1"] = "order-amended/1"
    route: Open[Route]
    dose_max: Open[Mass]
    dose_min: Open[Mass]
    drug: Open[Drug]
    form: Open[DoseForm]
    max_redoses: Open[Count]
    max_session: Open[Mass | None]
    order: Open[Reference]
    redose_after_min: Open[Minutes | None]
    valid_from: Open[LocalDate]
    valid_to: Open[LocalDate]
    as_needed: Clinical[Several[MedicineAsNeeded]]
    conditions: Clinical[Several[Word]]
    hold_above: Clinical[PressureLimit | None]
    rescue: Clinical[Several[Word]]
    reason: Sensitive[Word | None]

    @field_validator("dose_max", "dose_min")
    @classmethod
    def _possible_for_route(cls, mass: Mass, info: ValidationInfo) -> Mass:
        return possible_dose(mass, info.data.get("route"))


class OrderDiscontinued(Event):
    """A prescriber ends an order: nothing may be given under it from now on."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("authorised", roles=("prescriber",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["order-discontinued/1"] = "order-discontinued/1"
    order: Open[Reference]
    reason: Sensitive[Word | None]


OrderEvent: TypeAlias = OrderAmended | OrderDiscontinued
"""What becomes of an order."""
