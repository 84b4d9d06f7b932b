"""PRE-02: no dose on a high blood pressure without a decision, or calmer readings."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.events.arrival import PreDoseAssessed
from ledger.events.holds import HoldReleased
from tests.projections.rules.day import Day
from tests.projections.rules.standing import causes, decided, measured, unreadable, verdicts


def read(*readings: tuple[str, int, int]) -> Day:
    day = Day().opens()
    for at, systolic, diastolic in readings:
        measured(day, "a", at, (systolic, diastolic))
    return day.gives("a", "10:00")


HIGH = ("09:40", 142, 80)

STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: measured(Day().opens(), "a"), "not-applicable"),
    ("nothing measured", lambda: Day().opens().gives("a", "10:00"), "not-applicable"),
    ("measured too long ago", lambda: read(("09:29", 120, 80)), "not-applicable"),
    ("at the limit", lambda: read(("09:30", 140, 90)), "met"),
    ("systolic above", lambda: read(("09:30", 141, 80)), "breached"),
    ("diastolic above", lambda: read(("09:30", 120, 91)), "breached"),
    ("above, then one calmer", lambda: read(HIGH, ("09:50", 130, 80)), "breached"),
    ("above, then two calmer 4 min apart", lambda: read(HIGH, ("09:46", 130, 80), ("09:50", 130, 80)), "breached"),
    ("above, then two calmer 5 min apart", lambda: read(HIGH, ("09:45", 130, 80), ("09:50", 130, 80)), "met"),
    ("above, calmer, above again", lambda: read(HIGH, ("09:45", 130, 80), ("09:50", 141, 80)), "breached"),
    ("a prescriber decided to give it", lambda: decided(read(HIGH), "a", "09:50"), "met"),
    ("decided before the reading", lambda: decided(read(HIGH), "a", "09:39"), "breached"),
    ("decided after the dose", lambda: decided(read(HIGH), "a", "10:01"), "breached"),
    ("decided against it", lambda: decided(read(HIGH), "a", "09:50", "no-dose-today"), "breached"),
    ("decided by a nurse", lambda: decided(read(HIGH), "a", "09:50", role="nurse"), "breached"),
    ("decided without a reason", lambda: decided(read(HIGH), "a", "09:50", reason=None), "breached"),
    ("cannot be read", lambda: unreadable(read(HIGH), PreDoseAssessed, "clinical"), "cannot-judge"),
    (
        "what was decided cannot be read",
        lambda: unreadable(decided(read(HIGH), "a", "09:50"), HoldReleased, "sensitive"),
        "cannot-judge",
    ),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "PRE-02") == [verdict], name


def test_above_the_hard_limit_the_cause_is_one_that_nobody_overrides() -> None:
    assert causes(read(("09:40", 161, 80)), "PRE-02") == [("hard-limit",)]
    assert causes(read(("09:40", 160, 100)), "PRE-02") == [("hold",)]


def test_a_further_dose_is_judged_on_the_last_check() -> None:
    day = read(("09:40", 120, 80)).looks_at("a", "10:47", blood_pressure={"diastolic": 92, "systolic": 146})

    assert verdicts(day.gives("a", "10:52", "50"), "PRE-02") == ["met", "breached"]


def test_the_second_of_two_calmer_readings_may_be_of_any_kind() -> None:
    day = measured(Day().opens(), "a", "09:40", (150, 95)).looks_at("a", "09:45").looks_at("a", "09:50")

    assert verdicts(day.gives("a", "10:00"), "PRE-02") == ["met"]
