"""
Eligibility: what one person went through before a session, always apart from the partner.

Evaluation, private safety screen, consent, order and preparation stand on the person's own record.
The order is open, because a substance audit asks for it; what was found out about the person is sealed.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, ValidationInfo, field_validator

from ledger.events.base import MONITORS, NOTHING, THEMSELVES, Critical, Event, Measured, Signer
from ledger.events.fields import Clinical, Open, Sensitive
from ledger.events.measures import (
    BloodPressure,
    Confirmation,
    Count,
    Height,
    Mass,
    Minutes,
    Part,
    Weight,
    possible_dose,
)
from ledger.events.parameters import PressureLimit
from ledger.events.words import Code, FreeText, LocalDate, Moment, Named, Several
from ledger.payload import HexHash, Word
from ledger.vocabulary import DoseForm, Drug, Route, StreamKind

Severity = Literal["minimal", "mild", "moderate", "moderately-severe", "severe"]
"""The class of a questionnaire's score, never its answers."""

AsaClass = Annotated[int, Field(ge=1, le=6), Named("ASA physical status class", "{score}")]

BodyArea = Literal["hand", "forearm", "upper-arm", "shoulder", "upper-back", "lower-back", "head", "foot"]


class Contraindication(Part):
    """One item of the checklist that is present; `relative` ones need a prescriber's decision."""

    kind: Literal[
        "hypersensitivity",
        "aneurysmal-disease",
        "uncontrolled-hypertension",
        "psychosis-or-mania",
        "pregnancy",
        "unstable-cardiac",
        "intoxication",
        "relative",
    ]
    resolved: bool


class PregnancyStatus(Part):
    """What was answered or tested."""

    basis: Literal["asked", "tested"]
    status: Literal["not-pregnant", "pregnant", "unknown", "declined"]


class EvaluationCompleted(Measured):
    """
    A prescriber evaluated one person, and says whether they may take part and until when.

    `contraindications` lists what is present: empty is a checklist without a mark, null is no checklist.
    `pregnancy` is null where it does not apply; `urinary_screened` is whether urinary symptoms were asked.
    """

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("approved", roles=("prescriber",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["evaluation-completed/1"] = "evaluation-completed/1"
    asa_class: Clinical[AsaClass | None]
    blood_pressure: Clinical[BloodPressure | None]
    confirmed: Clinical[Confirmation | None]
    height: Clinical[Height | None]
    lawful_basis: Clinical[Word | None]
    modality: Clinical[Literal["in-person", "telemedicine"]]
    outcome: Clinical[Literal["eligible", "eligible-with-conditions", "not-eligible", "deferred"]]
    pdmp_checked: Clinical[bool]
    pdmp_checked_at: Clinical[Moment | None]
    private: Clinical[bool]
    urinary_screened: Clinical[bool]
    valid_until: Clinical[LocalDate | None]
    weight: Clinical[Weight | None]
    allergies: Sensitive[Several[Code]]
    conditions: Sensitive[Several[Word]]
    contraindications: Sensitive[Several[Contraindication] | None]
    cssrs: Sensitive[Literal["negative", "low", "moderate", "high"] | None]
    gad7: Sensitive[Severity | None]
    indication: Sensitive[Code | None]
    medicines: Sensitive[Several[Code]]
    phq9: Sensitive[Severity | None]
    pregnancy: Sensitive[PregnancyStatus | None]


class PrivateSafetyScreenCompleted(Event):
    """One partner was asked about coercion and violence; only the class of the answer is kept, and a plan."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["private-safety-screen-completed/1"] = "private-safety-screen-completed/1"
    alone: Sensitive[bool]
    outcome: Sensitive[Literal["clear", "concern"]]
    plan: Sensitive[FreeText | None]


class ConsentScope(Part):
    """What exactly somebody consents to; nothing that is not named here."""

    data_sharing: bool
    joint: bool
    observers: bool
    off_label_ketamine: bool
    recording: bool
    routes: Several[Route]
    solo: bool
    touch: Several[BodyArea]


class ConsentSigned(Event):
    """
    One person consents, on a form whose text has this hash, to exactly this scope.

    A wider scope than before can be refused while the person is under the effect of a drug.
    `capacity` is the person's own statement that they understand and decide freely.
    """

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("consented", by="subject", roles=THEMSELVES),
        Signer("witnessed", roles=(*MONITORS, "registrar"), when="later"),
    )
    CRITICAL: ClassVar[Critical] = NOTHING
    AUTHORISES: ClassVar[bool] = True

    type: Literal["consent-signed/1"] = "consent-signed/1"
    form: Open[Code]
    text: Open[HexHash]
    version: Open[Code]
    capacity: Clinical[bool]
    scope: Clinical[ConsentScope]
    valid_until: Clinical[LocalDate]


class MedicineAsNeeded(Part):
    """A further medicine the order permits when needed, such as ondansetron."""

    dose: Code
    medicine: Code
    route: Word


class OrderSigned(Event):
    """
    A prescriber orders ketamine for one person: a range for each dose, and how many, how soon again.

    A fixed dose has `dose_min` equal to `dose_max`; `max_redoses` 0 permits none.
    An order is in mg: a rule by body weight is turned into mg before it is signed.
    `hold_above` and `conditions` say when the dose is held.
    """

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("authorised", roles=("prescriber",)),)
    CRITICAL: ClassVar[Critical] = frozenset({"dose_max", "dose_min", "max_session"})

    type: Literal["order-signed/1"] = "order-signed/1"
    route: Open[Route]
    dose_max: Open[Mass]
    dose_min: Open[Mass]
    drug: Open[Drug]
    form: Open[DoseForm]
    max_redoses: Open[Count]
    max_session: Open[Mass | None]
    redose_after_min: Open[Minutes | None]
    valid_from: Open[LocalDate]
    valid_to: Open[LocalDate]
    as_needed: Clinical[Several[MedicineAsNeeded]]
    conditions: Clinical[Several[Word]]
    hold_above: Clinical[PressureLimit | None]
    rescue: Clinical[Several[Word]]

    @field_validator("dose_max", "dose_min")
    @classmethod
    def _possible_for_route(cls, mass: Mass, info: ValidationInfo) -> Mass:
        return possible_dose(mass, info.data.get("route"))


class PreparationSessionHeld(Event):
    """One person was prepared for a session, from when to when; never what was said."""

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["preparation-session-held/1"] = "preparation-session-held/1"
    began: Open[Moment]
    ended: Open[Moment]
    attended: Clinical[bool]
    private: Clinical[bool]


EligibilityEvent: TypeAlias = (
    EvaluationCompleted | PrivateSafetyScreenCompleted | ConsentSigned | OrderSigned | PreparationSessionHeld
)
"""What one person went through before a session."""
