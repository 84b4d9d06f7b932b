"""Course progress: each dosed session of each person's course, how far apart they are, and when it was reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ledger.events.authority import LocationRegistered
from ledger.events.course import CourseCompleted, CourseReviewed, CourseStarted, CourseStopped
from ledger.events.fields import Gone
from ledger.vocabulary import Slot
from projections.compliance.doses import Dose
from projections.compliance.history import History
from projections.compliance.known import Fact, last
from projections.compliance.moments import as_instant
from projections.questions.answer import Cell, Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, minutes_over, positions, told

_HOUR = 60


@question(
    "course-progress",
    "How far is each person's course: which session of how many, how long after the one before, and when reviewed?",
    section="views",
    columns=(
        Column("person", "Person", "record"),
        Column("couple", "Couple"),
        Column("session", "Session", "record"),
        Column("dosed", "First dose", "instant"),
        Column("mg", "mg"),
        Column("number", "Session of the course", "number"),
        Column("planned", "Planned", "number"),
        Column("most", "At most", "number"),
        Column("hours", "Hours since the session before", "number"),
        Column("hours_asked", "Hours asked for", "number"),
        Column("since_review", "Sessions since a review", "number"),
        Column("review_after", "A review after", "number"),
        Column("reviewed", "Last review", "instant"),
        Column("review_due", "Review due before the next", "yes-no"),
        Column("course", "Course"),
    ),
    empty="Nobody was dosed in these sessions.",
    reading=(
        "Dosed sessions by their first dose; numbers count all of a person's sessions, also those that the filters "
        "leave out. A course begins with `course-started`, else with the first session of all. Whole hours from the "
        "last dose of the session before, of an infusion from its end; asked for are the protocol's at a retreat or a "
        "clinic, by default 20 and 72 [D]. At most is the protocol's number, by default 20 [D], or that to which a "
        "review extended it; a review is due after the protocol's number of sessions, by default 6 [D]. ORD-06 judges "
        "each of these. The state of the course is that at the moment of the question."
    ),
)
def course_progress(asked: Asked) -> Found:
    """One row for each person and dosed session, person by person in the order of their first sessions."""
    parts = [
        (history, slot, doses)
        for history in asked.sessions
        for slot in asked.slots(history)
        if (doses := history.doses(slot))
    ]
    order: dict[object, int] = {}
    for history, slot, _ in parts:
        order.setdefault(_whose(history, slot), len(order))
    parts.sort(key=lambda each: (order[_whose(each[0], each[1])], each[2][0].at, each[2][0].fact.position))
    rows = [_of(asked, history, slot, doses) for history, slot, doses in parts]
    latest = {order[_whose(history, slot)]: found for (history, slot, _), found in zip(parts, rows, strict=True)}
    due = [each for each in latest.values() if each.values["review_due"]]
    beyond = [each for each in rows if _is_beyond(each)]
    return Found(
        tuple(rows),
        (
            figure("persons", "Persons", len(latest), everything(each.evidence for each in latest.values())),
            figure("due", "Reviews due before the next session", len(due), everything(each.evidence for each in due)),
            figure("beyond", "Sessions beyond the most", len(beyond), everything(each.evidence for each in beyond)),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Course:
    """
    What was said of the course that a session belongs to.

    `mark` is its start or last review before that session, `review` its last one before the next session.
    """

    started: Fact | None
    mark: Fact | None
    review: Fact | None
    said: tuple[Fact, ...]


def _whose(history: History, slot: Slot) -> object:
    """The person; a slot nobody can read any more is nobody else's."""
    person = history.person(slot)
    return (history.session, slot) if isinstance(person, Gone) else person


def _of(asked: Asked, history: History, slot: Slot, doses: list[Dose]) -> Row:
    person, first, figures = history.person(slot), doses[0], history.figures
    known = not isinstance(person, Gone)
    course = _course(history, slot, first)
    sessions = [each for _, _, each in history.dosed_sessions(slot) if each[0].at <= first.at]
    own = [each for each in sessions if course.started is None or each[0].at > course.started.at]
    since = [each for each in sessions if course.mark is None or each[0].at > course.mark.at]
    before = max(
        (dose for each in sessions if each[0].at < first.at for dose in each),
        key=lambda dose: (dose.counts_from, dose.fact.position),
        default=None,
    )
    after = None if figures is None else figures.dose.review_every
    return row(
        positions(
            *(dose.fact for dose in doses),
            None if before is None else before.fact,
            course.started,
            course.mark,
            *course.said,
        ),
        person=person if isinstance(person, str) else person.why,
        couple=None if history.couple is None else asked.codes.code(history.couple),
        session=history.session,
        dosed=as_instant(first.at),
        mg=str(sum((dose.mg for dose in doses), Decimal())),
        number=len(own) if known else None,
        planned=_planned(course),
        most=_most(history, course),
        hours=None if before is None else minutes_over(first.at - before.counts_from) // _HOUR,
        hours_asked=_hours_asked(history),
        since_review=len(since) if known else None,
        review_after=after,
        reviewed=None if course.review is None else as_instant(course.review.at),
        review_due=_is_due(len(since), after, course, first) if known else None,
        course=_state(course),
    )


def _course(history: History, slot: Slot, first: Dose) -> _Course:
    """The course of a session, and its last review before the person's next one."""
    facts = history.personal(slot, CourseStarted, CourseReviewed, CourseCompleted, CourseStopped)
    next_session = min(
        (each[0].at for _, _, each in history.dosed_sessions(slot) if each[0].at > first.at), default=None
    )
    starts = [fact for fact in facts if isinstance(fact.event, CourseStarted)]
    started = last([fact for fact in starts if fact.at < first.at])
    next_start = min((fact.at for fact in starts if fact.at > first.at), default=None)
    said = [
        fact
        for fact in facts
        if (started is None or fact.at >= started.at) and (next_start is None or fact.at < next_start)
    ]
    marks = [fact for fact in said if isinstance(fact.event, CourseStarted | CourseReviewed) and fact.at < first.at]
    reviews = [fact for fact in said if isinstance(fact.event, CourseReviewed)]
    until_next = [fact for fact in reviews if next_session is None or fact.at < next_session]
    return _Course(started, last(marks), last(until_next), tuple(said))


def _is_due(since: int, after: int | None, course: _Course, first: Dose) -> bool | None:
    """Whether a review has to come before the next session, and has not come since this one."""
    return None if after is None else since >= after and (course.review is None or course.review.at < first.at)


def _planned(course: _Course) -> Cell:
    """How many sessions were planned last."""
    plans = [
        fact.event.sessions_planned for fact in course.said if isinstance(fact.event, CourseStarted | CourseReviewed)
    ]
    known = [plan for plan in plans if plan is not None]
    return told(known[-1]) if known else None


def _most(history: History, course: _Course) -> int | None:
    """How many sessions the course may have; None where nobody can tell."""
    extended = [fact.event.extended_to for fact in course.said if isinstance(fact.event, CourseReviewed)]
    if history.figures is None or any(isinstance(each, Gone) for each in extended):
        return None
    return max([history.figures.dose.course_max, *(each for each in extended if isinstance(each, int))])


def _hours_asked(history: History) -> int | None:
    if history.figures is None:
        return None
    said = [fact.event for fact in history.ledger.registered(history.location)]
    retreat = any(isinstance(event, LocationRegistered) and event.kind == "retreat" for event in said)
    return history.figures.dose.gap_retreat_h if retreat else history.figures.dose.gap_clinic_h


def _state(course: _Course) -> Cell:
    latest = last([fact for fact in course.said if not isinstance(fact.event, CourseReviewed) or _decides(fact)])
    match None if latest is None else latest.event:
        case CourseCompleted():
            return "completed"
        case CourseStopped():
            return "stopped"
        case CourseReviewed(decision=decision):
            return {"pause": "paused", "stop": "to be stopped"}.get(str(told(decision)), "under way")
        case CourseStarted():
            return "under way"
        case _:
            return "not on record"


def _decides(fact: Fact) -> bool:
    return isinstance(fact.event, CourseReviewed) and not isinstance(fact.event.decision, Gone)


def _is_beyond(found: Row) -> bool:
    number, most = found.values["number"], found.values["most"]
    return isinstance(number, int) and isinstance(most, int) and number > most
