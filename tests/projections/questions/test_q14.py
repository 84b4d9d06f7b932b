"""Question 14: minutes between the dose and being ready to leave."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.events.release import DischargeAssessed
from tests.ledger.clinic import BEN
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.leaving import assessed
from tests.projections.rules.standing import unreadable


def looked_at(at: str, slot: str = "a", **changes: Any) -> Day:
    """A is dosed at 10:00 and assessed."""
    return assessed(Day().opens().gives(slot, "10:00"), slot, at, **changes)


def test_the_first_assessment_that_would_have_let_them_go_counts() -> None:
    day = assessed(looked_at("11:30", moaas=3), "a", "11:45")
    day.releases("a", "12:10")

    found = asked(day, "14")

    assert told(found, "partner", "last_dose", "ready", "minutes", "before", "how", "released") == [
        ("A", "10:00", "11:45", 105, True, "its scores", 130)
    ]
    assert (counted(found, "count"), counted(found, "median"), counted(found, "before")) == (1, "105", 1)


@pytest.mark.parametrize(("at", "early"), [("11:59", True), ("12:00", False), ("12:01", False)])
def test_at_two_hours_it_is_not_before_them(at: str, early: bool) -> None:
    assert told(asked(looked_at(at), "14"), "before") == [(early,)]


def test_what_the_assessment_says_itself_goes_before_its_scores() -> None:
    found = asked(looked_at("12:30", ready_min=95, moaas=3), "14")

    assert told(found, "ready", "minutes", "how") == [("11:35", 95, "what the assessment says")]


@pytest.mark.parametrize(
    "short", [{"aldrete": 8}, {"moaas": 4}, {"cadss6": 9}, {"orientation": 3}, {"gait_steady": False}]
)
def test_one_score_or_sign_that_is_missing_is_enough_not_to_be_ready(short: dict[str, Any]) -> None:
    found = asked(looked_at("12:30", **short), "14")

    assert (found.rows, found.notes) == ((), ("1 who were dosed were never found ready on record.",))


def test_a_further_dose_starts_the_minutes_again() -> None:
    day = assessed(looked_at("11:00").gives("a", "11:10"), "a", "12:40")

    assert told(asked(day, "14"), "last_dose", "minutes") == [("11:10", 90)]


def test_the_median_of_two_is_between_them_and_nobody_dosed_has_none() -> None:
    day = assessed(looked_at("11:30").gives("b", "10:00"), "b", "11:45")

    assert counted(asked(day, "14"), "median") == "97.5"
    assert told(asked(day, "14", person=BEN), "partner") == [("B",)]
    nobody = asked(Day().opens(), "14")
    assert (nobody.rows, counted(nobody, "median")) == ((), None)


def test_an_assessment_that_was_written_down_later_is_known_now_and_was_not_then() -> None:
    day = looked_at("12:30")
    known = len(day.placed)
    earlier = assessed(day, "a", "11:40").placed.pop()
    day.put(earlier.event, earlier.payload.stream, "11:40", recorded="15:00")

    assert told(asked(day, "14"), "minutes") == [(100,)]
    assert told(asked(day, "14", known_at=known), "minutes") == [(150,)]


def test_values_that_are_gone_find_nobody_ready() -> None:
    assert asked(unreadable(looked_at("12:30"), DischargeAssessed, "clinical"), "14").rows == ()
