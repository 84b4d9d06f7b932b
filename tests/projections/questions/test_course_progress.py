"""The view of courses: each dosed session by number, how long after the one before, and when it was reviewed."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.events.course import CourseReviewed, CourseStarted
from tests.ledger.clinic import ANA, BEN, SESSION, blank, make
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.standing import unknown_person, unreadable
from tests.projections.rules.test_ord_06 import DAYS, held, reviewed

VIEW = "course-progress"
HERE = SESSION.removeprefix("session/")


def begins(day: Day, at: str, planned: int = 6) -> Day:
    """A course begins."""
    fields = {"liver_tests_reviewed": True, "sessions_planned": planned, "urinary_screened": True}
    return day.put(make("course-started/1", **(blank("course-started/1") | fields)), ANA, at)


def decided(day: Day, at: str, decision: str, **changes: Any) -> Day:
    """A review decides how it goes on."""
    fields = {
        "decision": decision,
        "liver_tests_reviewed": True,
        "sessions_given": 3,
        "urinary_screened": True,
    }
    return day.put(make("course-reviewed/1", **(blank("course-reviewed/1") | fields | changes)), ANA, at)


def ends(day: Day, at: str, how: str) -> Day:
    """The course ends as planned, or before."""
    fields: dict[str, Any] = {"sessions_given": 3}
    if how == "completed":
        fields |= {"liver_tests_reviewed": True, "urinary_screened": True}
    else:
        fields |= {"reason": "own-wish", "wished_by": "person"}
    return day.put(make(f"course-{how}/1", **(blank(f"course-{how}/1") | fields)), ANA, at)


def here(day: Day, *names: str, **how: Any) -> tuple[Any, ...]:
    """These cells of the row of the session of the 16th."""
    (only,) = told(asked(day, VIEW, session=HERE, **how), *names)
    return tuple(only)


def test_each_dosed_session_is_a_row_by_its_number_and_how_long_after_the_one_before() -> None:
    day = begins(held("13 10:00", "15 09:00"), "12 09:00")
    found = asked(day, VIEW)

    assert told(found, "number", "hours", "mg") == [(1, None, "100"), (2, 47, "100"), (3, 25, "100")]
    assert told(found, "person", "planned", "course")[-1] == (ANA, 6, "under way")
    assert counted(found, "persons") == 1


def test_hours_run_from_the_last_dose_and_what_is_asked_for_is_the_retreats() -> None:
    day = held("15 14:00", gap_retreat_h=20, gap_clinic_h=72)

    assert here(day, "hours", "hours_asked") == (20, 20)


def test_numbers_count_the_sessions_that_the_filter_leaves_out() -> None:
    assert here(held("13 10:00", "15 09:00"), "number") == (3,)


def test_a_new_course_counts_anew() -> None:
    day = begins(held(*DAYS[:3]), "10 12:00", planned=5)

    assert told(asked(day, VIEW), "number") == [(1,), (2,), (3,), (1,)]
    assert here(day, "number", "planned", "since_review") == (1, 5, 1)


@pytest.mark.parametrize(("before", "since", "due"), [(4, 5, False), (5, 6, True), (6, 7, True)])
def test_after_the_sixth_session_a_review_is_due_before_the_next(before: int, since: int, due: bool) -> None:
    day = held(*DAYS[:before])

    assert here(day, "since_review", "review_after", "review_due") == (since, 6, due)
    assert counted(asked(day, VIEW), "due") == int(due)


def test_a_review_before_it_begins_the_count_anew_and_one_after_it_is_no_longer_due() -> None:
    assert here(reviewed(held(*DAYS[:5]), "14 09:00"), "since_review", "reviewed", "review_due") == (1, "09:00", False)
    assert here(reviewed(held(*DAYS[:5]), "17:00"), "since_review", "reviewed", "review_due") == (6, "17:00", False)


def test_a_session_beyond_the_most_is_counted_unless_a_review_extended_it() -> None:
    long, extended = held(*DAYS[:3], course_max=3), reviewed(held(*DAYS[:3], course_max=3), "14 09:00", 4)

    assert (here(long, "number", "most"), counted(asked(long, VIEW), "beyond")) == ((4, 3), 1)
    assert (here(extended, "number", "most"), counted(asked(extended, VIEW), "beyond")) == ((4, 4), 0)


@pytest.mark.parametrize(
    ("tell", "state"),
    [
        (lambda day: day, "not on record"),
        (lambda day: begins(day, "12 09:00"), "under way"),
        (lambda day: decided(begins(day, "12 09:00"), "17:00", "pause"), "paused"),
        (lambda day: decided(begins(day, "12 09:00"), "17:00", "continue"), "under way"),
        (lambda day: decided(begins(day, "12 09:00"), "17:00", "stop"), "to be stopped"),
        (lambda day: ends(begins(day, "12 09:00"), "17:00", "completed"), "completed"),
        (lambda day: ends(begins(day, "12 09:00"), "17:00", "stopped"), "stopped"),
    ],
)
def test_the_state_of_the_course_is_the_last_that_was_said(tell: Any, state: str) -> None:
    assert here(tell(held()), "course") == (state,)


def test_the_plan_is_the_last_one_and_what_cannot_be_read_says_why() -> None:
    day = decided(begins(held(), "12 09:00"), "13 09:00", "continue", sessions_planned=8)

    assert here(day, "planned") == (8,)
    assert here(unreadable(day, CourseReviewed, "clinical"), "planned", "most") == ("withheld", None)
    assert here(unreadable(begins(held(), "12 09:00"), CourseStarted, "clinical"), "planned") == ("withheld",)


def test_a_person_nobody_can_read_any_more_has_no_numbers() -> None:
    assert here(unknown_person(held()), "person", "number", "since_review", "review_due") == (
        "withheld",
        None,
        None,
        None,
    )


def test_a_review_written_down_later_is_known_now_and_was_not_then() -> None:
    day = held(*DAYS[:5])
    size = len(day.placed)
    review = reviewed(day, "14 09:00").placed.pop()
    day.put(review.event, ANA, "14 09:00", recorded="15:00")

    assert here(day, "since_review") == (1,)
    assert here(day, "since_review", known_at=size) == (6,)


def test_one_partner_is_told_nothing_of_the_others_course() -> None:
    day = held("15 09:00").gives("b", "10:02")

    assert told(asked(day, VIEW, person=BEN), "person", "number") == [(BEN, 1)]
    assert asked(Day().opens(), VIEW).rows == ()
