"""Question 44: how far each device's clock was off, and which entries have an uncertain time."""

from __future__ import annotations

import pytest

from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day

COLUMNS = ("device", "entries", "heard", "last", "furthest", "adjusted", "uncertain")


def heard(ahead: float | None) -> Day:
    """The tablet brings two checks two hours later, its clock so many seconds ahead."""
    day = Day().opens().enrols("08:00").hears("12:30", 1, 2, ahead)
    return day.brings("a", "10:15", 1, received="12:30").brings("a", "10:30", 2, received="12:30")


@pytest.mark.parametrize(
    ("ahead", "row"),
    [
        (0, ("T-1", 2, 1, 0, 0, 0, 0)),
        (60, ("T-1", 2, 1, 60, 60, 0, 0)),
        (61, ("T-1", 2, 1, 61, 61, 2, 0)),
        (-600, ("T-1", 2, 1, -600, -600, 2, 0)),
        (601, ("T-1", 2, 1, 601, 601, 2, 2)),
        (None, ("T-1", 2, 1, None, None, 0, 2)),
    ],
)
def test_the_limits_are_those_of_the_rule(ahead: float | None, row: tuple[object, ...]) -> None:
    found = asked(heard(ahead), "44", as_of="18:00")

    assert told(found, *COLUMNS) == [row]
    assert counted(found, "uncertain") == row[-1]


def test_what_came_as_it_was_written_is_certain_without_a_sync() -> None:
    at_once = Day().opens().brings("a", "10:15", 1)
    late = Day().opens().brings("a", "10:15", 1, received="12:30")

    assert [told(asked(each, "44"), "uncertain")[0][0] for each in (at_once, late)] == [0, 1]
    assert asked(Day().opens(), "44").rows == ()
