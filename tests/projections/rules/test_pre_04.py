"""PRE-04: nothing eaten or drunk for as long as the route asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.arrival import ParticipantCheckedIn
from tests.ledger.clinic import SLOT_A, dose
from tests.projections.rules.day import Day, instant
from tests.projections.rules.standing import causes, checked_in, unreadable, verdicts


def dosed(food: str | None, fluid: str | None, route: str = "sublingual") -> Day:
    told: dict[str, Any] = {
        name: None if at is None else instant(at) for name, at in (("last_food", food), ("last_fluid", fluid))
    }
    return checked_in(Day().opens(), "a", **told).put(dose("50", route=route), SLOT_A, "10:00")


IM = "intramuscular"

STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: Day().opens(), "not-applicable"),
    ("never asked", lambda: Day().opens().gives("a", "10:00"), "breached breached"),
    ("exactly 2 h and 30 min", lambda: dosed("08:00", "09:30"), "met met"),
    ("a minute too short", lambda: dosed("08:01", "09:31"), "breached breached"),
    ("not recorded", lambda: dosed(None, "09:00"), "breached met"),
    ("by needle 4 h and 2 h", lambda: dosed("06:00", "08:00", IM), "met met"),
    ("by needle a minute too short", lambda: dosed("06:01", "08:01", IM), "breached breached"),
    (
        "cannot be read",
        lambda: unreadable(dosed("06:00", "08:00"), ParticipantCheckedIn, "clinical"),
        "cannot-judge cannot-judge",
    ),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "PRE-04") == verdict.split(), name


def test_what_was_not_recorded_is_said_so() -> None:
    assert causes(dosed(None, None), "PRE-04") == [("not-recorded",), ("not-recorded",)]
    assert [f.severity for f in dosed(None, None).findings("PRE-04", slot="a")] == ["m", "m"]
