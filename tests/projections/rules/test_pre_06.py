"""PRE-06: the way home and not driving are signed before the first dose."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.projections.rules.day import Day
from tests.projections.rules.standing import causes, plans_the_way_home, verdicts, will_not_drive


def signed(plan: str = "", ack: str = "") -> Day:
    day = Day().opens()
    if plan:
        plans_the_way_home(day, "a", plan)
    if ack:
        will_not_drive(day, "a", ack)
    return day.gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: Day().opens(), "not-applicable"),
    ("neither", signed, "breached"),
    ("both before", lambda: signed("09:55", "09:59"), "met"),
    ("only the plan", lambda: signed("09:55"), "breached"),
    ("the same minute is not before", lambda: signed("09:55", "10:00"), "breached"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "PRE-06") == [verdict], name


def test_what_is_missing_is_named() -> None:
    assert causes(signed("09:55", "10:00"), "PRE-06") == [("no-acknowledgement",)]
    assert causes(signed(), "PRE-06") == [("no-plan", "no-acknowledgement")]


def test_a_plan_signed_again_later_takes_nothing_away() -> None:
    assert verdicts(plans_the_way_home(signed("09:55", "09:56"), "a", "12:00"), "PRE-06") == ["met"]
