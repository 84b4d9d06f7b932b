"""
Dosing: from the decision to give a dose to the dose itself, or to the word "no".

A dose out of protocol is recorded like any other: the record says what happened, rules judge it.
Use of a patient's own medication is derived from `DoseAdministered`; preparing moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import ValidationInfo, field_validator

from ledger.events.base import Event, Implausible, Measured, Reference, Signer, StockId
from ledger.events.fields import Clinical, Open, Sensitive
from ledger.events.measures import (
    DOSE_RANGES,
    Code,
    Confirmation,
    Count,
    DecimalText,
    FreeText,
    HoldMinutes,
    Mass,
    Several,
    Weight,
)
from ledger.payload import Instant
from ledger.vocabulary import Role, Route, StreamKind

GIVERS: tuple[Role, ...] = ("nurse", "prescriber")

Identifier = Literal["name", "birth-date", "photo", "wristband", "address", "phone"]


class DoseAuthorised(Event):
    """A prescriber, or a nurse under an order, permits one dose of up to `mass` within a time window."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("authorised", roles=GIVERS),)
    AUTHORISES: ClassVar[bool] = True

    type: Literal["dose-authorised/1"] = "dose-authorised/1"
    mass: Open[Mass]
    order: Open[Reference]
    route: Open[Route]
    valid_from: Open[Instant]
    valid_to: Open[Instant]


class DosePrepared(Event):
    """What was taken out for one dose; `units` counts lozenges or sprays, `label` names the prepared dose."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("performed", roles=GIVERS),
        Signer("verified", roles=(*GIVERS, "therapist"), when="later"),
    )

    type: Literal["dose-prepared/1"] = "dose-prepared/1"
    container: Open[StockId]
    count_checked: Open[bool]
    drawn_from_vial: Open[bool]
    label: Open[Code]
    lot: Open[Code | None]
    mass: Open[Mass]
    units: Open[DecimalText | None]


class DoseAdministered(Measured):
    """
    A dose entered one partner's body: the lozenge into the mouth, the needle, the first spray.

    `order` is null when there was none; `ordinal` is 1 for the first dose of the session, 2 for a redose.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("performed", roles=GIVERS),
        Signer("observed", roles=GIVERS, when="later"),
        Signer("witnessed", roles=(*GIVERS, "therapist"), when="later"),
    )

    type: Literal["dose-administered/1"] = "dose-administered/1"
    container: Open[StockId]
    label: Open[Code | None]
    mass: Open[Mass]
    order: Open[Reference | None]
    ordinal: Open[Count]
    route: Open[Route]
    confirmed: Clinical[Confirmation | None]
    hold_min: Clinical[HoldMinutes | None]
    identifiers: Clinical[Several[Identifier]]
    swallowed: Clinical[bool | None]
    weight: Clinical[Weight | None]

    @field_validator("route")
    @classmethod
    def _possible_for_route(cls, route: Route, info: ValidationInfo) -> Route:
        mass = info.data.get("mass")
        if isinstance(mass, Mass) and mass.mg > DOSE_RANGES[route].possible:
            raise ValueError(f"impossible: more than {DOSE_RANGES[route].possible} mg {route}")
        return route

    def implausible(self) -> Iterator[Implausible]:
        """Also a mass that is unusual for its route."""
        yield from super().implausible()
        usual = DOSE_RANGES[self.route]
        if not usual.low <= self.mass.mg <= usual.high:
            yield Implausible("mass", f"{self.mass.value} mg {self.route} is outside {usual.low} to {usual.high}")


class DoseOffered(Event):
    """A dose was offered; what the partner answered is recorded by what follows."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=(*GIVERS, "therapist")),)

    type: Literal["dose-offered/1"] = "dose-offered/1"
    private: Sensitive[bool]
    stage: Sensitive[Literal["first", "redose"]]


class DoseDeclined(Event):
    """
    A partner said no.

    Everything about it is sensitive: a reason or a suspicion of pressure must never reach the other partner.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("declined", by="subject", roles=("participant",)),
        Signer("observed", roles=(*GIVERS, "therapist"), when="later"),
    )

    type: Literal["dose-declined/1"] = "dose-declined/1"
    note: Sensitive[FreeText | None]
    pressure_concern: Sensitive[bool]
    private: Sensitive[bool]
    reason_class: Sensitive[Literal["withheld", "unwell", "enough", "changed-mind", "other"]]
    stage: Sensitive[Literal["first", "redose"]]
