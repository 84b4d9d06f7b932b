"""Question 32: who was at the stock outside the staffed hours."""

from __future__ import annotations

from tests.ledger.clinic import MD1, RN1
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.standing import received
from tests.projections.rules.stock_words import counted as count
from tests.projections.rules.stock_words import opened


def day() -> Day:
    """The vial is opened at half past nine in the evening, and counted at five in the morning."""
    return count(opened(received(Day().opens()), "21:30"), "17 05:00", "500")


def test_everybody_who_signed_is_told_with_how_often() -> None:
    answer = asked(day(), "32", as_of="17 18:00")

    assert told(answer, "staff", "at", "what", "about", "times") == [
        (RN1, "21:30", "container opened", "V-1", 2),
        (RN1, "05:00", "inventory counted", "R-1", 2),
        (MD1, "05:00", "inventory counted", "R-1", 1),
    ]
    assert (counted(answer, "count"), counted(answer, "staff")) == (2, 2)


def test_within_the_hours_nobody_is() -> None:
    assert asked(count(opened(received(Day().opens()), "20:59"), "17 07:00", "500"), "32", as_of="17 18:00").rows == ()


def test_it_is_asked_by_day_place_and_container() -> None:
    assert counted(asked(day(), "32", as_of="17 18:00", to="2026-05-16"), "count") == 1
    assert counted(asked(day(), "32", as_of="17 18:00", since="2026-05-17"), "count") == 1
    assert counted(asked(day(), "32", as_of="17 18:00", container="V-1"), "count") == 1
    assert counted(asked(day(), "32", as_of="17 18:00", location="R-1"), "count") == 2
