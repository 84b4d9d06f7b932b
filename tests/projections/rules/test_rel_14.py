"""REL-14: a couple stays for the shortest joint session."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.projections.rules.day import Day
from tests.projections.rules.leaving import released, went


def verdicts(day: Day, rule: str) -> list[str]:
    return [finding.verdict for finding in day.findings(rule)]


def both(at: str) -> Day:
    return released(Day().opens().gives("a", "10:00").gives("b", "10:05"), "b", at)


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("nobody dosed", lambda: released(Day().opens()), "not-applicable"),
    ("nobody released", lambda: Day().opens().gives("a", "10:00"), "not-applicable"),
    ("exactly 180 min", lambda: both("13:00"), "met"),
    ("179 min", lambda: both("12:59"), "breached"),
    (
        "left against advice, which does not count",
        lambda: went(Day().opens().gives("a", "10:00"), "a", "11:00"),
        "not-applicable",
    ),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "REL-14") == [verdict], name


def test_the_release_of_somebody_who_was_not_dosed_does_not_count() -> None:
    day = released(Day().opens().gives("a", "10:00"), "b", "11:00")

    assert verdicts(released(day, "a", "13:05"), "REL-14") == ["met"]
