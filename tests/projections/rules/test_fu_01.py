"""FU-01: somebody asks each dosed person the next day how they slept and whether they drove."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.projections.rules.afterwards_words import After, begun, gone
from tests.projections.rules.day import Day, local
from tests.projections.rules.standing import verdicts


def tried(*at: str, escalated: int = -1) -> After:
    story = gone()
    for index, each in enumerate(at):
        story.misses("a", each, "escalated" if index == escalated % len(at) else "further-contact")
    return story


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nobody was dosed", lambda: Day().opens().leaves("a", "13:00"), "18 18:00", ["not-applicable"]),
    ("still here", begun, "18:00", ["not-applicable"]),
    ("not asked yet, at the end of the window", gone, "18 01:00", ["pending"]),
    ("not asked", gone, "18 01:00:01", ["breached"]),
    ("asked 12 h after", lambda: gone().asks("a", "17 01:00"), "19 12:00", ["met"]),
    ("asked a minute too early", lambda: gone().asks("a", "17 00:59"), "19 12:00", ["breached"]),
    ("asked 36 h after", lambda: gone().asks("a", "18 01:00"), "19 12:00", ["met"]),
    ("asked a minute late", lambda: gone().asks("a", "18 01:01"), "19 12:00", ["breached"]),
    ("sleep was not asked", lambda: gone().asks("a", "17 10:00", slept=None), "19 12:00", ["breached"]),
    ("driving was not asked", lambda: gone().asks("a", "17 10:00", drove_before_window=None), "19 12:00", ["breached"]),
    (
        "drove too early, and said so",
        lambda: gone().asks("a", "17 10:00", drove_before_window=True),
        "19 12:00",
        ["met"],
    ),
    ("the partner was asked", lambda: gone().asks("b", "17 10:00"), "19 12:00", ["breached"]),
    ("three tries, escalated", lambda: tried("17 09:00", "17 12:00", "17 18:00"), "19 12:00", ["met"]),
    (
        "three tries, the first escalated",
        lambda: tried("17 09:00", "17 12:00", "17 18:00", escalated=0),
        "19 12:00",
        ["met"],
    ),
    ("two tries, escalated", lambda: tried("17 09:00", "17 12:00"), "19 12:00", ["breached"]),
    ("one of three before the window", lambda: tried("16 20:00", "17 12:00", "17 18:00"), "19 12:00", ["breached"]),
    (
        "three tries, not escalated",
        lambda: gone().misses("a", "17 09:00").misses("a", "17 12:00").misses("a", "17 18:00"),
        "19 12:00",
        ["breached"],
    ),
    (
        "taken to hospital: asked there",
        lambda: begun().is_taken_away("a", "11:00").asks("a", "17 10:00"),
        "19 12:00",
        ["met"],
    ),
    (
        "what was said is gone",
        lambda: gone().asks("a", "17 10:00").loses("follow-up", "clinical"),
        "19 12:00",
        ["cannot-judge"],
    ),
]
MOMENTS = ("17 18:00", "18 01:00", "19 12:00")


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert verdicts(story(), "FU-01", as_of=as_of) == expected, name


def test_the_numbers_of_the_window_and_what_came_too_late() -> None:
    (found,) = gone().asks("a", "18 09:30").findings("FU-01", slot="a", as_of="19 12:00")

    assert found.sentence == (
        "A: a contact 12 to 36 h after the end of care at Sat 16 May 13:00, not before Sun 17 May 01:00, "
        "at the latest at Mon 18 May 01:00; made at Mon 18 May 09:30, 510 min after the limit."
    )
    assert (found.severity, local(found.made_at), found.outstanding) == ("M", "09:30", False)


def test_a_contact_recorded_late_was_missing_then_and_is_not_now() -> None:
    story = gone().asks("a", "17 10:00", recorded="18 10:00")

    assert verdicts(story, "FU-01", as_of="18 09:00", known_at=story.size_when("18 09:00")) == ["breached"]
    assert verdicts(story, "FU-01", as_of="18 09:00") == ["met"]
