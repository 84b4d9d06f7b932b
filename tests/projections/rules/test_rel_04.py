"""REL-04: no release before somebody is present, oriented and steady."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.release import DischargeAssessed
from tests.projections.rules.day import Day
from tests.projections.rules.leaving import assessed, released
from tests.projections.rules.standing import causes, unreadable, verdicts


def let_go(**changes: Any) -> Day:
    return released(assessed(Day().opens().gives("a", "10:00"), **changes))


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: released(Day().opens()), "not-applicable"),
    ("not released", lambda: Day().opens().gives("a", "10:00"), "not-applicable"),
    ("not assessed", lambda: released(Day().opens().gives("a", "10:00")), "breached"),
    ("themselves again", let_go, "met"),
    ("CADSS-6 4", lambda: let_go(cadss6=4), "met"),
    ("CADSS-6 5", lambda: let_go(cadss6=5), "breached"),
    ("oriented in three", lambda: let_go(orientation=3), "breached"),
    ("not steady", lambda: let_go(gait_steady=False), "breached"),
    ("a gait nobody recorded", lambda: let_go(gait_steady=None), "breached"),
    ("cannot be read", lambda: unreadable(let_go(), DischargeAssessed, "clinical"), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "REL-04", "a") == [verdict], name


def test_everything_that_was_not_recorded_is_named() -> None:
    day = let_go(cadss6=None, orientation=None, gait_steady=None)

    assert causes(day, "REL-04") == [("dissociated", "not-oriented", "not-steady")]
    assert "CADSS-6 not recorded" in day.findings("REL-04", slot="a")[0].sentence
