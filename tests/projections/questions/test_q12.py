"""Question 12: who left before a release, what was done, and whether help was called."""

from __future__ import annotations

import pytest

from ledger.events.emergencies import LeftAgainstAdvice
from tests.ledger.clinic import BEN, SESSION, blank, make
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.leaving import went
from tests.projections.rules.standing import unreadable
from tests.projections.rules.watching_words import Watch


def dosed() -> Watch:
    """Both are dosed."""
    return Watch().opens().gives("a", "10:00").gives("b", "10:05")


def tries(day: Day, slot: str, at: str, *efforts: str) -> Day:
    """What was tried about a change of the way home."""
    fields = blank("transport-plan-deviation-recorded/1") | {"changed": ["mode"], "efforts": list(efforts)}
    return day.put(make("transport-plan-deviation-recorded/1", **fields), f"{SESSION}/{slot}", at)


def calls_for_help(day: Day, slot: str, at: str) -> Day:
    """An ambulance is called."""
    fields = blank("emergency-services-called/1") | {"service": "ambulance"}
    return day.put(make("emergency-services-called/1", **fields), f"{SESSION}/{slot}", at)


def test_leaving_against_advice_is_told_with_what_was_done() -> None:
    day = tries(dosed(), "a", "11:20", "refused", "keys-kept")
    went(day, "a", "11:30", attempts=["talked-to"])

    found = asked(day, "12")

    assert told(found, "partner", "left", "how", "done") == [
        ("A", "11:30", "against advice", "refused, keys-kept, talked-to")
    ]
    assert told(found, "capacity", "prescriber_told", "services_called") == [("has-capacity", "11:30", False)]
    assert counted(found, "count") == 1


def test_just_leaving_is_told_too_and_a_call_for_help_counts() -> None:
    day = calls_for_help(dosed().leaves("b", "11:00").calls("b", "11:02"), "b", "11:05")

    found = asked(day, "12")

    assert told(found, "partner", "how", "done", "prescriber_told", "services_called") == [
        ("B", "departed", None, "11:02", True)
    ]


@pytest.mark.parametrize(("released", "count"), [("12:59", 0), ("13:00", 0), ("13:01", 1)])
def test_a_release_up_to_that_moment_is_one(released: str, count: int) -> None:
    day = dosed().leaves("a", "13:00").releases("a", released)

    assert len(asked(day, "12").rows) == count


def test_whoever_is_still_here_was_not_dosed_or_was_transferred_did_not_leave() -> None:
    assert asked(dosed().is_taken_away("a", "11:00"), "12").rows == ()
    assert asked(Watch().opens().gives("a", "10:00").leaves("b", "11:00"), "12").rows == ()
    assert asked(dosed().leaves("a", "11:00"), "12", person=BEN).rows == ()


def test_a_release_that_was_written_down_later_is_known_now_and_was_not_then() -> None:
    day = dosed().leaves("a", "13:00")
    known = len(day.placed)
    day.releases("a", "12:55", recorded="15:00")

    assert asked(day, "12").rows == ()
    assert told(asked(day, "12", known_at=known), "left") == [("13:00",)]


def test_what_cannot_be_read_says_so() -> None:
    day = unreadable(went(dosed(), "a", "11:30"), LeftAgainstAdvice, "sensitive")

    assert told(asked(day, "12"), "done", "capacity", "services_called") == [("withheld", "withheld", "withheld")]
