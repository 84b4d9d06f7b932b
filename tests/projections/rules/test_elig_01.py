"""ELIG-01: an evaluation, recent enough, that finds the person eligible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.eligibility import EvaluationCompleted
from tests.ledger.clinic import ANA
from tests.projections.rules.day import OTHER, Day
from tests.projections.rules.standing import causes, evaluated, unknown_person, unreadable, verdicts


def dosed(*evaluations: str, **changes: Any) -> Day:
    day = Day().opens()
    for at in evaluations:
        evaluated(day, "a", at, **changes)
    return day.gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: evaluated(Day().opens(), "a"), "not-applicable"),
    ("never evaluated", dosed, "breached"),
    ("eleven days ago", lambda: dosed("5 10:00"), "met"),
    ("on the day itself", lambda: dosed("09:40"), "met"),
    ("in the minute of the dose, which is not before it", lambda: dosed("10:00"), "breached"),
    ("eligible with conditions", lambda: dosed("5 10:00", outcome="eligible-with-conditions"), "met"),
    ("deferred", lambda: dosed("5 10:00", outcome="deferred"), "breached"),
    ("not in private", lambda: dosed("5 10:00", private=False), "breached"),
    ("cannot be read", lambda: unreadable(dosed("5 10:00"), EvaluationCompleted, "clinical"), "cannot-judge"),
    ("nobody knows whose", lambda: unknown_person(dosed("5 10:00")), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ELIG-01", "a") == [verdict], name


def test_the_latest_counts_also_when_it_says_no() -> None:
    day = evaluated(dosed("5 10:00"), "a", "15 10:00", outcome="not-eligible")

    assert causes(day, "ELIG-01") == [("not-eligible",)]


@pytest.mark.parametrize(("days", "verdict"), [(11, "met"), (10, "breached")])
def test_before_the_first_session_ever_fewer_days_are_asked_for(days: int, verdict: str) -> None:
    day = evaluated(Day().opens(eligibility={"eval_first_ever_days": days}), "a", "5 23:59").gives("a", "10:00")

    assert verdicts(day, "ELIG-01") == [verdict]


@pytest.mark.parametrize(("days", "verdict"), [(14, "met"), (13, "breached")])
def test_after_an_earlier_dosed_session_the_usual_days_count(days: int, verdict: str) -> None:
    day = Day().plans(OTHER, a=ANA, at="1 07:00").gives("a", "1 07:30", session=OTHER)
    evaluated(day.opens(eligibility={"eval_first_ever_days": 0, "eval_max_age_days": days}), "a", "2 10:00")

    assert verdicts(day.gives("a", "10:00"), "ELIG-01") == [verdict]


def test_what_was_recorded_later_helps_now_and_not_then() -> None:
    day = Day().opens().gives("a", "10:00")
    then = len(day.placed)
    evaluated(day, "a", "5 10:00", recorded="16:00")

    assert verdicts(day, "ELIG-01") == ["met"]
    assert verdicts(day, "ELIG-01", known_at=then) == ["breached"]
