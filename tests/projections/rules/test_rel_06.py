"""REL-06: said again not to drive, and got it in writing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.projections.rules.day import Day
from tests.projections.rules.leaving import promised, released
from tests.projections.rules.standing import causes, verdicts


def let_go(promise: str = "12:58", **changes: Any) -> Day:
    day = Day().opens().gives("a", "10:00").gives("a", "10:50", "50")
    return released(promised(day, "a", promise), **changes)


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: released(Day().opens()), "not-applicable"),
    ("not released", lambda: Day().opens().gives("a", "10:00"), "not-applicable"),
    ("not signed", lambda: released(Day().opens().gives("a", "10:00")), "breached"),
    ("signed", let_go, "met"),
    ("signed in the minute of the release", lambda: let_go("13:00"), "met"),
    ("signed after the release", lambda: let_go("13:01"), "breached"),
    ("signed before the last dose", lambda: let_go("10:40"), "breached"),
    ("signed in the minute of the last dose", lambda: let_go("10:50"), "breached"),
    ("no instructions", lambda: let_go(instructions=None), "breached"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "REL-06", "a") == [verdict], name


def test_both_may_be_missing() -> None:
    assert causes(let_go("13:01", instructions=None), "REL-06") == [("not-signed", "no-instructions")]
