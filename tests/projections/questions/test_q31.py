"""Question 31: thefts and significant losses, and when each was reported."""

from __future__ import annotations

from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.standing import reference
from tests.projections.rules.test_cs_06 import filed, opened, otherwise, short, stolen, taken_for, told_the_dea

COLUMNS = ("taken_for", "discovered", "notice_due", "notice", "notice_hours", "form", "form_days", "in_time")


def losses(day: Day, as_of: str = "20 18:00") -> list[tuple[object, ...]]:
    return told(asked(day, "31", as_of=as_of), *COLUMNS)


def test_a_theft_reported_in_time() -> None:
    day = filed(told_the_dea(stolen(), "18 09:00"), "20 10:00")

    assert losses(day) == [("theft", "18:00", "23:59:59", "09:00", 39, "10:00", 3, True)]
    assert told(asked(day, "31", as_of="20 18:00"), "container", "difference") == [("V-1", "-10")]


def test_in_time_is_open_until_something_is_overdue() -> None:
    assert losses(stolen(), "18 23:59:59")[0][-1] is None
    assert losses(stolen(), "19 00:00")[0][-1] is False
    assert losses(told_the_dea(stolen(), "18 09:00"))[0][-1] is None
    assert losses(told_the_dea(stolen(), "18 09:00"), "2026-07-01 00:00")[0][-1] is False
    assert counted(asked(stolen(), "31", as_of="19 00:00"), "late") == 1


def test_discovered_is_when_it_was_first_taken_for_one() -> None:
    day = opened(short(), "16 18:00")
    assert losses(day) == []
    taken_for(day, "20 09:00", "significant-loss", reference(day))

    assert losses(day)[0][:2] == ("significant-loss", "09:00")


def test_what_was_taken_for_something_else_in_time_is_said() -> None:
    (found,) = told(asked(otherwise("18 12:00"), "31", as_of="2026-08-01 12:00"), "in_time", "otherwise")

    assert found == (True, "12:00")
