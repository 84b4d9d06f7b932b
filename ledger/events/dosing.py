"""
Dosing: from the decision to give a dose to the dose itself, or to the word "no".

A dose out of protocol is recorded like any other: the record says what happened, rules judge it.
Use of a patient's own medication is derived from `DoseAdministered`; preparing moves nothing.
Which drug it is and how strong, the container says, which every dose names.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal, TypeAlias

from pydantic import ValidationInfo, field_validator

from ledger.events.base import (
    GIVERS,
    MONITORS,
    NOTHING,
    THEMSELVES,
    Critical,
    Event,
    Implausible,
    Measured,
    Reference,
    Signer,
    StockId,
)
from ledger.events.fields import Clinical, Gone, Open, Sensitive
from ledger.events.measures import (
    DOSE_RANGES,
    Concentration,
    Confirmation,
    Count,
    HoldMinutes,
    Mass,
    Units,
    Volume,
    Weight,
    possible_dose,
)
from ledger.events.words import Code, FreeText, LocalDate, Moment, Several
from ledger.vocabulary import Identifier, ParticipantRole, Route, StreamKind

VIAL_STRENGTHS = (Decimal(10), Decimal(50), Decimal(100))
"""mg/mL of the vials on the market; any other is implausible [D]."""

NASAL_STRENGTH = Decimal(200)
"""mg/mL above which what was not drawn from a vial is implausible [D]."""


class DoseAuthorised(Event):
    """A prescriber, or a nurse under an order, permits one dose of up to `mass` within a time window."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("authorised", roles=GIVERS),)
    CRITICAL: ClassVar[Critical] = frozenset({"mass"})
    AUTHORISES: ClassVar[bool] = True

    type: Literal["dose-authorised/1"] = "dose-authorised/1"
    route: Open[Route]
    mass: Open[Mass]
    order: Open[Reference]
    valid_from: Open[Moment]
    valid_to: Open[Moment]

    @field_validator("mass")
    @classmethod
    def _possible_for_route(cls, mass: Mass, info: ValidationInfo) -> Mass:
        return possible_dose(mass, info.data.get("route"))


class DosePrepared(Measured):
    """
    What was taken out for one dose: `units` of lozenges or sprays, or a `volume` drawn up.

    `label` names the prepared dose, `count_checked` says that the units taken out were counted.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("performed", roles=(*GIVERS, "pharmacist")),
        Signer("verified", roles=(*MONITORS, "pharmacist"), when="later"),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"mass", "units", "volume"})

    type: Literal["dose-prepared/1"] = "dose-prepared/1"
    concentration: Open[Concentration | None]
    container: Open[StockId]
    count_checked: Open[bool]
    drawn_from_vial: Open[bool]
    expires: Open[LocalDate | None]
    label: Open[Code]
    lot: Open[Code | None]
    mass: Open[Mass]
    units: Open[Units | None]
    volume: Open[Volume | None]
    confirmed: Clinical[Confirmation | None]

    def asks(self, signer: Signer) -> bool | None:
        """What was drawn is checked by a second person; units taken out are only counted."""
        return super().asks(signer) and self.drawn_from_vial

    def implausible(self) -> Iterator[Implausible]:
        """Also a concentration that no vial has."""
        yield from super().implausible()
        if self.concentration is None:
            return
        strength = Decimal(self.concentration)
        if self.drawn_from_vial and strength not in VIAL_STRENGTHS:
            usual = ", ".join(str(known) for known in VIAL_STRENGTHS)
            yield Implausible("concentration", f"{strength} mg/mL is none of {usual}")
        elif not self.drawn_from_vial and strength > NASAL_STRENGTH:
            yield Implausible("concentration", f"{strength} mg/mL is above {NASAL_STRENGTH}")


class DoseAdministered(Measured):
    """
    A dose entered one partner's body: the lozenge into the mouth, the needle, the first spray.

    `order` is null when there was none; `ordinal` is 1 for the first dose of the session, 2 for a redose.
    Only an infusion has a second time, `stopped_at`.
    A self-administered dose is signed by who handed it over, and observed.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("performed", roles=GIVERS),
        Signer("observed", roles=GIVERS, when="later"),
        Signer("witnessed", roles=MONITORS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"mass", "occurred", "stopped_at", "units", "volume"})

    type: Literal["dose-administered/1"] = "dose-administered/1"
    container: Open[StockId]
    label: Open[Code | None]
    route: Open[Route]
    mass: Open[Mass]
    order: Open[Reference | None]
    ordinal: Open[Count]
    stopped_at: Open[Moment | None]
    units: Open[Units | None]
    volume: Open[Volume | None]
    confirmed: Clinical[Confirmation | None]
    hold_min: Clinical[HoldMinutes | None]
    identifiers: Clinical[Several[Identifier]]
    self_administered: Clinical[bool]
    site: Clinical[
        Literal[
            "mouth",
            "left-deltoid",
            "right-deltoid",
            "left-thigh",
            "right-thigh",
            "left-gluteal",
            "right-gluteal",
            "left-arm-vein",
            "right-arm-vein",
            "left-nostril",
            "right-nostril",
            "both-nostrils",
        ]
        | None
    ]
    swallowed: Clinical[bool | None]
    weight: Clinical[Weight | None]
    weight_source: Clinical[Literal["measured", "evaluation", "stated"] | None]

    @field_validator("mass")
    @classmethod
    def _possible_for_route(cls, mass: Mass, info: ValidationInfo) -> Mass:
        return possible_dose(mass, info.data.get("route"))

    def asks(self, signer: Signer) -> bool | None:
        """Only a dose that somebody takes themselves has to be observed; a witness is welcome and not asked for."""
        if signer.meaning != "observed":
            return False
        return None if isinstance(self.self_administered, Gone) else self.self_administered

    def implausible(self) -> Iterator[Implausible]:
        """Also a mass that is unusual for its route."""
        yield from super().implausible()
        usual = DOSE_RANGES[self.route]
        if not usual.low <= self.mass.mg <= usual.high:
            message = f"{self.mass.value} mg {self.route} is outside {usual.low} to {usual.high}"
            yield Implausible("mass", message)


class DoseOffered(Event):
    """A dose was offered; what the partner answered is recorded by what follows."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

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
        Signer("declined", by="subject", roles=THEMSELVES),
        Signer("observed", roles=MONITORS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["dose-declined/1"] = "dose-declined/1"
    note: Sensitive[FreeText | None]
    pressure_concern: Sensitive[bool]
    private: Sensitive[bool]
    reason_class: Sensitive[Literal["withheld", "unwell", "enough", "changed-mind", "other"]]
    role_after: Sensitive[ParticipantRole]
    stage: Sensitive[Literal["first", "redose"]]


DosingEvent: TypeAlias = DoseAuthorised | DosePrepared | DoseAdministered | DoseOffered | DoseDeclined
"""A dose, or the word no."""
