"""REL-05: a release by somebody who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.ledger.clinic import MD1, PLACE, SESSION, Who, make
from tests.projections.rules.day import Day
from tests.projections.rules.leaving import released
from tests.projections.rules.standing import reference, verdicts


def by(role: str) -> Who:
    return (MD1, "authorised-release", role)


def let_go(role: str) -> Day:
    return released(Day().opens().gives("a", "10:00"), who=by(role))


def delegated(ended: str = "", **changes: Any) -> Day:
    fields: dict[str, Any] = {"document": None, "effective": "2026-05-01", "expires": None, "locations": []}
    day = Day().put(make("release-delegated/1", **(fields | changes)), MD1, "1 07:00")
    if ended:
        day.put(make("release-delegation-ended/1", delegated=reference(day), ended=ended), MD1, "2 07:00")
    return released(day.opens().gives("a", "10:00"), who=by("therapist"))


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: released(Day().opens()), "not-applicable"),
    ("not released", lambda: Day().opens().gives("a", "10:00"), "not-applicable"),
    ("by a nurse", lambda: let_go("nurse"), "met"),
    ("by a prescriber", lambda: let_go("prescriber"), "met"),
    ("by a therapist", lambda: let_go("therapist"), "breached"),
    ("by a therapist, delegated", delegated, "met"),
    ("delegated for here", lambda: delegated(locations=[PLACE]), "met"),
    ("delegated for elsewhere", lambda: delegated(locations=[PLACE[:-1] + "9"]), "breached"),
    ("delegated until the day", lambda: delegated(expires="2026-05-16"), "met"),
    ("delegated until yesterday", lambda: delegated(expires="2026-05-15"), "breached"),
    ("delegated from tomorrow", lambda: delegated(effective="2026-05-17"), "breached"),
    ("taken back from the day on", lambda: delegated(ended="2026-05-16"), "breached"),
    ("taken back from tomorrow on", lambda: delegated(ended="2026-05-17"), "met"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "REL-05", "a") == [verdict], name


def test_the_release_stands_on_the_record_of_one_person() -> None:
    day = released(Day().opens().gives("a", "10:00").gives("b", "10:00"))

    assert verdicts(day, "REL-05", "b") == ["not-applicable"]
    assert all(each.stream != SESSION for each in day.placed if each.event.type == "release-authorised/1")
