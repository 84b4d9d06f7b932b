"""SUP-07: something is done about a low oxygen saturation at once, and it is measured again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.projections.rules.day import Day, local
from tests.projections.rules.standing import verdicts
from tests.projections.rules.watching_words import Watch, dosed


def low(spo2: int = 91, at: str = "10:30") -> Watch:
    return dosed().looks_at("a", at, spo2=spo2)


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nobody was dosed", lambda: Day().opens(), "18:00", ["not-applicable"]),
    ("92 % is not low", lambda: low(92), "18:00", ["met"]),
    ("low before the dose", lambda: low(at="09:50"), "18:00", ["met"]),
    ("nothing yet, at the first limit", low, "10:32", ["pending"]),
    ("nothing done by the first limit", low, "10:32:01", ["breached"]),
    ("done, not measured yet", lambda: low().acts("a", "10:32"), "10:35", ["pending"]),
    ("done, not measured again", lambda: low().acts("a", "10:32"), "10:35:01", ["breached"]),
    (
        "done in that minute, measured at the limit",
        lambda: low().acts("a", "10:30").looks_at("a", "10:35"),
        "18:00",
        ["met"],
    ),
    ("done a minute late", lambda: low().acts("a", "10:33").looks_at("a", "10:35"), "18:00", ["breached"]),
    ("measured a minute late", lambda: low().acts("a", "10:31").looks_at("a", "10:36"), "18:00", ["breached"]),
    (
        "something done before the reading is none",
        lambda: low().acts("a", "10:29").looks_at("a", "10:33"),
        "18:00",
        ["breached"],
    ),
    ("done for the partner", lambda: low().acts("b", "10:31").looks_at("a", "10:33"), "18:00", ["breached"]),
    (
        "still low: each reading asks again",
        lambda: low().acts("a", "10:31").looks_at("a", "10:33", spo2=90).looks_at("a", "10:36"),
        "18:00",
        ["met", "breached"],
    ),
    ("taken to hospital within two minutes", lambda: low().is_taken_away("a", "10:32"), "18:00", ["met"]),
    ("what was read is gone", lambda: low().loses("supervision-checked", "clinical"), "18:00", ["cannot-judge"]),
    (
        "whether it was measured again is gone",
        lambda: low().acts("a", "10:31").looks_at("a", "10:33").loses("supervision-checked", "clinical", at="10:33"),
        "18:00",
        ["cannot-judge", "cannot-judge"],
    ),
]
MOMENTS = ("10:32", "10:35")


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert verdicts(story(), "SUP-07", as_of=as_of) == expected, name


def test_below_90_is_marked_critical_and_both_duties_are_told() -> None:
    (found,) = low(89).looks_at("a", "10:34").findings("SUP-07", slot="a", as_of="10:40")
    (plain,) = low(90).looks_at("a", "10:34").findings("SUP-07", slot="a", as_of="10:40")

    assert found.sentence == (
        "A: something within 2 min of an oxygen saturation of 89 %, which is critical, at 10:30, at the latest at "
        "10:32; not done; and another oxygen saturation within 5 min of 89 %, which is critical, at 10:30, "
        "at the latest at 10:35; taken at 10:34."
    )
    assert (local(found.limit), found.severity, found.causes) == ("10:32", "C", ("missing", "critical"))
    assert plain.causes == ("missing",)


def test_what_was_done_and_written_down_late_was_missing_then_and_is_not_now() -> None:
    story = low().looks_at("a", "10:33").acts("a", "10:31", recorded="10:50")

    assert verdicts(story, "SUP-07", as_of="10:40", known_at=story.size_when("10:40")) == ["breached"]
    assert verdicts(story, "SUP-07", as_of="10:40") == ["met"]
