"""Question 16: how often and how much each person was dosed, and how their course stands."""

from __future__ import annotations

import pytest

from ledger.events.course import CourseReviewed
from tests.ledger.clinic import ANA, BEN, blank, make
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.standing import unreadable
from tests.projections.rules.test_ord_06 import DAYS, held, reviewed

COURSE = ("course", "most", "too_long", "since_review", "review_after", "no_review")


def begins_a_course(day: Day, at: str) -> Day:
    """A course begins."""
    fields = blank("course-started/1") | {
        "liver_tests_reviewed": True,
        "sessions_planned": 6,
        "urinary_screened": True,
    }
    return day.put(make("course-started/1", **fields), ANA, at)


def test_sessions_are_counted_in_three_windows_with_all_that_was_given() -> None:
    found = asked(held("8 09:00", "12 09:00").gives("a", "11:00", "50"), "16")

    assert told(found, "person", "latest", "week", "month", "year", "mg") == [(ANA, "10:00", 2, 3, 3, "350")]
    assert told(found, *COURSE) == [(3, 20, False, 3, 6, False)]


@pytest.mark.parametrize(("as_of", "week"), [("23 09:59:59", 1), ("23 10:00:00", 0)])
def test_a_session_exactly_seven_days_ago_is_out(as_of: str, week: int) -> None:
    assert told(asked(held(), "16", as_of=as_of), "week", "month") == [(week, 1)]


def test_nobody_who_was_dosed_is_nobody_in_a_row() -> None:
    assert asked(Day().opens(), "16").rows == ()
    assert asked(held(), "16", person=BEN).rows == ()


def test_the_seventh_session_without_a_review_is_one_too_many() -> None:
    sixth, seventh = asked(held(*DAYS[:5]), "16"), asked(held(*DAYS), "16")

    assert (counted(sixth, "no_review"), counted(seventh, "no_review")) == (0, 1)
    assert counted(asked(reviewed(held(*DAYS), "14 09:00"), "16"), "no_review") == 0


def test_a_course_beyond_the_protocols_number_is_too_long_unless_a_review_extended_it() -> None:
    assert counted(asked(held(*DAYS[:2], course_max=3), "16"), "too_long") == 0
    assert counted(asked(held(*DAYS[:3], course_max=3), "16"), "too_long") == 1
    assert counted(asked(reviewed(held(*DAYS[:3], course_max=3), "14 09:00", 4), "16"), "too_long") == 0


def test_a_new_course_counts_from_its_first_session() -> None:
    found = asked(begins_a_course(held(*DAYS[:3]), "11 12:00"), "16")

    assert told(found, "year", "course", "since_review") == [(4, 1, 1)]


def test_a_review_that_was_written_down_later_is_known_now_and_was_not_then() -> None:
    day = held(*DAYS)
    known = len(day.placed)
    review = reviewed(day, "14 09:00").placed.pop()
    day.put(review.event, ANA, "14 09:00", recorded="15:00")

    assert told(asked(day, "16"), "no_review") == [(False,)]
    assert told(asked(day, "16", known_at=known), "no_review") == [(True,)]


def test_whether_a_course_is_too_long_is_open_where_its_extension_cannot_be_read() -> None:
    day = unreadable(reviewed(held(*DAYS[:3], course_max=3), "14 09:00", 4), CourseReviewed, "clinical")

    assert told(asked(day, "16"), "most", "too_long") == [(None, None)]
