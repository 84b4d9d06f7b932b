"""ORD-06: sessions are far enough apart, not too many in a week, and a course is reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ledger.events.course import CourseReviewed, CourseStarted
from ledger.events.dosing import DoseAuthorised
from ledger.events.fields import Gone
from ledger.events.parameters import DoseFigures
from ledger.vocabulary import Slot
from projections.compliance.doses import Dose
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, last
from projections.compliance.moments import WEEK, as_instant, clock, hours, long_span
from projections.compliance.occasions import Occasion, first_dose, nobody_known, not_dosed
from projections.compliance.rule import GateOf, rule

_RETREAT = "retreat"
_LIMBS = ("gap", "week", "review", "course")


@rule(
    id="ORD-06",
    version="1",
    title="Sessions are far enough apart, not too many in a week, and a course is reviewed.",
    severity="M",
    mode="B `dose-authorised`; F dose / S",
    source="at most twice weekly: the Spravato label; a defined course with reviews: ASA; the figures are ours [D]",
    trigger=(
        "A person's first dose in a session. One finding per person, session and limb: the gap, the week, the review, "
        "the length of the course."
    ),
    window=(
        "The gap runs from the last dose of the person's previous dosed session to this first dose: at least "
        "`gap_retreat_h` at a retreat, else `gap_clinic_h`. In the 168 h up to it, this session included, at most "
        "`per_7_days` dosed sessions. Since the last review, or the start of the course, fewer than `review_every`, "
        "this one not counted."
    ),
    evidence=(
        "The person's doses in any session; a review before the first dose; beyond `course_max` one that extends it."
    ),
    parameters=(
        "dose.course_max",
        "dose.gap_clinic_h",
        "dose.gap_retreat_h",
        "dose.per_7_days",
        "dose.review_every",
    ),
    verdicts={
        "met": "the limb holds",
        "breached": "it does not",
        "not-applicable": "not dosed, or for the gap: no earlier session",
        "cannot-judge": "the review, or whose slot it is, cannot be read any more",
    },
    gate=GateOf(
        DoseAuthorised, override="prescriber", opened_by=(CourseReviewed,), otherwise="For gap and week, time."
    ),
)
def ord_06(history: History) -> Iterator[Ruling]:
    """One ruling for each person and limb."""
    if history.figures is None:
        return
    for slot in SLOTS:
        act = first_dose(history, slot)
        unknown = None if act is None else nobody_known(history, slot, act)
        if act is None:
            yield not_dosed(slot)
        elif unknown is not None:
            yield from (replace(unknown, anchor=limb) for limb in _LIMBS)
        else:
            yield from _of(history, slot, act, history.figures.dose)


def _of(history: History, slot: Slot, act: Occasion, figures: DoseFigures) -> Iterator[Ruling]:
    earlier = [
        doses
        for other, _, doses in history.dosed_sessions(slot)
        if other.session != history.session and next(iter(doses)).at < act.at
    ]
    yield _gap(history, slot, act, earlier, figures)
    week = [doses for doses in earlier if next(iter(doses)).at > act.at - WEEK]
    number = len([act, *week])
    words = f"{slot.upper()}: {number} dosed sessions in the 168 h up to {clock(act.at, history.zone)}"
    sentence = f"{words}; at most {figures.per_7_days} are asked for."
    yield _ruling(slot, act, "week", sentence, _first_doses(week), "too-many" if number > figures.per_7_days else None)
    yield from _course(history, slot, act, earlier, figures)


def _gap(history: History, slot: Slot, act: Occasion, earlier: list[list[Dose]], figures: DoseFigures) -> Ruling:
    before = [dose for doses in earlier for dose in doses if dose.at < act.at]
    if not before:
        return Ruling(slot, "not-applicable", f"{slot.upper()} was not dosed before.", (act.position,), "gap")
    latest = max(before, key=lambda dose: (dose.counts_from, dose.fact.position))
    place = history.ledger.registered(history.location)
    retreat = any(getattr(fact.event, "kind", None) == _RETREAT for fact in place)
    asked = figures.gap_retreat_h if retreat else figures.gap_clinic_h
    passed = act.at - latest.counts_from
    words = f"{slot.upper()}: {long_span(passed)} after the last dose of the session before"
    return _ruling(
        slot,
        act,
        "gap",
        f"{words}; at least {asked} h are asked for.",
        (latest.fact.position,),
        "too-soon" if passed < hours(asked) else None,
    )


def _course(
    history: History, slot: Slot, act: Occasion, earlier: list[list[Dose]], figures: DoseFigures
) -> Iterator[Ruling]:
    said = [fact for fact in history.personal(slot, CourseStarted, CourseReviewed) if fact.at < act.at]
    marks = last(said)
    started = last([fact for fact in said if isinstance(fact.event, CourseStarted)])
    since = [doses for doses in earlier if marks is None or next(iter(doses)).at > marks.at]
    words = f"{slot.upper()}: {len(since)} dosed sessions since {_since(marks)}"
    yield _ruling(
        slot,
        act,
        "review",
        f"{words}; before {figures.review_every} a review is due.",
        (*_first_doses(since), *_position(marks)),
        "no-review" if len(since) >= figures.review_every else None,
    )
    of_course = [doses for doses in earlier if started is None or next(iter(doses)).at > started.at]
    number = len([act, *of_course])
    extended = [fact for fact in said if isinstance(fact.event, CourseReviewed) and fact.event.extended_to is not None]
    limits = [fact.event.extended_to for fact in extended if isinstance(fact.event, CourseReviewed)]
    evidence = (*_first_doses(of_course), *(fact.position for fact in extended))
    if number > figures.course_max and any(isinstance(limit, Gone) for limit in limits):
        sentence = f"{slot.upper()}: whether the course was extended cannot be read any more."
        yield Ruling(slot, "cannot-judge", sentence, (*evidence, act.position), "course", causes=("unreadable",))
        return
    most = max([figures.course_max, *(limit for limit in limits if isinstance(limit, int))])
    sentence = f"{slot.upper()}: session {number} of the course; at most {most} without a review that extends it."
    yield _ruling(slot, act, "course", sentence, evidence, "not-extended" if number > most else None)


def _since(marks: Fact | None) -> str:
    if marks is None:
        return "the first one"
    return "the last review" if isinstance(marks.event, CourseReviewed) else "the course began"


def _first_doses(sessions: list[list[Dose]]) -> tuple[int, ...]:
    return tuple(next(iter(doses)).fact.position for doses in sessions)


def _position(fact: Fact | None) -> tuple[int, ...]:
    return () if fact is None else (fact.position,)


def _ruling(
    slot: Slot, act: Occasion, limb: str, sentence: str, evidence: tuple[int, ...], cause: str | None
) -> Ruling:
    return Ruling(
        slot,
        "met" if cause is None else "breached",
        sentence,
        (*evidence, act.position),
        limb,
        made_at=as_instant(act.at),
        causes=() if cause is None else (cause,),
        act=act.position,
    )
