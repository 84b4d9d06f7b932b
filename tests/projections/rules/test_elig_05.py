"""ELIG-05: nothing on the list of contraindications is unresolved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.eligibility import EvaluationCompleted
from tests.projections.rules.day import Day
from tests.projections.rules.standing import causes, checked_in, evaluated, unknown_person, unreadable, verdicts


def listed(*items: tuple[str, bool]) -> list[dict[str, Any]]:
    return [{"kind": kind, "resolved": resolved} for kind, resolved in items]


def dosed(*items: tuple[str, bool]) -> Day:
    return evaluated(Day().opens(), "a", contraindications=listed(*items)).gives("a", "10:00")


def at_the_door(*items: tuple[str, bool], at: str = "09:05") -> Day:
    return checked_in(dosed(), "a", at, contraindications=listed(*items))


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: Day().opens(), "not-applicable"),
    ("no checklist", lambda: evaluated(Day().opens(), "a", contraindications=None).gives("a", "10:00"), "breached"),
    ("nothing found", dosed, "met"),
    ("found and resolved", lambda: dosed(("uncontrolled-hypertension", True)), "met"),
    ("found and not resolved", lambda: dosed(("uncontrolled-hypertension", False)), "breached"),
    ("a relative one not resolved", lambda: dosed(("relative", False)), "breached"),
    ("found at the door", lambda: at_the_door(("intoxication", False)), "breached"),
    ("found after the dose", lambda: at_the_door(("intoxication", False), at="10:05"), "met"),
    ("cannot be read", lambda: unreadable(dosed(), EvaluationCompleted, "sensitive"), "cannot-judge"),
    ("nobody knows whose", lambda: unknown_person(dosed()), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ELIG-05", "a") == [verdict], name


def test_an_absolute_item_beside_a_relative_one_is_absolute() -> None:
    assert causes(dosed(("relative", False), ("pregnancy", False)), "ELIG-05") == [("absolute",)]
    assert causes(dosed(("relative", False)), "ELIG-05") == [("relative",)]


def test_the_sentence_does_not_say_what_was_found() -> None:
    (finding,) = dosed(("psychosis-or-mania", False)).findings("ELIG-05", slot="a")

    assert "psychosis" not in finding.sentence


def test_a_checklist_at_the_door_that_was_not_filled_in_replaces_nothing() -> None:
    assert verdicts(checked_in(dosed(("pregnancy", False)), "a", contraindications=None), "ELIG-05") == ["breached"]
