"""REL-02: the last values before a release, taken shortly before and good enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.release import DischargeAssessed
from tests.projections.rules.day import Day
from tests.projections.rules.leaving import assessed, released
from tests.projections.rules.standing import causes, measured, unreadable, verdicts


def let_go(
    at: str = "12:55", pressure: tuple[int, int] = (120, 80), before: tuple[int, int] = (120, 80), **changes: Any
) -> Day:
    day = measured(Day().opens(), "a", "09:45", before).gives("a", "10:00")
    return released(assessed(day, "a", at, pressure, **changes))


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: released(Day().opens()), "not-applicable"),
    ("not released", lambda: Day().opens().gives("a", "10:00"), "not-applicable"),
    ("nothing measured", lambda: released(Day().opens().gives("a", "10:00")), "breached"),
    ("good values", let_go, "met"),
    ("exactly 20 min before", lambda: let_go("12:40"), "met"),
    ("21 min before", lambda: let_go("12:39"), "breached"),
    ("at the upper ends", lambda: let_go(pressure=(140, 90)), "met"),
    ("above, far from before", lambda: let_go(pressure=(150, 80), before=(120, 80)), "breached"),
    ("above, within 20 % of before", lambda: let_go(pressure=(150, 96), before=(130, 80)), "met"),
    ("one number within, one not", lambda: let_go(pressure=(150, 97), before=(130, 80)), "breached"),
    ("at the lower ends", lambda: let_go(pressure=(90, 50)), "met"),
    ("too low", lambda: let_go(pressure=(89, 50)), "breached"),
    ("SpO2 94", lambda: let_go(spo2=94), "met"),
    ("SpO2 93, 98 before", lambda: let_go(spo2=93), "breached"),
    ("no SpO2", lambda: let_go(spo2=None), "breached"),
    ("cannot be read", lambda: unreadable(let_go(), DischargeAssessed, "clinical"), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "REL-02", "a") == [verdict], name


def test_a_low_saturation_may_be_usual_for_somebody() -> None:
    day = measured(Day().opens(), "a", "09:45", spo2=95).gives("a", "10:00")

    assert verdicts(released(assessed(day, spo2=93)), "REL-02") == ["met"]


def test_what_is_wrong_is_named() -> None:
    assert causes(let_go("12:39"), "REL-02") == [("no-pressure", "no-spo2")]
    assert causes(let_go(pressure=(80, 40)), "REL-02") == [("pressure",)]
