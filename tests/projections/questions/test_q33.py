"""Question 33: labels and containers that were used for more than one person."""

from __future__ import annotations

from tests.ledger.clinic import OWN_A
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.standing import VIAL, handed_in, received

COLUMNS = ("of", "name", "whose", "people", "doses", "concern")


def stocked() -> Day:
    return handed_in(received(Day().opens()))


def test_a_vial_for_two_is_listed_and_no_concern() -> None:
    day = stocked().gives("a", "10:00", "30", container=VIAL, label="L-A")
    day.gives("b", "10:05", "40", container=VIAL, label="L-B")
    answer = asked(day, "33")

    assert told(answer, *COLUMNS) == [("container", "V-1", "clinic", 2, 2, False)]
    assert counted(answer, "count") == 0


def test_one_prepared_dose_for_two_is_a_concern() -> None:
    day = stocked().gives("a", "10:00", "30", container=VIAL, label="L-A")
    day.gives("b", "10:05", "40", container=VIAL, label="L-A")

    assert told(asked(day, "33"), *COLUMNS) == [
        ("label", "L-A", "clinic", 2, 2, True),
        ("container", "V-1", "clinic", 2, 2, False),
    ]


def test_ones_own_lozenges_for_two_are_a_concern() -> None:
    day = stocked().gives("a", "10:00", "100").gives("b", "10:05", "100", container=OWN_A)

    assert told(asked(day, "33"), *COLUMNS) == [("container", "own-A", "own", 2, 2, True)]


def test_several_doses_of_one_person_are_nothing() -> None:
    day = stocked().gives("a", "10:00", "100", label="L").gives("a", "11:00", "100", label="L")

    assert asked(day, "33").rows == ()
