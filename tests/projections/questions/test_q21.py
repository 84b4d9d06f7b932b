"""Question 21: serious adverse events, and when each clock was met."""

from __future__ import annotations

import pytest

from ledger.events.adverse import AdverseEventRecorded
from tests.ledger.clinic import BEN
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.afterwards_words import After, begun
from tests.projections.rules.standing import unreadable

CLOCKS = ("clock", "limit", "met_at", "verdict")


def serious(regime: str = "off-label", at: str = "11:00") -> After:
    """An adverse event of A turns out to be serious."""
    return begun(choices={"serious_regime": regime}).goes_badly("a", "10:30").turns_serious("a", at)


def test_a_prescriber_who_was_called_in_time_meets_the_clock() -> None:
    found = asked(serious().calls("a", "11:05"), "21")

    assert told(found, "partner", "term", "aware", *CLOCKS) == [
        ("A", "hypertension", "11:00", "prescriber", "11:15", "11:05", "met")
    ]
    assert (counted(found, "count"), counted(found, "missed")) == (1, 0)


@pytest.mark.parametrize(("called", "missed"), [("11:15", 0), ("11:16", 1)])
def test_at_the_limit_itself_it_is_met(called: str, missed: int) -> None:
    assert counted(asked(serious().calls("a", called), "21"), "missed") == missed


def test_the_report_that_the_regime_asks_for_is_a_clock_of_its_own() -> None:
    story = serious("rems").calls("a", "11:05")
    waiting = asked(story, "21")
    event = next(i for i, each in enumerate(story.placed) if isinstance(each.event, AdverseEventRecorded))
    done = asked(story.reports("a", "18 09:00", of=event, receiver="rems"), "21", as_of="19 09:00")

    assert told(waiting, "clock", "verdict") == [("prescriber", "met"), ("rems", "pending")]
    assert told(done, *CLOCKS)[1:] == [("rems", "11:00", "09:00", "met")]
    assert counted(asked(serious("rems"), "21", as_of="24 09:00"), "missed") == 2


def test_a_report_to_the_state_is_told_without_a_limit() -> None:
    story = serious().calls("a", "11:05")
    event = next(i for i, each in enumerate(story.placed) if isinstance(each.event, AdverseEventRecorded))
    found = asked(story.reports("a", "14:00", of=event, receiver="state"), "21")

    assert told(found, *CLOCKS)[1] == ("state", None, "14:00", None)


def test_what_is_not_serious_or_of_the_other_is_not_told() -> None:
    assert asked(begun().goes_badly("a", "10:30"), "21").rows == ()
    assert asked(serious(), "21", person=BEN).rows == ()


def test_a_call_that_was_written_down_later_is_known_now_and_was_not_then() -> None:
    day = serious()
    known = len(day.placed)
    day.calls("a", "11:05", recorded="15:00")

    assert told(asked(day, "21"), "verdict") == [("met",)]
    assert told(asked(day, "21", known_at=known), "verdict") == [("breached",)]


def test_what_cannot_be_read_is_counted_in_a_note() -> None:
    found = asked(unreadable(begun().goes_badly("a", "10:30"), AdverseEventRecorded, "sensitive"), "21")

    assert (found.rows, len(found.notes)) == ((), 1)
