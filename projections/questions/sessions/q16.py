"""Question 16: how often and how much each person was dosed, and how their course stands."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from ledger.events.course import CourseReviewed, CourseStarted
from ledger.events.fields import Gone
from ledger.vocabulary import Slot
from projections.compliance.doses import Dose
from projections.compliance.history import History
from projections.compliance.known import last
from projections.compliance.moments import DAY, as_instant
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, positions

_WINDOWS = {"week": 7 * DAY, "month": 30 * DAY, "year": 365 * DAY}


@question(
    "16",
    "How often and how much was each person dosed, and whose course is too long or without a review?",
    section="sessions",
    columns=(
        Column("person", "Person", "record"),
        Column("latest", "Last dosed session", "instant"),
        Column("week", "Sessions in 7 days", "number"),
        Column("month", "In 30 days", "number"),
        Column("year", "In 365 days", "number"),
        Column("mg", "mg altogether"),
        Column("course", "Sessions of the course", "number"),
        Column("most", "At most", "number"),
        Column("too_long", "Too long", "yes-no"),
        Column("since_review", "Sessions since a review", "number"),
        Column("review_after", "A review after", "number"),
        Column("no_review", "Without a review", "yes-no"),
    ),
    takes=("person",),
    empty="Nobody was dosed.",
    reading=(
        "Dosed sessions by their first dose, in the 168 hours, 30 and 365 days of 24 hours up to the moment of the "
        "question. A course begins with the first session after `course-started`, or with the first of all; it is too "
        "long beyond the protocol's number, by default 20 [D], or that to which a review extended it, and without a "
        "review when more sessions than the protocol's, by default 6 [D], were given since the last one. Figures are "
        "those of the last session's protocol; ORD-06 judges each session by its own. Whoever cannot be read any more "
        "is in no row."
    ),
)
def q16(asked: Asked) -> Found:
    """One row for each person who was ever dosed, by their first dose."""
    persons = list(dict.fromkeys([*asked.ledger.known.slots_of, *asked.ledger.names("person")]))
    chosen = persons if asked.person is None else [asked.person]
    given = [(person, found) for person in chosen if (found := _dosed(asked, person))]
    given.sort(key=lambda each: (each[1][0][2][0].at, each[1][0][2][0].fact.position))
    rows = [_of(asked, person, found) for person, found in given]
    long = [each for each in rows if each.values["too_long"]]
    unreviewed = [each for each in rows if each.values["no_review"]]
    return Found(
        tuple(rows),
        (
            figure("too_long", "Courses that are too long", len(long), everything(each.evidence for each in long)),
            figure(
                "no_review",
                "Courses without a review",
                len(unreviewed),
                everything(each.evidence for each in unreviewed),
            ),
        ),
    )


def _dosed(asked: Asked, person: str) -> list[tuple[History, Slot, list[Dose]]]:
    """The sessions in which somebody was dosed, by their first dose."""
    sessions = [(history, slot, history.doses(slot)) for history, slot in asked.ledger.sessions_of(person)]
    dosed = [each for each in sessions if each[2]]
    return sorted(dosed, key=lambda each: (each[2][0].at, each[2][0].fact.position))


def _of(asked: Asked, person: str, sessions: list[tuple[History, Slot, list[Dose]]]) -> Row:
    *_, (latest, _, _) = sessions
    figures = latest.figures
    firsts = [doses[0] for _, _, doses in sessions]
    said = asked.ledger.on(person, CourseStarted, CourseReviewed)
    started = last([fact for fact in said if isinstance(fact.event, CourseStarted)])
    mark = last(said)
    course = [dose for dose in firsts if started is None or dose.at > started.at]
    since = [dose for dose in firsts if mark is None or dose.at > mark.at]
    extended = [fact.event.extended_to for fact in said if isinstance(fact.event, CourseReviewed)]
    unread = any(isinstance(each, Gone) for each in extended)
    known = [each for each in extended if isinstance(each, int)]
    most = None if figures is None or unread else max([figures.dose.course_max, *known])
    after = None if figures is None else figures.dose.review_every
    return row(
        [*(dose.fact.position for _, _, doses in sessions for dose in doses), *positions(*said)],
        person=person,
        latest=as_instant(firsts[-1].at),
        **{name: _within(asked, firsts, length) for name, length in _WINDOWS.items()},
        mg=str(sum((dose.mg for _, _, doses in sessions for dose in doses), Decimal())),
        course=len(course),
        most=most,
        too_long=None if most is None else len(course) > most,
        since_review=len(since),
        review_after=after,
        no_review=None if after is None else len(since) > after,
    )


def _within(asked: Asked, doses: list[Dose], length: timedelta) -> int:
    return sum(dose.at > asked.ledger.as_of - length for dose in doses)
