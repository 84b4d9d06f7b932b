"""SUP-09: a high blood pressure is measured again at once, and a critical one is told to a prescriber."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.projections.rules.day import Day, local
from tests.projections.rules.standing import verdicts
from tests.projections.rules.watching_words import Watch, dosed


def high(at: str = "10:30", systolic: int = 176, diastolic: int = 104) -> Watch:
    return dosed().looks_at("a", at, systolic=systolic, diastolic=diastolic)


def crisis() -> Watch:
    return high(systolic=192, diastolic=112).looks_at("a", "10:35")


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nobody was dosed", lambda: Day().opens(), "18:00", ["not-applicable"]),
    ("no reading was high", lambda: high(systolic=159, diastolic=99), "18:00", ["met"]),
    ("160 is high", lambda: high(systolic=160, diastolic=80), "10:31", ["pending"]),
    ("100 below is high", lambda: high(systolic=140, diastolic=100), "10:31", ["pending"]),
    ("high before the dose is another rule's", lambda: high("09:50"), "18:00", ["met"]),
    ("not again yet, at the limit", high, "10:35", ["pending"]),
    ("not again by the limit", high, "10:35:01", ["breached"]),
    ("again at the limit", lambda: high().looks_at("a", "10:35"), "18:00", ["met"]),
    ("again a minute late", lambda: high().looks_at("a", "10:36"), "18:00", ["breached"]),
    ("a look without a pressure is none", lambda: high().glances_at("a", "10:33"), "18:00", ["breached"]),
    ("taken to hospital at the limit", lambda: high().is_taken_away("a", "10:35"), "18:00", ["met"]),
    ("taken to hospital after it", lambda: high().is_taken_away("a", "10:36"), "18:00", ["breached"]),
    (
        "each high reading asks for the next",
        lambda: high().looks_at("a", "10:34", systolic=165).looks_at("a", "10:40"),
        "18:00",
        ["met", "breached"],
    ),
    ("critical, and nobody called yet", crisis, "10:35", ["met", "pending"]),
    ("critical, and nobody called", crisis, "10:35:01", ["met", "breached"]),
    ("called in that minute", lambda: crisis().calls("a", "10:30"), "18:00", ["met", "met"]),
    ("called at the limit", lambda: crisis().calls("a", "10:35"), "18:00", ["met", "met"]),
    ("called a minute late", lambda: crisis().calls("a", "10:36"), "18:00", ["met", "breached"]),
    ("called about the partner", lambda: crisis().calls("b", "10:31"), "18:00", ["met", "breached"]),
    (
        "one call for an episode, another for the next",
        lambda: (
            crisis()
            .calls("a", "10:31")
            .looks_at("a", "10:50", systolic=185)
            .looks_at("a", "10:53", systolic=165)
            .looks_at("a", "10:56", systolic=182)
            .looks_at("a", "10:59")
        ),
        "18:00",
        ["met", "met", "met", "met", "met", "breached"],
    ),
    (
        "what was read is gone",
        lambda: high().loses("supervision-checked", "clinical"),
        "18:00",
        ["cannot-judge"],
    ),
    (
        "whether it was measured again is gone",
        lambda: high().looks_at("a", "10:33").loses("supervision-checked", "clinical", at="10:33"),
        "18:00",
        ["cannot-judge", "cannot-judge"],
    ),
]
MOMENTS = ("10:31", "10:35")


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert sorted(verdicts(story(), "SUP-09", as_of=as_of)) == sorted(expected), name


def test_a_late_repeat_is_major_and_says_by_how_much_a_missing_call_is_critical() -> None:
    again, called = high(systolic=192, diastolic=112).looks_at("a", "10:40").findings("SUP-09", slot="a")

    assert (again.severity, called.severity) == ("M", "C")
    assert again.sentence == (
        "A: a blood pressure 5 min after 192/112 of 10:30, which reaches 160/100, at the latest at 10:35; "
        "taken at 10:40, 5 min after the limit."
    )
    assert called.sentence.endswith("which reaches 180/110, at the latest at 10:35; not called.")
    assert (local(again.made_at), again.outstanding, called.outstanding) == ("10:40", False, True)


def test_a_repeat_recorded_late_was_missing_then_and_is_not_now() -> None:
    story = high().looks_at("a", "10:34", recorded="10:50")

    assert verdicts(story, "SUP-09", as_of="10:40", known_at=story.size_when("10:40")) == ["breached"]
    assert verdicts(story, "SUP-09", as_of="10:40") == ["met"]
