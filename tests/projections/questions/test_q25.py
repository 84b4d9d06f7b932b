"""Question 25: the running balance of a container, at any moment."""

from __future__ import annotations

import pytest

from ledger.errors import Refused
from tests.ledger.clinic import OWN_A
from tests.projections.questions.test_q24 import vial
from tests.projections.questions.words import asked, counted, told


def test_each_movement_with_the_balance_after_it() -> None:
    answer = asked(vial(), "25", container="V-1")

    assert told(answer, "at", "what", "mg", "change", "balance", "units") == [
        ("10:00", "received", "500", "500", "500", "10"),
        ("09:55", "opened", None, "0", "500", "10"),
        ("10:00", "dose", "40", "-40", "460", "9.2"),
        ("10:02", "dose", "30", "-30", "430", "8.6"),
        ("10:12", "wasted", "5", "-5", "425", "8.5"),
        ("17:00", "counted", "425", "0", "425", "8.5"),
    ]
    assert told(answer, "expected", "difference")[-1] == ("425", "0")


@pytest.mark.parametrize(
    ("as_of", "balance"),
    [("2 10:00", "500"), ("10:01", "460"), ("10:02", "430"), ("10:11:59", "430"), ("10:12", "425")],
)
def test_the_balance_at_any_moment(as_of: str, balance: str) -> None:
    assert counted(asked(vial(), "25", container="V-1", as_of=as_of), "balance-V-1") == balance


def test_before_it_came_there_is_no_such_container() -> None:
    day = vial()
    size = next(place for place, each in enumerate(day.placed) if each.event.type == "stock-received/1")
    with pytest.raises(Refused, match="no container V-1"):
        asked(day, "25", container="V-1", known_at=size)


def test_a_dose_that_is_corrected_moves_the_balance_now_and_not_then() -> None:
    day = vial()
    at = next(place for place, each in enumerate(day.placed) if each.event.type == "dose-administered/1")
    then = len(day.placed)
    day.corrects("18:00", ("mass", {"unit": "mg", "value": "40"}, {"unit": "mg", "value": "45"}), of=at)
    day.signs("18:05")

    assert counted(asked(day, "25", container="V-1", as_of="19:00"), "balance-V-1") == "420"
    assert counted(asked(day, "25", container="V-1", as_of="19:00", known_at=then), "balance-V-1") == "425"


def test_what_should_not_be_is_said_beside_the_movement() -> None:
    day = vial().gives("b", "12:00", "900", container=OWN_A)
    answer = asked(day, "25", container="own-A", as_of="12:30")

    assert told(answer, "balance", "odd") == [("1000", None), ("850", None), ("-50", "the balance is below zero")]


def test_every_container_without_a_filter_and_the_name_of_the_view() -> None:
    answer = asked(vial(), "running-balance")

    assert {each[0] for each in told(answer, "container")} == {"V-1", "own-A"}
    assert told(asked(vial(), "25", since="2026-05-17"), "container") == []
