"""PRE-02: nobody is dosed on a high blood pressure without a prescriber's decision, or calmer readings."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.arrival import PreDoseAssessed
from ledger.events.dosing import DoseAuthorised
from ledger.events.fields import Gone
from ledger.events.holds import HoldReleased
from ledger.events.measures import BloodPressure
from ledger.events.parameters import BeforeDoseFigures, PressureLimit
from ledger.events.supervision import SupervisionChecked
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import Fact, last
from projections.compliance.moments import as_instant, clock, minutes
from projections.compliance.occasions import Occasion, of_each_dose
from projections.compliance.pressures import Reading, readings
from projections.compliance.rule import GateOf, rule

_GIVES = ("give", "give-less")


@rule(
    id="PRE-02",
    version="1",
    title="Nobody is dosed on a high blood pressure without a prescriber's decision, or calmer readings.",
    severity="C",
    mode="B `dose-authorised`; F dose / S",
    source="140/90: the label of ketamine products; every other limit is ours [D]",
    trigger="Every dose, also a further one. One finding per dose.",
    window="The last blood pressure at or before the dose, not older than `vitals_max_age_min`.",
    evidence=(
        "At most `hold_bp` in both numbers. Or the hold was lifted after a higher reading: by two later ones at least "
        "`hold_repeat_min` apart, both within it, or by a prescriber's decision to give, with a reason."
    ),
    parameters=(
        "before_dose.hard_bp",
        "before_dose.hold_bp",
        "before_dose.hold_repeat_min",
        "before_dose.vitals_max_age_min",
    ),
    verdicts={
        "met": "within the limit, or the hold was lifted",
        "breached": "above the limit, and the hold was not lifted",
        "not-applicable": "not dosed, or no reading in that time (PRE-01 or SUP-05 speaks)",
        "cannot-judge": "the reading or the decision cannot be read any more",
    },
    notes=("Above `hard_bp` nothing is authorised: nobody overrides it.",),
    gate=GateOf(
        DoseAuthorised,
        override="prescriber",
        never=frozenset({"hard-limit"}),
        opened_by=(PreDoseAssessed, SupervisionChecked, HoldReleased),
    ),
)
def pre_02(history: History) -> Iterator[Ruling]:
    """One ruling for each dose."""
    if history.figures is None:
        return
    figures = history.figures.before_dose
    yield from of_each_dose(history, lambda slot, act: _of(history, slot, act, figures))


def _of(history: History, slot: Slot, act: Occasion, figures: BeforeDoseFigures) -> Ruling:
    taken = [reading for reading in readings(history, slot) if reading.at <= act.at]
    where = f"{slot.upper()}: {act.what} of {clock(act.at, history.zone)}"
    near = [reading for reading in taken if act.at - reading.at <= minutes(figures.vitals_max_age_min)]
    if not near:
        words = f"{where}: no blood pressure in the {figures.vitals_max_age_min} min before."
        return Ruling(slot, "not-applicable", words, (act.position,), act.fact.dig)
    *_, latest = taken
    evidence = (latest.fact.position, act.position)
    if isinstance(latest.pressure, Gone):
        words = f"{where}: the blood pressure cannot be read any more."
        return Ruling(slot, "cannot-judge", words, evidence, act.fact.dig, causes=("unreadable",))
    shown = f"{latest.words} at {clock(latest.at, history.zone)}"
    if not _is_above(latest.pressure, figures.hold_bp):
        return _calm(history, slot, act, where, taken, figures)
    decided = _decision(history, slot, latest, act)
    hard = _is_above(latest.pressure, figures.hard_bp)
    if decided is None and _is_unreadable(history, slot, latest, act):
        words = f"{where}: what was decided on {shown} cannot be read any more."
        return Ruling(slot, "cannot-judge", words, evidence, act.fact.dig, causes=("unreadable",))
    lifted = decided is not None and not (hard and act.is_ahead)
    limit = figures.hard_bp if hard else figures.hold_bp
    words = f"{where}: {shown} is above {limit.systolic}/{limit.diastolic}"
    how = "a prescriber decided to give it" if decided is not None else "no prescriber decided to give it"
    return Ruling(
        slot,
        "met" if lifted else "breached",
        f"{words}; {how}.",
        (*evidence, *(() if decided is None else (decided.position,))),
        act.fact.dig,
        made_at=as_instant(act.at),
        causes=() if lifted else ("hard-limit",) if hard else ("hold",),
        act=act.position,
    )


def _calm(
    history: History, slot: Slot, act: Occasion, where: str, taken: list[Reading], figures: BeforeDoseFigures
) -> Ruling:
    """The last reading is within the limit: one is enough unless a higher one before it set a hold."""
    *_, latest = taken
    high = [
        each for each in taken if isinstance(each.pressure, BloodPressure) and _is_above(each.pressure, figures.hold_bp)
    ]
    evidence = (*(each.fact.position for each in high), latest.fact.position, act.position)
    shown = f"{where}: {latest.words} at {clock(latest.at, history.zone)}"
    if not high:
        return Ruling(slot, "met", f"{shown}.", evidence, act.fact.dig, act=act.position)
    *_, held = high
    later = [each for each in taken if each.at > held.at]
    apart = [each for each in later if latest.at - each.at >= minutes(figures.hold_repeat_min)]
    decided = _decision(history, slot, held, act)
    lifted = bool(apart) or decided is not None
    words = "the hold was lifted" if lifted else "one calmer reading alone does not lift the hold"
    return Ruling(
        slot,
        "met" if lifted else "breached",
        f"{shown}, after {held.words} at {clock(held.at, history.zone)}: {words}.",
        (*evidence, *(() if decided is None else (decided.position,))),
        act.fact.dig,
        made_at=as_instant(act.at),
        causes=() if lifted else ("hold",),
        act=act.position,
    )


def _is_above(pressure: BloodPressure, limit: PressureLimit) -> bool:
    return pressure.systolic > limit.systolic or pressure.diastolic > limit.diastolic


def _decisions(history: History, slot: Slot, reading: Reading, act: Occasion) -> list[Fact]:
    """What prescribers decided between a reading and the dose."""
    return [
        fact
        for fact in history.of(slot, HoldReleased)
        if reading.at <= fact.at <= act.at and any(signer.role == "prescriber" for signer in fact.signed)
    ]


def _decision(history: History, slot: Slot, reading: Reading, act: Occasion) -> Fact | None:
    return last(
        [
            fact
            for fact in _decisions(history, slot, reading, act)
            if isinstance(fact.event, HoldReleased)
            and fact.event.decision in _GIVES
            and isinstance(fact.event.reason, str)
        ]
    )


def _is_unreadable(history: History, slot: Slot, reading: Reading, act: Occasion) -> bool:
    return any(
        isinstance(fact.event, HoldReleased) and isinstance(fact.event.decision, Gone)
        for fact in _decisions(history, slot, reading, act)
    )
