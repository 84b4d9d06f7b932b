"""ELIG-08: each partner was asked alone about coercion and safety."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.eligibility import PrivateSafetyScreenCompleted
from tests.projections.rules.day import Day
from tests.projections.rules.standing import screened, unknown_person, unreadable, verdicts


def asked(at: str = "5 10:30", days: int = 180, **changes: Any) -> Day:
    return screened(Day().opens(eligibility={"safety_screen_days": days}), "a", at, **changes).gives("b", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("nobody was dosed", lambda: screened(Day().opens(), "a"), "not-applicable"),
    ("never asked, and only the partner was dosed", lambda: Day().opens().gives("b", "10:00"), "breached"),
    ("asked", asked, "met"),
    ("exactly as old as permitted", lambda: asked(days=11), "met"),
    ("a day older", lambda: asked(days=10), "breached"),
    ("not alone", lambda: asked(alone=False), "breached"),
    ("a concern", lambda: asked(outcome="concern"), "breached"),
    ("a concern with a plan", lambda: asked(outcome="concern", plan="A safe word."), "met"),
    ("after the dose", lambda: asked("10:00"), "breached"),
    (
        "cannot be read",
        lambda: unreadable(asked(), PrivateSafetyScreenCompleted, "sensitive"),
        "cannot-judge",
    ),
    ("nobody knows whose", lambda: unknown_person(asked()), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ELIG-08", "a") == [verdict], name


def test_it_is_asked_for_both_partners() -> None:
    day = screened(asked(), "b")

    assert (verdicts(day, "ELIG-08"), verdicts(day, "ELIG-08", "b")) == (["met"], ["met"])


def test_the_sentence_does_not_say_what_was_answered() -> None:
    (finding,) = asked(outcome="concern").findings("ELIG-08", slot="a")

    assert "concern" not in finding.sentence
