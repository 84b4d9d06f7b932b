"""PRE-07: the emergency equipment was checked before the session opened."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ledger.clinic import SESSION
from tests.projections.rules.day import Day
from tests.projections.rules.standing import is_ready


def opened(*checks: str) -> Day:
    day = Day()
    for at in checks:
        is_ready(day, at)
    return day.opens()


def verdicts(day: Day, rule: str) -> list[str]:
    return sorted({finding.verdict for finding in day.findings(rule)})


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not opened", lambda: Day().plans(), "not-applicable"),
    ("never checked", opened, "breached"),
    ("that morning", lambda: opened("08:30"), "met"),
    ("exactly 24 h before", lambda: opened("15 09:00"), "met"),
    ("a minute more", lambda: opened("15 08:59"), "breached"),
    ("in the minute of the opening", lambda: opened("09:00"), "met"),
    ("after the opening", lambda: opened("09:01"), "breached"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "PRE-07") == [verdict], name


def test_the_opening_counts_and_not_the_dose() -> None:
    assert verdicts(opened("15 09:00").gives("a", "10:00"), "PRE-07") == ["met"]


def test_it_is_about_the_session_and_nobody_in_it() -> None:
    (finding,) = opened().findings("PRE-07")

    assert (finding.slot, finding.subject) == ("", SESSION)
