"""Question 8: doses without, before or outside an order, and orders by word of mouth that nobody signed in time."""

from __future__ import annotations

import pytest

from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.standing import cosigned, ordered, reference, told_by_word


def test_a_dose_without_an_order_is_told() -> None:
    found = asked(Day().opens().gives("a", "10:00"), "8")

    assert told(found, "partner", "rule") == [("A", "ORD-01"), ("A", "ORD-02")]
    assert counted(found, "count") == 2


def test_a_dose_on_its_order_is_not_and_one_above_it_is() -> None:
    def with_order(mg: str) -> Day:
        return ordered(Day().opens(), "a").gives("a", "10:00", mg)

    assert asked(with_order("100"), "8").rows == ()
    assert told(asked(with_order("101"), "8"), "rule") == [("ORD-02",)]


def test_an_order_by_word_of_mouth_that_nobody_signed_is_told_also_without_a_dose() -> None:
    day = told_by_word(Day().opens(), "a", "09:50")

    found = asked(day, "8", as_of="17 10:00")

    assert told(found, "partner", "rule", "made_at") == [("A", None, None)]
    assert "was not signed; 24 h are given" in str(found.rows[0].values["sentence"])


def test_the_order_of_a_dose_is_told_once() -> None:
    day = told_by_word(Day().opens(), "a", "09:50").gives("a", "10:00")

    found = told(asked(day, "8", as_of="17 10:00"), "rule", "sentence")

    assert [rule for rule, sentence in found if "by word of mouth" in sentence] == ["ORD-01"]


@pytest.mark.parametrize(("as_of", "count"), [("17 09:50:00", 0), ("17 09:50:01", 1)])
def test_at_the_limit_itself_it_waits_still(as_of: str, count: int) -> None:
    assert len(asked(told_by_word(Day().opens(), "a", "09:50"), "8", as_of=as_of).rows) == count


@pytest.mark.parametrize(("signed", "count"), [("17 09:50", 0), ("17 09:51", 1)])
def test_signed_at_the_limit_is_in_time(signed: str, count: int) -> None:
    day = told_by_word(Day().opens(), "a", "09:50")
    cosigned(day, "a", reference(day), signed)

    assert len(asked(day, "8", as_of="18 10:00").rows) == count


def test_a_signature_that_came_to_light_later_is_known_now_and_was_not_then() -> None:
    day = told_by_word(Day().opens(), "a", "09:50")
    order = reference(day)
    known = len(day.placed)
    signature = cosigned(day, "a", order, "20:00").placed.pop()
    day.put(signature.event, signature.payload.stream, "20:00", recorded="17 14:00")

    assert asked(day, "8", as_of="18 10:00").rows == ()
    assert len(asked(day, "8", as_of="18 10:00", known_at=known).rows) == 1
