"""FU-02: within a week each dosed person has a talk about the session, or is offered one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ledger.clinic import ANA, BEN
from tests.projections.rules.afterwards_words import begun, gone
from tests.projections.rules.day import OTHER, Day
from tests.projections.rules.standing import unknown_person, verdicts

STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nobody was dosed", lambda: Day().opens().leaves("a", "13:00"), "25 18:00", ["not-applicable"]),
    ("still here", begun, "18:00", ["not-applicable"]),
    ("nothing yet, after 168 h", gone, "23 13:00", ["pending"]),
    ("nothing by then", gone, "23 13:00:01", ["breached"]),
    ("held at the limit", lambda: gone().talks("a", "23 13:00"), "25 18:00", ["met"]),
    ("held a minute late", lambda: gone().talks("a", "23 13:01"), "25 18:00", ["breached"]),
    ("held, and not attended", lambda: gone().talks("a", "20 18:00", attended=False), "25 18:00", ["breached"]),
    ("offered and declined", lambda: gone().offers("a", "18 10:00"), "25 18:00", ["met"]),
    ("a talk before leaving", lambda: begun().talks("a", "12:00").leaves("a", "13:00"), "25 18:00", ["breached"]),
    ("the partner talked", lambda: gone().talks("b", "20 18:00"), "25 18:00", ["breached"]),
    (
        "one talk about two sessions stands with the other",
        lambda: gone().plans(OTHER, a=ANA, b=BEN, at="14:00").talks("a", "20 18:00", session=OTHER),
        "25 18:00",
        ["met"],
    ),
    (
        "whether they attended is gone",
        lambda: gone().talks("a", "20 18:00").loses("integration", "clinical"),
        "25 18:00",
        ["cannot-judge"],
    ),
    (
        "who it is is gone",
        lambda: unknown_person(gone()),
        "25 18:00",
        ["cannot-judge"],
    ),
]
MOMENTS = ("23 13:00", "25 18:00")


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert verdicts(story(), "FU-02", as_of=as_of) == expected, name
