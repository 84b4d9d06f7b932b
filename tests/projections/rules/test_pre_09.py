"""PRE-09: in some states: told in writing how deep the sedation is, and by whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ledger.clinic import MD1, SLOT_A, make
from tests.projections.rules.day import Day
from tests.projections.rules.standing import TEXT, verdicts


def dosed(at: str = "", states: tuple[str, ...] = ("NY",)) -> Day:
    day = Day().opens(choices={"sedation_information_states": states})
    if at:
        fields = {"level": "minimal", "provider": MD1, "text": TEXT, "understood": True, "version": "v1"}
        day.put(make("sedation-information-given/1", **fields), SLOT_A, at)
    return day.gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: Day().opens(), "not-applicable"),
    ("the state does not ask for it", lambda: dosed(states=("UT",)), "not-applicable"),
    ("not given", dosed, "breached"),
    ("given before", lambda: dosed("09:30"), "met"),
    ("given in the minute of the dose", lambda: dosed("10:00"), "breached"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "PRE-09") == [verdict], name
