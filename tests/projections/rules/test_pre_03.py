"""PRE-03: saturation, heart rate and breathing in range on room air."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.arrival import PreDoseAssessed
from tests.projections.rules.day import Day
from tests.projections.rules.standing import measured, unreadable, verdicts


def dosed(**changes: Any) -> Day:
    return measured(Day().opens(), "a", "09:45", **changes).gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: measured(Day().opens(), "a"), "not-applicable"),
    ("nothing measured", lambda: Day().opens().gives("a", "10:00"), "not-applicable"),
    ("in range", dosed, "met"),
    ("SpO2 94", lambda: dosed(spo2=94), "met"),
    ("SpO2 93", lambda: dosed(spo2=93), "breached"),
    ("heart rate 50", lambda: dosed(heart_rate=50), "met"),
    ("heart rate 49", lambda: dosed(heart_rate=49), "breached"),
    ("heart rate 110", lambda: dosed(heart_rate=110), "met"),
    ("heart rate 111", lambda: dosed(heart_rate=111), "breached"),
    ("10 breaths", lambda: dosed(respiratory_rate=10), "met"),
    ("9 breaths", lambda: dosed(respiratory_rate=9), "breached"),
    ("24 breaths", lambda: dosed(respiratory_rate=24), "met"),
    ("25 breaths", lambda: dosed(respiratory_rate=25), "breached"),
    ("with oxygen", lambda: dosed(room_air=False), "breached"),
    ("with oxygen or not, not recorded", lambda: dosed(room_air=None), "breached"),
    ("a value not obtained is another rule's", lambda: dosed(spo2=None), "met"),
    ("cannot be read", lambda: unreadable(dosed(), PreDoseAssessed, "clinical"), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "PRE-03") == [verdict], name


def test_the_last_assessment_counts() -> None:
    assert verdicts(measured(dosed(spo2=90), "a", "09:55"), "PRE-03") == ["met"]
