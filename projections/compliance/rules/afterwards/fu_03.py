"""FU-03: urinary symptoms are asked about at the latest with every so many dosed sessions."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.afterwards import FollowUpContactMade
from ledger.events.course import CourseCompleted, CourseReviewed, CourseStarted
from ledger.events.eligibility import EvaluationCompleted
from ledger.events.fields import Gone
from ledger.events.parameters import FollowUpFigures
from ledger.vocabulary import Slot
from projections.compliance.doses import Dose
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import hours
from projections.compliance.obligations import Obligation, unreadable
from projections.compliance.readings import first_after
from projections.compliance.rule import rule


@rule(
    id="FU-03",
    version="1",
    title="Urinary symptoms are asked about at the latest with every so many dosed sessions.",
    severity="m",
    mode="F / W",
    source="ulcerative or interstitial cystitis: FDA warning on compounded ketamine [F10]; the number is ours [D]",
    trigger=(
        "The end of care in the session that is the `urinary_every`-th dosed one of this person since they were last "
        "asked, and in each later one. One finding per person and session."
    ),
    window="By `contact_to_h` after it, the end of the follow-up of that session, itself in time.",
    evidence=(
        "An evaluation, a course's start, review or end, or a follow-up contact of any session, with "
        "`urinary_screened`. It starts the count anew."
    ),
    parameters=("follow_up.contact_to_h", "follow_up.urinary_every"),
    verdicts={
        "met": "asked by then",
        "breached": "not asked by then; an asking that came later stays in the finding",
        "pending": "not asked yet, and the hours have not passed",
        "not-applicable": "not dosed, still here, or fewer dosed sessions since they were last asked",
        "cannot-judge": "whether they were asked cannot be read any more, and it depends on that",
    },
    notes=("It counts sessions of this ledger only, of this person and of no partner.",),
)
def fu_03(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    if history.figures is None:
        return
    for slot in SLOTS:
        yield _of(history, slot, history.figures.follow_up)


def _of(history: History, slot: Slot, figures: FollowUpFigures) -> Ruling:
    who, doses, end = slot.upper(), history.doses(slot), history.end_of_care(slot)
    if not doses:
        return Ruling(slot, "not-applicable", f"{who} was not dosed.")
    first, *_ = doses
    if isinstance(history.person(slot), Gone):
        return unreadable(slot, "who this is, and so how many sessions it has been,", [first.fact])
    told = _told(history, slot)
    done = [fact for fact in told if getattr(fact.event, "urinary_screened", None) is True]
    unread = [fact for fact in told if isinstance(getattr(fact.event, "urinary_screened", None), Gone)]
    number = _since(history, slot, first, done)
    if number < figures.urinary_every:
        words = (
            f"{who}: dosed session {number} since urinary symptoms were last asked about, of {figures.urinary_every}."
        )
        return Ruling(slot, "not-applicable", words, (first.fact.position,))
    if _since(history, slot, first, [*done, *unread]) < figures.urinary_every:
        return unreadable(slot, "whether they were asked about urinary symptoms", [first.fact, *unread])
    if end is None:
        return Ruling(slot, "not-applicable", f"{who} is still here.", (first.fact.position,))
    asked = Obligation(
        f"urinary symptoms asked about with dosed session {number} since the last time, every {figures.urinary_every}",
        end.at + hours(figures.contact_to_h),
        (end,),
        made=first_after(done, first.at),
        unread=first_after(unread, first.at),
        act="asked",
    )
    return asked.ruling(history, slot)


def _told(history: History, slot: Slot) -> list[Fact]:
    """Everything at which urinary symptoms may have been asked about, by time."""
    own = history.personal(slot, EvaluationCompleted, CourseStarted, CourseReviewed, CourseCompleted)
    contacts = (fact for session, where in history.sessions_of(slot) for fact in session.of(where, FollowUpContactMade))
    return sorted([*own, *contacts], key=lambda fact: (fact.at, fact.position))


def _since(history: History, slot: Slot, first: Dose, asked: list[Fact]) -> int:
    """Which dosed session this is since the last of these before its first dose."""
    before = [fact.at for fact in asked if fact.at <= first.at]
    begun = [given.at for _, _, (given, *_) in history.dosed_sessions(slot) if given.at <= first.at]
    return sum(not before or at >= max(before) for at in begun)
