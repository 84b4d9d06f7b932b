"""REL-08: nobody alone in a hired car."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.events.release import ParticipantDeparted
from tests.projections.rules.day import Day
from tests.projections.rules.standing import unreadable, verdicts


def left(mode: str, *, permitted: bool = False) -> Day:
    day = Day().opens(release={"solo_rideshare": permitted}).gives("a", "10:00")
    return day.leaves("a", "13:05", mode=mode)


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: Day().opens().leaves("a", "13:05", mode="solo-rideshare"), "not-applicable"),
    ("still here", lambda: Day().opens().gives("a", "10:00"), "not-applicable"),
    ("alone in a hired car", lambda: left("solo-rideshare"), "breached"),
    ("which is permitted", lambda: left("solo-rideshare", permitted=True), "met"),
    ("with somebody", lambda: left("accompanied-ride"), "met"),
    ("cannot be read", lambda: unreadable(left("solo-rideshare"), ParticipantDeparted, "clinical"), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "REL-08", "a") == [verdict], name
