"""Question 9: consent and promises that were signed, or written down, only after the dose."""

from __future__ import annotations

import pytest

from ledger.events.lifecycle import SessionScheduled
from tests.ledger.clinic import BEN
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.standing import (
    consented,
    plans_the_way_home,
    unreadable,
    will_not_drive,
    withdrawn,
)

PLAN, PROMISE = "transport plan", "no-driving acknowledgement"


def signed(consent: str = "5 11:00", plan: str = "09:10", promise: str = "09:11", *, recorded: str = "") -> Day:
    """A is dosed at 10:00 and signs at these times."""
    day = consented(Day().opens(), "a", consent, recorded=recorded)
    return will_not_drive(plans_the_way_home(day, "a", plan), "a", promise).gives("a", "10:00")


def test_what_was_signed_before_the_dose_is_not_told() -> None:
    assert asked(signed(), "9").rows == ()


def test_what_was_signed_after_it_is_told_with_the_minutes() -> None:
    found = asked(signed("10:20", "10:05", "10:06"), "9")

    assert told(found, "what", "how", "signed", "minutes") == [
        ("consent", "signed after the dose", "10:20", 20),
        (PLAN, "signed after the dose", "10:05", 5),
        (PROMISE, "signed after the dose", "10:06", 6),
    ]
    assert counted(found, "count") == 3


@pytest.mark.parametrize(("plan", "names"), [("09:59", []), ("10:00", [(PLAN, 0)]), ("10:01", [(PLAN, 1)])])
def test_the_very_moment_of_the_dose_is_not_before_it(plan: str, names: list[tuple[str, int]]) -> None:
    assert told(asked(signed(plan=plan), "9"), "what", "minutes") == names


def test_what_was_written_down_after_the_dose_is_told_as_such() -> None:
    found = asked(signed(recorded="13:00"), "9")

    assert told(found, "what", "how", "signed", "written", "minutes") == [
        ("consent", "written down after the dose", "11:00", "13:00", 180)
    ]


def test_what_was_never_signed_is_told() -> None:
    found = asked(Day().opens().gives("a", "10:00"), "9")

    assert told(found, "what", "how", "minutes") == [
        (what, "never signed", None) for what in ("consent", PLAN, PROMISE)
    ]
    assert asked(Day().opens().gives("a", "10:00"), "9", person=BEN).rows == ()


def test_a_consent_that_was_withdrawn_is_none() -> None:
    def with_withdrawal() -> Day:
        day = withdrawn(consented(Day().opens(), "a"), "a", "09:00")
        return will_not_drive(plans_the_way_home(day, "a", "09:10"), "a", "09:11").gives("a", "10:00")

    assert told(asked(with_withdrawal(), "9"), "how") == [("withdrawn, and not signed since",)]
    again = consented(with_withdrawal(), "a", "10:30")
    assert told(asked(again, "9"), "how", "minutes") == [("withdrawn, and signed again after the dose", 30)]


def test_a_promise_that_was_handed_in_later_is_known_now_and_was_not_then() -> None:
    day = plans_the_way_home(consented(Day().opens(), "a"), "a", "09:10").gives("a", "10:00")
    known = len(day.placed)
    promise = will_not_drive(day, "a", "09:11").placed.pop()
    day.put(promise.event, promise.payload.stream, "09:11", recorded="14:00")

    assert told(asked(day, "9"), "what", "how") == [(PROMISE, "written down after the dose")]
    assert told(asked(day, "9", known_at=known), "what", "how") == [(PROMISE, "never signed")]


def test_whose_consent_nobody_can_look_for_is_counted_in_a_note() -> None:
    found = asked(unreadable(signed(), SessionScheduled, "identity"), "9")

    assert (found.rows, len(found.notes)) == ((), 1)
