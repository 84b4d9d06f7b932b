"""PRE-01: a full set of values, shortly before the first dose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.arrival import PreDoseAssessed
from tests.projections.rules.day import Day
from tests.projections.rules.standing import causes, measured, unreadable, verdicts


def dosed(at: str, **changes: Any) -> Day:
    return measured(Day().opens(), "a", at, **changes).gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: measured(Day().opens(), "a"), "not-applicable"),
    ("nothing measured", lambda: Day().opens().gives("a", "10:00"), "breached"),
    ("15 min before", lambda: dosed("09:45"), "met"),
    ("exactly 30 min before", lambda: dosed("09:30"), "met"),
    ("31 min before", lambda: dosed("09:29"), "breached"),
    ("in the minute of the dose", lambda: dosed("10:00"), "met"),
    ("after the dose", lambda: dosed("10:01"), "breached"),
    ("no blood pressure", lambda: dosed("09:45", pressure=None), "breached"),
    ("no breaths", lambda: dosed("09:45", respiratory_rate=None), "breached"),
    ("cannot be read", lambda: unreadable(dosed("09:45"), PreDoseAssessed, "clinical"), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "PRE-01") == [verdict], name


def test_the_four_values_stand_in_one_assessment() -> None:
    day = measured(dosed("09:45", spo2=None), "a", "09:50", pressure=None)

    assert causes(day, "PRE-01") == [("incomplete",)]


def test_a_further_dose_is_not_asked_for_them_again() -> None:
    assert verdicts(dosed("09:45").gives("a", "11:00", "50"), "PRE-01") == ["met"]
