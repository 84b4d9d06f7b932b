"""REL-13: nobody is told that they may drive too soon."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.projections.rules.day import Day
from tests.projections.rules.leaving import released
from tests.projections.rules.standing import verdicts


def told(until: str, *doses: str) -> Day:
    day = Day().opens()
    for at in doses or ("10:00",):
        day.gives("a", at, "50")
    return released(day, until=until)


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: released(Day().opens()), "not-applicable"),
    ("not released", lambda: Day().opens().gives("a", "10:00"), "not-applicable"),
    ("24 h after the dose", lambda: told("17 10:00"), "met"),
    ("a minute sooner", lambda: told("17 09:59"), "breached"),
    ("longer", lambda: told("17 12:00"), "met"),
    ("24 h after the first of two", lambda: told("17 10:00", "10:00", "10:50"), "breached"),
    ("24 h after the last", lambda: told("17 10:50", "10:00", "10:50"), "met"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "REL-13", "a") == [verdict], name


def test_a_dose_after_the_release_makes_its_value_void() -> None:
    assert verdicts(told("17 10:00").gives("a", "13:30", "50"), "REL-13") == ["breached"]


@pytest.mark.parametrize(("hours", "until", "verdict"), [(1, "17 06:00", "met"), (1, "17 05:59", "breached")])
def test_never_before_the_next_morning(hours: int, until: str, verdict: str) -> None:
    day = released(Day().opens(release={"no_drive_h": hours}).gives("a", "10:00"), until=until)

    assert verdicts(day, "REL-13") == [verdict]
