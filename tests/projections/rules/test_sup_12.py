"""SUP-12: while a monitor is taken up by one partner's emergency, somebody else takes over the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.projections.rules.day import Day, local
from tests.projections.rules.standing import verdicts
from tests.projections.rules.watching_words import THERAPIST, Watch, dosed


def emergency(slot: str = "a") -> Watch:
    return dosed().leaves_alone("10:41", slot, reason="partner-emergency")


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nobody was dosed", lambda: Watch().opens().assigns("09:30").leaves_alone("10:41"), "18:00", ["not-applicable"]),
    ("nobody was left alone", dosed, "18:00", ["not-applicable"]),
    ("an ordinary break", lambda: dosed().leaves_alone("10:41", "a"), "18:00", ["not-applicable"]),
    ("nobody yet, at the limit", emergency, "10:46", ["pending"]),
    ("nobody by the limit", emergency, "10:46:01", ["breached"]),
    ("handed over after 5 min", lambda: emergency().hands_over("10:46", "a"), "18:00", ["met"]),
    ("handed over after 6 min", lambda: emergency().hands_over("10:47", "a"), "18:00", ["breached"]),
    ("handed over to a screen", lambda: emergency().hands_over("10:43", "a", near=False), "18:00", ["breached"]),
    ("somebody else assigned", lambda: emergency().assigns("10:43", "a", monitor=THERAPIST), "18:00", ["met"]),
    ("back in time", lambda: emergency().is_back("10:45", "a"), "18:00", ["met"]),
    ("gone by then", lambda: emergency().leaves("a", "10:46"), "18:00", ["met"]),
    (
        "a second monitor was there all the time",
        lambda: dosed().assigns("10:20", "a", monitor=THERAPIST).leaves_alone("10:41", "a", reason="partner-emergency"),
        "18:00",
        ["met"],
    ),
    (
        "why is gone",
        lambda: emergency().loses("monitor-break-started", "sensitive"),
        "18:00",
        ["cannot-judge"],
    ),
]
MOMENTS = ("10:46",)


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert verdicts(story(), "SUP-12", as_of=as_of) == expected, name


def test_the_six_minutes_are_two_findings_for_no_rule_silences_another() -> None:
    story = emergency().hands_over("10:47", "a")
    found = [(f.rule, f.severity, local(f.limit)) for f in story.findings("SUP", slot="a") if f.verdict == "breached"]

    assert [each for each in found if each[0] in ("SUP-01", "SUP-12")] == [
        ("SUP-01", "C", "10:46"),
        ("SUP-12", "C", "10:46"),
    ]


def test_the_sentence_says_whose_emergency_it_was_and_nothing_more_of_it() -> None:
    (found,) = emergency().hands_over("10:47", "a").findings("SUP-12", slot="a")

    assert found.sentence == (
        "A: somebody else within 5 min, after the monitor was taken up by the partner's emergency at 10:41, "
        "at the latest at 10:46; there at 10:47, 1 min after the limit."
    )
