"""SUP-06: the blood pressure is taken in the 40-minute window after the first dose."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.projections.rules.day import Day, local
from tests.projections.rules.standing import verdicts
from tests.projections.rules.watching_words import dosed

STORIES: list[tuple[str, Callable[[], Day], str, str]] = [
    ("nobody was dosed", lambda: Day().opens(), "18:00", "not-applicable"),
    ("none yet, at the end of the window", dosed, "10:50", "pending"),
    ("none by the end of the window", dosed, "10:50:01", "breached"),
    ("at +30, included", lambda: dosed().looks_at("a", "10:30"), "18:00", "met"),
    ("at +29 only", lambda: dosed().looks_at("a", "10:29"), "18:00", "breached"),
    ("at +50, included", lambda: dosed().looks_at("a", "10:50"), "18:00", "met"),
    ("at +51 only", lambda: dosed().looks_at("a", "10:51"), "18:00", "breached"),
    ("a discharge assessment without a pressure", lambda: dosed().assesses("a", "10:40"), "18:00", "breached"),
    ("a check at which nothing was read", lambda: dosed().glances_at("a", "10:40"), "18:00", "breached"),
    ("the second dose opens no window", lambda: dosed().looks_at("a", "10:40").gives("a", "10:45"), "18:00", "met"),
    ("taken to hospital at +50", lambda: dosed().is_taken_away("a", "10:50"), "18:00", "not-applicable"),
    ("taken to hospital at +51", lambda: dosed().is_taken_away("a", "10:51"), "18:00", "breached"),
    ("released within the window, still here", lambda: dosed().releases("a", "10:20"), "18:00", "breached"),
    (
        "the one look in it cannot be read",
        lambda: dosed().looks_at("a", "10:40").loses("supervision-checked", "clinical"),
        "18:00",
        "cannot-judge",
    ),
]
MOMENTS = ("10:50",)


@pytest.mark.parametrize(("name", "story", "as_of", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, verdict: str) -> None:
    assert verdicts(story(), "SUP-06", as_of=as_of) == [verdict], name


def test_the_sentence_names_the_window() -> None:
    (found,) = dosed().findings("SUP-06", slot="a")

    assert found.sentence == (
        "A: a blood pressure from 30 to 50 min after the first dose of 10:00, not before 10:30, "
        "at the latest at 10:50; not taken."
    )
    assert (local(found.limit), found.made_at, found.severity) == ("10:50", None, "M")


def test_a_reading_that_was_voided_was_there_then_and_is_not_now() -> None:
    story = dosed().looks_at("a", "10:40").voids("11:00").signs("11:05")
    then = story.size_when("10:59")

    assert verdicts(story, "SUP-06", known_at=then, as_of="10:59") == ["met"]
    assert verdicts(story, "SUP-06") == ["breached"]


def test_the_window_is_the_protocols() -> None:
    story = dosed(supervision={"bp40_from_min": 20, "bp40_to_min": 29}).looks_at("a", "10:30")

    assert verdicts(story, "SUP-06") == ["breached"]
