"""Question 30: somebody's own lozenges used by anyone else, and what is left of each one's own."""

from __future__ import annotations

from tests.ledger.clinic import ANA, BEN
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.standing import handed_in, received
from tests.projections.rules.stock_words import own_counted


def used(slot: str) -> Day:
    return handed_in(Day().opens()).gives(slot, "10:00", "150")


def test_what_the_owner_took_is_a_balance_alone() -> None:
    answer = asked(own_counted(used("a"), "17:00", "8.25"), "30")

    columns = ("of", "container", "came", "given", "back", "left", "units", "difference")
    assert told(answer, *columns) == [("balance", "own-A", "1000", "150", "0", "850", "8.5", "-25")]
    assert counted(answer, "count") == 0


def test_what_somebody_else_took_is_told_first() -> None:
    answer = asked(used("b"), "30")

    assert told(answer, "of", "partner", "container") == [("use", "B", "own-A"), ("balance", None, "own-A")]
    assert counted(answer, "count") == 1
    assert "somebody else's own" in str(answer.rows[0].values["sentence"])


def test_a_participant_is_told_of_alone() -> None:
    day = used("b")

    assert told(asked(day, "30", person=BEN), "of") == [("use",)]
    assert told(asked(day, "30", person=ANA), "of") == []


def test_the_clinics_stock_is_not_among_it() -> None:
    assert asked(received(Day().opens()), "30").rows == ()
