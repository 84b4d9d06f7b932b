"""
The figures of a protocol: everything a medical director decides and a rule reads.

Every default is ours [D], unless `rules.md` names a source for it; a protocol states them all,
so that a reader of an old session needs nothing but the protocol pinned at its opening.
A mass is in mg, a pressure in mm[Hg]; `_min`, `_h`, `_days` and `_s` are minutes, hours, days and seconds.
Null switches a limit off.
Source: the exact rules, section 9, and the column *Parameters* of sections 1 to 8.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from ledger.events.measures import Count, DecimalText, Hours, Minutes, Part, Possible
from ledger.events.words import LocalDate, LocalTime, Named, Several
from ledger.vocabulary import Presence, Role

Days = Annotated[int, Field(ge=0, le=10_000), Named("days", "d")]
Seconds = Annotated[int, Field(ge=0, le=1_000_000), Named("seconds", "s")]
Percent = Annotated[int, Field(ge=0, le=100), Named("percent", "%")]
Pressure = Annotated[int, Field(gt=0, le=350), Named("pressure limit", "mm[Hg]")]
Limit = Annotated[int, Field(ge=-100, le=1000), Named("limit, in the unit of what it limits")]
Quantity = Annotated[
    DecimalText, AfterValidator(Possible("0", "100000", 3)), Named("decimal limit, in the unit of its name")
]


class PressureLimit(Part):
    """A limit for both numbers of a blood pressure."""

    diastolic: Pressure
    systolic: Pressure


class EligibilityFigures(Part):
    """How old an evaluation, a consent, a screen may be [D]."""

    consent_must_be_current: bool = True
    consent_valid_days: Days = 365
    eval_first_ever_days: Days = 30
    eval_max_age_days: Days = 90
    pregnancy_days: Days = 7
    pregnancy_mode: Literal["ask", "test", "off"] = "ask"
    preparation_max_days: Days = 90
    preparation_min_h: Hours = 24
    safety_screen_days: Days = 180
    telemedicine_until: LocalDate | None = "2026-12-31"


class RouteCaps(Part):
    """The most that is given by each route; null where there is no cap of this kind."""

    buccal: Quantity | None = None
    intramuscular: Quantity | None = None
    intranasal: Quantity | None = None
    intravenous: Quantity | None = None
    oral: Quantity | None = None
    sublingual: Quantity | None = None


class RouteMinutes(Part):
    """Minutes by route; null where the route has none."""

    buccal: Minutes | None = None
    intramuscular: Minutes | None = None
    intranasal: Minutes | None = None
    intravenous: Minutes | None = None
    oral: Minutes | None = None
    sublingual: Minutes | None = None


_MAX_MG = RouteCaps(buccal="200", intramuscular="80", intranasal="50", oral="300", sublingual="200")
_MAX_MG_PER_KG = RouteCaps(intramuscular="0.75", intravenous="0.5")
_SESSION_MG = RouteCaps(buccal="300", intramuscular="100", sublingual="300")
_SESSION_MG_PER_KG = RouteCaps(intravenous="1")
_REDOSE = RouteMinutes(buccal=45, intramuscular=30, intranasal=15, sublingual=45)


class DoseFigures(Part):
    """How much, how often, how soon again [D]."""

    bud_days: Days = 28
    consent_after_decline_min: Minutes = 15
    course_max: Count = 20
    device_gap_min: Minutes = 5
    duplicate_min: Minutes = 15
    esketamine_max_mg: Quantity = "84"
    gap_clinic_h: Hours = 72
    gap_retreat_h: Hours = 20
    infusion_min: Minutes = 40
    max_doses: Count = 2
    max_mg: RouteCaps = _MAX_MG
    max_mg_per_kg: RouteCaps = _MAX_MG_PER_KG
    per_7_days: Count = 2
    redose_min: RouteMinutes = _REDOSE
    review_every: Count = 6
    session_max_mg: RouteCaps = _SESSION_MG
    session_max_mg_per_kg: RouteCaps = _SESSION_MG_PER_KG
    tolerance_mg: Quantity = "0"
    verbal_cosign_h: Hours = 24


_FASTING_FOOD = RouteMinutes(buccal=120, intramuscular=240, intranasal=120, intravenous=240, oral=120, sublingual=120)
_FASTING_FLUID = RouteMinutes(buccal=30, intramuscular=120, intranasal=30, intravenous=120, oral=30, sublingual=30)


class BeforeDoseFigures(Part):
    """What must be measured and asked before a dose, and the values at which it is held [D]."""

    fasting_fluid_min: RouteMinutes = _FASTING_FLUID
    fasting_food_min: RouteMinutes = _FASTING_FOOD
    hard_bp: PressureLimit = PressureLimit(diastolic=100, systolic=160)
    heart_rate_high: Limit = 110
    heart_rate_low: Limit = 50
    hold_bp: PressureLimit = PressureLimit(diastolic=90, systolic=140)
    hold_repeat_min: Minutes = 5
    readiness_h: Hours = 24
    respiratory_rate_high: Limit = 24
    respiratory_rate_low: Limit = 10
    spo2_predose: Percent = 94
    vitals_max_age_min: Minutes = 30


class SupervisionFigures(Part):
    """How often, by whom, and when to call [D]."""

    bp40_from_min: Minutes = 30
    bp40_to_min: Minutes = 50
    check_every_min: Minutes = 15
    check_first_min: Minutes = 60
    check_later_every_min: Minutes = 30
    check_tolerance_min: Minutes = 5
    critical_bp: PressureLimit = PressureLimit(diastolic=110, systolic=180)
    critical_bp_notify_min: Minutes = 5
    gap_max_min: Minutes = 5
    handover_sign_min: Minutes = 5
    moaas_notify: Limit = 3
    partner_emergency_min: Minutes = 5
    prescriber: Presence = "reachable"
    rass_notify: Limit = -3
    ratio_high_dose: Count = 1
    ratio_high_dose_mg: Quantity = "200"
    ratio_injected: Count = 1
    ratio_injected_for_min: Minutes = 60
    ratio_injected_later: Count = 2
    ratio_injected_low: Count | None = None
    ratio_injected_low_mg_per_kg: Quantity | None = None
    ratio_lozenge: Count = 2
    reachable_min: Minutes = 5
    recheck_bp: PressureLimit = PressureLimit(diastolic=100, systolic=160)
    recheck_bp_min: Minutes = 5
    sedation_repeat_min: Minutes = 5
    spo2_act: Percent = 92
    spo2_act_min: Minutes = 2
    spo2_critical: Percent = 90
    spo2_repeat_min: Minutes = 5


class LongerObservation(Part):
    """From this total on, this many minutes of observation instead of the usual ones."""

    from_mg: Quantity
    minutes: Minutes


class ReleaseFigures(Part):
    """When somebody may go, and not drive until [D]."""

    against_advice_min: Minutes = 15
    aldrete: Limit = 9
    bp_high: PressureLimit = PressureLimit(diastolic=90, systolic=140)
    bp_low: PressureLimit = PressureLimit(diastolic=50, systolic=90)
    bp_percent_of_baseline: Percent = 20
    cadss6_max: Limit = 4
    deviation_min: Minutes = 15
    final_vitals_min: Minutes = 20
    min_joint_min: Minutes = 180
    min_observation_by_mg: Several[LongerObservation] = ()
    min_observation_min: Minutes = 120
    moaas: Limit = 5
    no_drive_h: Hours = 24
    no_drive_next_day: LocalTime = "06:00"
    padss: Limit = 9
    rass_high: Limit = 1
    rass_low: Limit = -1
    released_by: Several[Role] = ("prescriber", "nurse")
    solo_rideshare: bool = False
    spo2_below_baseline: Percent = 2
    spo2_release: Percent = 94


class FollowUpFigures(Part):
    """When adverse events are classed and people are asked how they are [D]."""

    ae_class_h: Hours = 24
    boundary_h: Hours = 24
    contact_from_h: Hours = 12
    contact_to_h: Hours = 36
    contact_tries: Count = 3
    integration_h: Hours = 168
    serious_notify_min: Minutes = 15
    urinary_every: Count = 6


class SubstanceFigures(Part):
    """Counting, wasting and reporting controlled drugs [D]; the terms of a law are marked in `rules.md`."""

    access_from: LocalTime = "07:00"
    access_to: LocalTime = "21:00"
    biennial_days: Days = 730
    count_every_days: Days = 7
    discrepancy_h: Hours = 24
    form_106_days: Days = 45
    notice_business_days: Days = 1
    tolerance_ml_per_vial: Quantity = "0.1"
    tolerance_own_units: Quantity = "0"
    tolerance_percent: Quantity = "2"
    waste_witness_min: Minutes = 30


class RecordFigures(Part):
    """When a record is late and a clock is doubted [D]."""

    break_glass_h: Hours = 72
    clock_flag_s: Seconds = 60
    clock_major_s: Seconds = 600
    future_s: Seconds = 120
    late_other_min: Minutes = 60
    late_reason_h: Hours = 24
    late_vitals_min: Minutes = 15
    offline_h: Hours = 72
    scribe_cosign_h: Hours = 24


class Parameters(Part):
    """All figures of a protocol, by act; `Parameters()` holds the defaults [D]."""

    before_dose: BeforeDoseFigures = BeforeDoseFigures()
    dose: DoseFigures = DoseFigures()
    eligibility: EligibilityFigures = EligibilityFigures()
    follow_up: FollowUpFigures = FollowUpFigures()
    record: RecordFigures = RecordFigures()
    release: ReleaseFigures = ReleaseFigures()
    substance: SubstanceFigures = SubstanceFigures()
    supervision: SupervisionFigures = SupervisionFigures()
