"""
Emergencies: what was done for one partner, who was called, and how they left for hospital or against advice.

Each stands on the record of the partner it was done for; the other's copy does not say that it happened.
A controlled drug is named by its container, in the open, because a substance audit asks for it.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator

from ledger.events.arrival import Escort
from ledger.events.base import MONITORS, NOTHING, Critical, Event, Measured, Reference, Signer, StaffId, StockId
from ledger.events.fields import Clinical, Identity, Open, Sensitive
from ledger.events.measures import (
    Confirmation,
    DecimalText,
    Mass,
    Moaas,
    Orientation,
    Plausible,
    Possible,
    Units,
    Volume,
)
from ledger.events.words import Code, FreeText, Line, Moment, Named, Several
from ledger.payload import Word
from ledger.vocabulary import DestinationClass, StreamKind, TravelMode

OxygenFlow = Annotated[
    DecimalText,
    AfterValidator(Possible("0", "60", 1)),
    Plausible.between("0", "15"),
    Named("oxygen flow", "L/min"),
]


class InterventionPerformed(Measured):
    """
    Something was done for one partner, and what it did.

    `medicine`, `dose` and `medicine_route` say what was given; `container` and `mass` are set for a controlled drug.
    `order` is the order or the word of mouth it was given under, null when there was none.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = frozenset({"mass", "units", "volume"})

    type: Literal["intervention-performed/1"] = "intervention-performed/1"
    container: Open[StockId | None]
    mass: Open[Mass | None]
    order: Open[Reference | None]
    units: Open[Units | None]
    volume: Open[Volume | None]
    confirmed: Clinical[Confirmation | None]
    dose: Clinical[Code | None]
    kind: Clinical[
        Literal[
            "reassurance",
            "positioning",
            "airway-manoeuvre",
            "oxygen",
            "suction",
            "bag-valve-mask",
            "cpr",
            "aed",
            "iv-access",
            "iv-fluids",
            "antiemetic",
            "antihypertensive",
            "benzodiazepine",
            "other-medicine",
            "other",
        ]
    ]
    medicine: Clinical[Code | None]
    medicine_route: Clinical[Word | None]
    oxygen_flow: Clinical[OxygenFlow | None]
    response: Clinical[Literal["improved", "unchanged", "worse", "too-early"] | None]


class EmergencyServicesCalled(Event):
    """Somebody called for help from outside for one partner; the event happened when the call was made."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["emergency-services-called/1"] = "emergency-services-called/1"
    expected_at: Clinical[Moment | None]
    reason: Sensitive[Several[Word]]
    service: Clinical[Literal["ambulance", "police", "fire", "crisis-team"]]


class EmergencyServicesArrived(Event):
    """Those who were called are there; `unit` is how they name themselves."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("observed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["emergency-services-arrived/1"] = "emergency-services-arrived/1"
    called: Open[Reference | None]
    unit: Clinical[Code | None]


class ParticipantTransferred(Event):
    """
    One partner left for a hospital in others' care; the event happened when they departed.

    `called_at` and `arrived_at` are of those who took them. `documents` is what went along.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("relinquished", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = frozenset({"occurred"})

    type: Literal["participant-transferred/1"] = "participant-transferred/1"
    arrived_at: Clinical[Moment | None]
    called_at: Clinical[Moment | None]
    condition: Clinical[Literal["stable", "guarded", "critical", "unresponsive"]]
    documents: Clinical[Several[Word]]
    facility: Clinical[Code | None]
    unit: Clinical[Code | None]
    reason: Sensitive[Several[Word]]
    accepted_by: Identity[Line | None]


class LeftAgainstAdvice(Event):
    """
    One partner left although somebody answerable told them not to, and how they were when they went.

    `capacity` is the signer's opinion whether they could decide for themselves.
    `informed_at` is when `prescriber` was told, null when nobody was.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("observed", roles=MONITORS),
        Signer("acknowledged", roles=("prescriber",), when="later"),
    )
    CRITICAL: ClassVar[Critical] = frozenset({"occurred"})

    type: Literal["left-against-advice/1"] = "left-against-advice/1"
    informed_at: Open[Moment | None]
    prescriber: Open[StaffId | None]
    destination: Clinical[DestinationClass | None]
    gait_steady: Clinical[bool | None]
    moaas: Clinical[Moaas | None]
    mode: Clinical[TravelMode | None]
    orientation: Clinical[Orientation | None]
    attempts: Sensitive[Several[Word]]
    capacity: Sensitive[Literal["has-capacity", "lacks-capacity", "unsure", "not-assessed"]]
    emergency_services_called: Sensitive[bool]
    keys_secured: Sensitive[bool | None]
    note: Sensitive[FreeText | None]
    refusal_signed: Sensitive[bool]
    escort: Identity[Escort | None]

    def asks(self, signer: Signer) -> bool | None:
        """A prescriber signs that they were told, where one is named."""
        return super().asks(signer) and self.prescriber is not None

    def whose(self, signer: Signer) -> str | None:
        """The prescriber who was told."""
        return self.prescriber if signer.meaning == "acknowledged" else None


EmergencyEvent: TypeAlias = (
    InterventionPerformed
    | EmergencyServicesCalled
    | EmergencyServicesArrived
    | ParticipantTransferred
    | LeftAgainstAdvice
)
"""What was done in need, and how it ended."""
