"""Question 28: inventories that are due or overdue, and discrepancies with how long they took."""

from __future__ import annotations

from typing import Any

from tests.ledger.clinic import make
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.standing import VIAL, handed_in, reference
from tests.projections.rules.stock_words import mass
from tests.projections.rules.test_cs_03 import ALONE, destroyed, stock, weekly
from tests.projections.rules.test_cs_06 import CO, opened, short

PLACE = ("initial", "inventory", "due", "overdue", "counted", "count_due")


def places(day: Day, as_of: str = "10 18:00") -> list[tuple[object, ...]]:
    return [each[1:] for each in told(asked(day, "28", as_of=as_of), "of", *PLACE) if each[0] == "place"]


def discrepancies(day: Day, **how: Any) -> list[tuple[object, ...]]:
    names = ("of", "container", "found", "difference", "suspicion", "resolved", "outcome", "hours")
    return [each[1:] for each in told(asked(day, "28", as_of="20 18:00", **how), *names) if each[0] == "discrepancy"]


def resolved(day: Day, at: str, mg: str = "490") -> Day:
    fields = {"balance": mass(mg), "explained_by": None, "outcome": "written-off"}
    event = make("discrepancy-resolved/1", discrepancy=reference(day), **fields)
    return day.put(event, VIAL, at, who=CO)


def test_a_place_is_told_when_the_next_inventory_is_due() -> None:
    assert places(weekly("9 18:00")) == [("09:59", "09:59", "2028-05-01", False, "18:00", "2026-05-16")]


def test_overdue_is_what_is_too_long_ago_or_was_never_done() -> None:
    assert places(weekly("9 18:00"), "16 23:59")[0][3] is False
    assert places(weekly("9 18:00"), "17 00:00")[0][3] is True
    assert places(weekly("9 18:00", "2028-05-01 17:00"), "2028-05-01 18:00")[0][3] is False
    assert places(weekly("9 18:00", "2028-05-01 17:00"), "2028-05-02 00:00")[0][3] is True
    assert places(stock("")) == [(None, None, None, True, None, None)]
    assert places(stock(who=ALONE))[0][3] is True
    assert counted(asked(stock(""), "28"), "overdue") == 1


def test_a_place_that_holds_nothing_now_is_not_overdue() -> None:
    assert places(destroyed(stock(""), "3 09:00"))[0][3] is False


def test_a_discrepancy_with_how_long_it_took() -> None:
    day = opened(short(), "16 18:00")
    resolved(day, "18 19:30")

    assert discrepancies(day) == [("V-1", "18:00", "-10", "unknown", "19:30", "written-off", 49)]


def test_one_that_is_not_resolved_and_one_that_nobody_opened() -> None:
    assert discrepancies(opened(short(), "16 18:00")) == [("V-1", "18:00", "-10", "unknown", None, None, None)]
    assert discrepancies(short()) == [("V-1", None, "-10", None, None, None, None)]
    assert counted(asked(short(), "28", as_of="20 18:00"), "unresolved") == 1


def test_they_are_chosen_by_their_day() -> None:
    day = opened(short(), "16 18:00")

    assert discrepancies(day, to="2026-05-15") == []
    assert len(discrepancies(day, container="V-1")) == 1


def test_where_there_is_no_stock_there_is_nothing() -> None:
    assert asked(handed_in(Day().opens()), "28").rows == ()
