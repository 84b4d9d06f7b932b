"""ELIG-10: an order on telemedicine alone had a lawful basis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.eligibility import EvaluationCompleted
from tests.projections.rules.day import Day
from tests.projections.rules.standing import evaluated, ordered, unknown_person, unreadable, verdicts

REMOTE = {"modality": "telemedicine"}


def dosed(until: str | None = "2026-12-31", **changes: Any) -> Day:
    day = Day().opens(eligibility={"telemedicine_until": until})
    return ordered(evaluated(day, "a", **changes), "a").gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: Day().opens(), "not-applicable"),
    ("no order", lambda: evaluated(Day().opens(), "a").gives("a", "10:00"), "not-applicable"),
    ("seen in person", dosed, "met"),
    ("remote, on the last day", lambda: dosed("2026-05-05", **REMOTE), "met"),
    ("remote, a day later", lambda: dosed("2026-05-04", **REMOTE), "breached"),
    ("remote, with a basis", lambda: dosed("2026-05-04", lawful_basis="special-registration", **REMOTE), "met"),
    ("the limit is switched off", lambda: dosed(None, **REMOTE), "met"),
    ("seen in person once", lambda: evaluated(dosed("2026-05-04", **REMOTE), "a", "3 10:00"), "met"),
    ("cannot be read", lambda: unreadable(dosed(), EvaluationCompleted, "clinical"), "cannot-judge"),
    ("nobody knows whose", lambda: unknown_person(dosed()), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ELIG-10", "a") == [verdict], name
