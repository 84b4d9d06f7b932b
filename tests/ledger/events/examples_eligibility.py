"""Eligibility and the course: what one person went through apart from the partner."""

from __future__ import annotations

from ledger.events.consent import (
    ConsentNarrowed,
    ConsentNarrowedInSession,
    ConsentWithdrawn,
    ConsentWithdrawnInSession,
)
from ledger.events.course import CourseCompleted, CourseReviewed, CourseStarted, CourseStopped
from ledger.events.eligibility import (
    ConsentScope,
    ConsentSigned,
    EvaluationCompleted,
    MedicineAsNeeded,
    OrderSigned,
    PregnancyStatus,
    PreparationSessionHeld,
    PrivateSafetyScreenCompleted,
)
from ledger.events.orders import OrderAmended, OrderDiscontinued
from ledger.events.parameters import PressureLimit
from ledger.events.representatives import RepresentationEnded, RepresentativeAppointed
from tests.ledger.events.example_making import (
    ANA,
    BEN,
    MD1,
    PT1,
    REGISTRAR,
    RN1,
    SAT_A,
    TEXT,
    bp,
    example,
    instant,
    key_of,
    mg,
    reference,
)

# Eligibility

example(
    "2026-05-05 10:00",
    ANA,
    EvaluationCompleted(
        asa_class=1,
        blood_pressure=bp(118, 76),
        confirmed=None,
        height=168,
        lawful_basis=None,
        modality="in-person",
        outcome="eligible",
        pdmp_checked=True,
        pdmp_checked_at=instant("2026-05-05 09:55"),
        private=True,
        urinary_screened=True,
        valid_until="2026-08-03",
        weight="75.0",
        allergies=(),
        conditions=(),
        contraindications=(),
        cssrs="negative",
        gad7="mild",
        indication="F43.2",
        medicines=("RxNorm 36567",),
        phq9="mild",
        pregnancy=PregnancyStatus(basis="asked", status="not-pregnant"),
    ),
    (MD1, "prescriber", "approved"),
)
example(
    "2026-05-05 10:20",
    ANA,
    PrivateSafetyScreenCompleted(alone=True, outcome="clear", plan=None),
    (PT1, "therapist", "performed"),
)
example(
    "2026-05-05 10:30",
    ANA,
    ConsentSigned(
        form="consent-kap",
        text=TEXT,
        version="v3",
        capacity=True,
        scope=ConsentScope(
            data_sharing=False,
            joint=True,
            observers=False,
            off_label_ketamine=True,
            recording=False,
            routes=("sublingual", "intramuscular"),
            solo=True,
            touch=(),
        ),
        valid_until="2027-05-05",
    ),
    (ANA, "participant", "consented"),
    (RN1, "nurse", "witnessed"),
)
example(
    "2026-05-05 10:40",
    ANA,
    OrderSigned(
        route="sublingual",
        dose_max=mg("150"),
        dose_min=mg("50"),
        drug="ketamine",
        form="lozenge",
        max_redoses=1,
        max_session=mg("300"),
        redose_after_min=45,
        valid_from="2026-05-05",
        valid_to="2026-06-05",
        as_needed=(MedicineAsNeeded(dose="4 mg", medicine="ondansetron", route="oral"),),
        conditions=("fasted", "transport-plan"),
        hold_above=PressureLimit(diastolic=90, systolic=140),
        rescue=("labetalol", "midazolam"),
    ),
    (MD1, "prescriber", "authorised"),
)
example(
    "2026-05-07 17:00",
    ANA,
    PreparationSessionHeld(
        began=instant("2026-05-07 17:00"), ended=instant("2026-05-07 17:50"), attended=True, private=True
    ),
    (PT1, "therapist", "performed"),
)

# Consent

example(
    "2026-05-16 17:30",
    ANA,
    ConsentNarrowed(
        consent=reference("consent-signed/1"),
        scope=ConsentScope(
            data_sharing=False,
            joint=True,
            observers=False,
            off_label_ketamine=True,
            recording=False,
            routes=("sublingual",),
            solo=True,
            touch=(),
        ),
        during_session=False,
        reason="no-injection",
    ),
    (ANA, "participant", "consented"),
    (RN1, "nurse", "witnessed"),
)
example(
    "2026-11-02 18:00",
    ANA,
    ConsentWithdrawn(consent=reference("consent-signed/1"), during_session=False, reason=None),
    (ANA, "participant", "declined"),
)

# Orders

example(
    "2026-05-16 18:00",
    ANA,
    OrderAmended(
        route="sublingual",
        dose_max=mg("100"),
        dose_min=mg("50"),
        drug="ketamine",
        form="lozenge",
        max_redoses=0,
        max_session=mg("100"),
        order=reference("order-signed/1"),
        redose_after_min=None,
        valid_from="2026-05-17",
        valid_to="2026-06-05",
        as_needed=(MedicineAsNeeded(dose="4 mg", medicine="ondansetron", route="oral"),),
        conditions=("fasted", "transport-plan"),
        hold_above=PressureLimit(diastolic=90, systolic=140),
        rescue=("labetalol", "midazolam"),
        reason="nausea-on-saturday",
    ),
    (MD1, "prescriber", "authorised"),
)
example(
    "2026-05-28 11:10",
    ANA,
    OrderDiscontinued(order=reference("order-amended/1"), reason="weekend-is-over"),
    (MD1, "prescriber", "authorised"),
)

# Course

example(
    "2026-05-28 11:00",
    ANA,
    CourseReviewed(
        decision="continue",
        extended_to=None,
        liver_tests_reviewed=True,
        sessions_given=2,
        sessions_planned=6,
        urinary_screened=True,
        couple_satisfaction="satisfied",
        endpoint="couple-satisfaction",
        gad7="mild",
        phq9="minimal",
        urinary_symptoms=False,
    ),
    (MD1, "prescriber", "reviewed"),
)
example(
    "2026-05-05 11:00",
    ANA,
    CourseStarted(
        liver_tests_reviewed=True,
        sessions_planned=6,
        urinary_screened=True,
        couple_satisfaction="distressed",
        endpoint="couple-satisfaction",
        gad7="moderate",
        phq9="mild",
        urinary_symptoms=False,
        course="C-07/1",
    ),
    (MD1, "prescriber", "authorised"),
)
example(
    "2027-11-20 11:00",
    ANA,
    CourseCompleted(
        liver_tests_reviewed=True,
        sessions_given=6,
        urinary_screened=True,
        couple_satisfaction="satisfied",
        endpoint_reached=True,
        gad7="minimal",
        phq9="minimal",
        urinary_symptoms=False,
    ),
    (MD1, "prescriber", "reviewed"),
)
example(
    "2026-11-02 18:30",
    BEN,
    CourseStopped(sessions_given=2, reason="own-wish", wished_by="person"),
    (MD1, "prescriber", "reviewed"),
)

# What is said in a session, and by somebody else

example(
    "2026-05-16 12:20",
    SAT_A,
    ConsentNarrowedInSession(
        scope=ConsentScope(
            data_sharing=False,
            joint=True,
            observers=False,
            off_label_ketamine=True,
            recording=False,
            routes=("sublingual",),
            solo=True,
            touch=(),
        ),
        reason="no-touch-today",
        consent=reference("consent-signed/1"),
    ),
    (SAT_A, "participant", "consented"),
    (RN1, "nurse", "witnessed"),
)
example(
    "2026-05-16 12:40",
    SAT_A,
    ConsentWithdrawnInSession(reason=None, consent=reference("consent-signed/1")),
    (SAT_A, "participant", "declined"),
)
example(
    "2027-02-01 10:00",
    ANA,
    RepresentativeAppointed(
        document=TEXT,
        effective="2027-02-01",
        expires=None,
        key=key_of("representative of Ana A").kid,
        basis="health-care-proxy",
        address=None,
        name="Inés A",
        phone="+1 518 555 0190",
    ),
    (REGISTRAR, "registrar", "verified"),
)
example(
    "2027-06-01 10:00",
    ANA,
    RepresentationEnded(appointed=reference("representative-appointed/1"), ended="2027-06-01", reason="recovered"),
    (REGISTRAR, "registrar", "verified"),
)
