"""SUP-01: from the first dose to departure somebody watches each dosed person in the room, without a longer gap."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.projections.rules.day import Day, local
from tests.projections.rules.standing import verdicts
from tests.projections.rules.watching_words import THERAPIST, Watch, dosed


def alone(until: str, *, slot: str = "a") -> Watch:
    """The monitor leaves A alone at 10:41, and hands over at that time."""
    return dosed().leaves_alone("10:41", slot).hands_over(until, slot)


def unwatched() -> Day:
    return Day().opens().gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nobody was dosed", lambda: Day().opens(), "18:00", ["not-applicable"]),
    ("watched all the time", dosed, "18:00", ["met"]),
    ("alone for 2 min", lambda: alone("10:43"), "18:00", ["met"]),
    ("alone for 5 min", lambda: alone("10:46"), "18:00", ["met"]),
    ("alone for 6 min", lambda: alone("10:47"), "18:00", ["breached"]),
    ("alone for 6 min, five of them gone", lambda: alone("10:47"), "10:46", ["pending"]),
    ("nobody was ever there, still in time", unwatched, "10:05", ["pending"]),
    ("nobody was ever there", unwatched, "10:05:01", ["breached"]),
    ("the partner left alone", lambda: alone("10:59", slot="b"), "18:00", ["met"]),
    (
        "watched by video only",
        lambda: Watch().opens().assigns("09:30", near=False).gives("a", "10:00"),
        "18:00",
        ["breached"],
    ),
    ("handed over to a screen", lambda: dosed().hands_over("10:30", near=False), "18:00", ["breached"]),
    (
        "a second monitor was there",
        lambda: dosed().assigns("10:20", monitor=THERAPIST).leaves_alone("10:41"),
        "18:00",
        ["met"],
    ),
    ("back after 5 min", lambda: dosed().leaves_alone("10:41", "a").is_back("10:46", "a"), "18:00", ["met"]),
    (
        "gone by the end of the 5 min",
        lambda: dosed().leaves_alone("10:41", "a").is_taken_away("a", "10:46"),
        "18:00",
        ["met"],
    ),
    (
        "after release somebody still watches",
        lambda: dosed().releases("a", "12:30").leaves_alone("12:31", "a"),
        "18:00",
        ["breached"],
    ),
    ("nobody after departure", lambda: dosed().leaves("a", "13:00").leaves_alone("13:01", "a"), "18:00", ["met"]),
    (
        "two gaps are two findings",
        lambda: (
            alone("10:47")
            .leaves_alone("11:00", "a", monitor="staff/00000000-0000-4000-8000-000000000001")
            .is_back("11:10", "a")
        ),
        "18:00",
        ["breached", "breached"],
    ),
    ("no protocol", lambda: Day().opens(protocol=False).gives("a", "10:00"), "18:00", ["cannot-judge"]),
]
MOMENTS = ("10:05", "10:46")


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert verdicts(story(), "SUP-01", as_of=as_of) == expected, name


def test_the_sentence_says_from_when_to_when_and_the_breach_is_five_minutes_after_the_start() -> None:
    (found,) = alone("10:47").findings("SUP-01", slot="a")
    (still,) = unwatched().findings("SUP-01", slot="a")

    assert found.sentence == "A: nobody watched A from 10:41 to 10:47, 6 min; at most 5 min are allowed."
    assert (local(found.limit), found.severity, found.outstanding) == ("10:46", "C", False)
    assert still.sentence == "A: nobody has watched A since 10:00, at most 5 min are allowed."
    assert still.outstanding


def test_a_handover_recorded_late_was_missing_then_and_is_not_now() -> None:
    story = dosed().leaves_alone("10:41", "a").hands_over("10:44", "a", recorded="11:00")

    assert verdicts(story, "SUP-01", as_of="10:50", known_at=story.size_when("10:50")) == ["breached"]
    assert verdicts(story, "SUP-01", as_of="10:50") == ["met"]
