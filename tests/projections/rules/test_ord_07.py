"""ORD-07: the right person, and medication that is theirs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.events.dosing import DoseAdministered
from ledger.events.stock import OwnMedicationCheckedIn
from tests.ledger.clinic import BEN, SLOT_A, dose
from tests.projections.rules.day import Day
from tests.projections.rules.standing import causes, handed_in, unreadable, verdicts


def dosed(*identifiers: str, owner: str | None = None) -> Day:
    day = Day().opens()
    if owner is not None:
        handed_in(day, owner=owner)
    return day.put(dose(identifiers=list(identifiers)), SLOT_A, "10:00")


def own() -> Day:
    return handed_in(Day().opens()).gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: Day().opens(), "not-applicable"),
    ("two identifiers", lambda: dosed("name", "photo"), "met"),
    ("one", lambda: dosed("name"), "breached"),
    ("the same twice", lambda: dosed("name", "name"), "breached"),
    ("none recorded", dosed, "breached"),
    ("their own container", own, "met"),
    ("somebody else's own", lambda: dosed("name", "photo", owner=BEN), "breached"),
    ("cannot be read", lambda: unreadable(dosed("name", "photo"), DoseAdministered, "clinical"), "cannot-judge"),
    ("nobody knows whose container", lambda: unreadable(own(), OwnMedicationCheckedIn, "identity"), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ORD-07") == [verdict], name


def test_what_is_missing_is_said() -> None:
    assert causes(dosed(), "ORD-07") == [("not-recorded",)]
    assert causes(dosed("name", owner=BEN), "ORD-07") == [("not-the-owner", "too-few")]
