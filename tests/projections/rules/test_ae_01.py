"""AE-01: an adverse event is classed in time: how severe, how serious, from what, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.projections.rules.afterwards_words import After, begun
from tests.projections.rules.day import Day, local
from tests.projections.rules.standing import verdicts

ALL: dict[str, Any] = {"seriousness": "not-serious", "relatedness": "related", "outcome": "recovering"}


def badly(**known: str) -> After:
    return begun().goes_badly("a", "10:41", **known)


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nothing went badly", begun, "18 18:00", ["not-applicable"]),
    ("all four said at once", lambda: badly(**ALL), "11:00", ["met"]),
    ("pending, at the limit", badly, "17 10:41", ["pending"]),
    ("pending, after it", badly, "17 10:41:01", ["breached"]),
    ("said at the limit", lambda: badly().learns("a", "17 10:41", **ALL), "18 18:00", ["met"]),
    ("said a minute late", lambda: badly().learns("a", "17 10:42", **ALL), "18 18:00", ["breached"]),
    (
        "the outcome is missing",
        lambda: badly(seriousness="not-serious", relatedness="related"),
        "18 18:00",
        ["breached"],
    ),
    (
        "one by one, also by turning serious",
        lambda: badly().turns_serious("a", "12:00", relatedness="related", outcome="recovering"),
        "18 18:00",
        ["met"],
    ),
    (
        "said of another one",
        lambda: badly().goes_badly("a", "10:50").learns("a", "12:00", **ALL),
        "18 18:00",
        ["breached", "met"],
    ),
    ("what was said is gone", lambda: badly(**ALL).loses("adverse", "sensitive"), "18 18:00", ["cannot-judge"]),
]
MOMENTS = ("17 10:41", "18 18:00")


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert verdicts(story(), "AE-01", as_of=as_of) == expected, name


def test_the_sentence_names_what_is_missing() -> None:
    (found,) = badly(seriousness="not-serious").findings("AE-01", slot="a", as_of="18 18:00")

    assert (found.severity, local(found.limit)) == ("M", "10:41")
    assert found.sentence == (
        "A: an adverse event classed within 24 h of Sat 16 May 10:41; without relatedness, outcome, "
        "at the latest at Sun 17 May 10:41; not classed."
    )


def test_a_class_that_was_written_down_late_was_missing_then_and_is_not_now() -> None:
    story = badly().learns("a", "17 10:00", recorded="17 12:00", **ALL)

    assert verdicts(story, "AE-01", as_of="17 11:00", known_at=story.size_when("17 11:00")) == ["breached"]
    assert verdicts(story, "AE-01", as_of="17 11:00") == ["met"]
