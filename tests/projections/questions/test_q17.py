"""Question 17: how soon something was done about a low oxygen saturation, in groups only."""

from __future__ import annotations

import pytest

from ledger.events.supervision import SupervisionChecked
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.standing import unreadable
from tests.projections.rules.watching_words import Watch


def begun(**figures: int) -> Watch:
    """A is dosed at 10:00."""
    return Watch().opens(supervision=figures).gives("a", "10:00")


def lows(day: Watch, hour: int, count: int, after: int | None, spo2: int = 91) -> Watch:
    """So many low readings in an hour, six minutes apart, each answered after so many minutes."""
    for index in range(count):
        day.looks_at("a", f"{hour:02}:{index * 12:02}", spo2=spo2)
        if after is not None:
            day.acts("a", f"{hour:02}:{index * 12 + after:02}")
    return day


def test_the_steps_of_time_are_counted_with_their_median() -> None:
    found = asked(lows(lows(begun(), 11, 5, 1), 12, 5, 4), "17")

    assert told(found, "within", "count") == [("within 1 min", 5), ("after 2, within 5 min", 5)]
    assert (counted(found, "count"), counted(found, "median")) == (10, "2.5")


@pytest.mark.parametrize(
    ("after", "step"),
    [(0, "within 1 min"), (1, "within 1 min"), (2, "after 1, within 2 min"), (5, "after 2, within 5 min"),
     (10, "after 5, within 10 min"), (11, "after 10 min")],
)  # fmt: skip
def test_the_end_of_a_step_belongs_to_it(after: int, step: str) -> None:
    assert told(asked(lows(begun(), 11, 5, after), "17"), "within", "count") == [(step, 5)]


def test_nothing_done_is_a_group_of_its_own_and_has_no_median() -> None:
    found = asked(lows(begun(), 11, 5, None).leaves("a", "12:30").acts("a", "12:40"), "17")

    assert told(found, "within", "count") == [("nothing was done", 5)]
    assert [each.name for each in found.figures] == ["count"]


@pytest.mark.parametrize(("spo2", "limit", "count"), [(91, 92, 1), (92, 92, 0), (92, 93, 1)])
def test_below_the_protocols_limit_is_low_and_the_limit_itself_is_not(spo2: int, limit: int, count: int) -> None:
    assert len(asked(lows(begun(spo2_act=limit), 11, 5, 1, spo2=spo2), "17").rows) == count


def test_four_are_too_few_to_be_shown() -> None:
    found = asked(lows(begun(), 11, 4, 1), "17")

    assert (found.rows, found.figures) == ((), ())


def test_no_reading_of_the_other_or_before_the_dose_counts() -> None:
    assert asked(lows(Watch().opens(), 11, 5, 1), "17").rows == ()
    assert asked(lows(begun(), 9, 5, 1), "17").rows == ()


def test_an_intervention_that_was_written_down_later_was_not_known_then() -> None:
    day = lows(begun(), 11, 5, None)
    known = len(day.placed)
    day.acts("a", "11:00", recorded="15:00")
    for index in range(1, 5):
        day.acts("a", f"11:{index * 12}", recorded="15:00")

    assert told(asked(day, "17"), "within", "count") == [("within 1 min", 5)]
    assert told(asked(day, "17", known_at=known), "within", "count") == [("nothing was done", 5)]


def test_readings_that_are_gone_are_counted_in_a_note() -> None:
    found = asked(unreadable(lows(begun(), 11, 5, 1), SupervisionChecked, "clinical"), "17")

    assert (found.rows, len(found.notes)) == ((), 2)
