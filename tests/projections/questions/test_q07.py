"""Question 7: doses given on a high blood pressure, who decided, and why."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.events.arrival import PreDoseAssessed
from ledger.events.holds import HoldReleased
from tests.ledger.clinic import MD1
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.standing import decided, unreadable
from tests.projections.rules.standing import measured as assessed_before


def measured(systolic: int, diastolic: int, **figures: Any) -> Day:
    """A is measured at 09:50."""
    return assessed_before(Day().opens(before_dose=figures), "a", "09:50", (systolic, diastolic))


def test_a_dose_on_a_high_reading_names_who_decided_and_why() -> None:
    day = decided(measured(152, 88), "a", "09:55").gives("a", "10:00")

    found = asked(day, "7")

    assert told(found, "partner", "dosed", "mg", "pressure", "limit", "age") == [
        ("A", "10:00", "100", "152/88", "140/90", 10)
    ]
    assert told(found, "decision", "decided_by", "role", "reason") == [("give", MD1, "prescriber", "Calm.")]
    assert (counted(found, "count"), counted(found, "undecided")) == (1, 0)


def test_one_that_nobody_decided_is_told_with_nothing_in_its_place() -> None:
    found = asked(decided(measured(152, 88), "a", "09:45").gives("a", "10:00"), "7")

    assert told(found, "decision", "decided_by", "reason") == [(None, None, None)]
    assert counted(found, "undecided") == 1


@pytest.mark.parametrize(("pressure", "told_of"), [((140, 90), 0), ((141, 90), 1), ((140, 91), 1)])
def test_the_limit_itself_is_not_above_it(pressure: tuple[int, int], told_of: int) -> None:
    assert len(asked(measured(*pressure).gives("a", "10:00"), "7").rows) == told_of


def test_the_limit_is_the_protocols() -> None:
    limit = {"hold_bp": {"diastolic": 100, "systolic": 160}}

    assert asked(measured(152, 88, **limit).gives("a", "10:00"), "7").rows == ()


def test_the_last_reading_before_each_dose_counts_and_one_after_it_does_not() -> None:
    calm_before = assessed_before(measured(152, 88), "a", "09:58", (130, 80)).gives("a", "10:00")
    high_after = assessed_before(measured(130, 80).gives("a", "10:00"), "a", "10:01", (160, 80))

    assert asked(calm_before, "7").rows == ()
    assert asked(high_after, "7").rows == ()
    assert told(asked(high_after.gives("a", "11:00"), "7"), "dosed", "pressure") == [("11:00", "160/80")]


def test_a_reading_that_came_to_light_later_is_known_now_and_was_not_then() -> None:
    day = Day().opens().gives("a", "10:00")
    known = len(day.placed)
    day.looks_at("a", "09:50", recorded="14:00", blood_pressure={"diastolic": 95, "systolic": 150})

    assert told(asked(day, "7"), "pressure") == [("150/95",)]
    assert asked(day, "7", known_at=known).rows == ()


def test_what_cannot_be_read_is_counted_and_a_reason_that_is_gone_says_so() -> None:
    def dosed() -> Day:
        return decided(measured(152, 88), "a", "09:55").gives("a", "10:00")

    unread = asked(unreadable(dosed(), PreDoseAssessed, "clinical"), "7")
    assert (unread.rows, len(unread.notes)) == ((), 1)
    assert told(asked(unreadable(dosed(), HoldReleased, "sensitive"), "7"), "reason") == [("withheld",)]
