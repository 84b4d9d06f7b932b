"""REL-11: leaving without a release is written down at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.events.emergencies import LeftAgainstAdvice
from tests.projections.rules.day import Day
from tests.projections.rules.leaving import released, went
from tests.projections.rules.standing import causes, unreadable, verdicts


def dosed() -> Day:
    return Day().opens().gives("a", "10:00")


MOMENTS = ("13:10",)

STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: went(Day().opens(), "a", "12:00"), "not-applicable"),
    ("still here", dosed, "not-applicable"),
    ("released before", lambda: released(dosed()).leaves("a", "13:05"), "not-applicable"),
    ("gone, and nothing recorded", lambda: dosed().leaves("a", "13:05"), "breached"),
    ("recorded at once", lambda: went(dosed(), "a", "12:00"), "met"),
    ("recorded 15 min later", lambda: went(dosed(), "a", "12:00", recorded="12:15"), "met"),
    ("recorded 16 min later", lambda: went(dosed(), "a", "12:00", recorded="12:16"), "breached"),
    ("nobody was told", lambda: went(dosed(), "a", "12:00", prescriber=None, informed_at=None), "breached"),
    ("capacity not assessed", lambda: went(dosed(), "a", "12:00", capacity="not-assessed"), "breached"),
    (
        "not how they were",
        lambda: went(dosed(), "a", "12:00", gait_steady=None, moaas=None, orientation=None),
        "breached",
    ),
    ("cannot be read", lambda: unreadable(went(dosed(), "a", "12:00"), LeftAgainstAdvice, "sensitive"), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "REL-11", "a") == [verdict], name


def test_for_15_min_it_is_pending_the_limit_included() -> None:
    day = dosed().leaves("a", "13:05")

    assert verdicts(day, "REL-11", as_of="13:20") == ["pending"]
    assert verdicts(day, "REL-11", as_of="13:20:01") == ["breached"]


def test_a_departure_is_explained_by_the_record_of_it() -> None:
    day = went(dosed().leaves("a", "13:05"), "a", "13:06", recorded="13:10")

    assert verdicts(day, "REL-11") == ["met"]
    assert causes(dosed().leaves("a", "13:05"), "REL-11") == [("not-recorded",)]
