"""REL-03: no release before the recovery score is reached."""

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


def items(**changes: int) -> dict[str, int]:
    names = ("activity", "circulation", "consciousness", "oxygenation", "respiration")
    return dict.fromkeys(names, 2) | changes


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: released(Day().opens()), "not-applicable"),
    ("not released", lambda: Day().opens().gives("a", "10:00"), "not-applicable"),
    ("not assessed", lambda: released(Day().opens().gives("a", "10:00")), "breached"),
    ("Aldrete 10", let_go, "met"),
    ("Aldrete 9", lambda: let_go(aldrete=9), "met"),
    ("Aldrete 8", lambda: let_go(aldrete=8), "breached"),
    ("Aldrete 9 with an item at 0", lambda: let_go(aldrete=9, aldrete_items=items(activity=0)), "breached"),
    ("Aldrete 9 with items", lambda: let_go(aldrete=9, aldrete_items=items(activity=1)), "met"),
    ("PADSS 9 instead", lambda: let_go(aldrete=None, padss=9), "met"),
    ("PADSS 8", lambda: let_go(aldrete=None, padss=8), "breached"),
    ("MOAA/S 4", lambda: let_go(moaas=4), "breached"),
    ("RASS +1 instead", lambda: let_go(moaas=None, rass=1), "met"),
    ("RASS -1 instead", lambda: let_go(moaas=None, rass=-1), "met"),
    ("RASS -2", lambda: let_go(moaas=None, rass=-2), "breached"),
    ("no score", lambda: let_go(aldrete=None, moaas=None), "breached"),
    (
        "assessed after the release",
        lambda: assessed(released(Day().opens().gives("a", "10:00")), at="13:05"),
        "breached",
    ),
    ("cannot be read", lambda: unreadable(let_go(), DischargeAssessed, "clinical"), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "REL-03", "a") == [verdict], name


def test_the_last_assessment_before_the_release_counts() -> None:
    day = assessed(assessed(Day().opens().gives("a", "10:00"), at="12:40"), at="12:55", aldrete=8)

    assert causes(released(day), "REL-03") == [("score",)]
