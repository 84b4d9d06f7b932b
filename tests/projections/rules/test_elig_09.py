"""ELIG-09: prepared for the first session ever, apart and not at the last moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.eligibility import PreparationSessionHeld
from tests.ledger.clinic import ANA
from tests.projections.rules.day import OTHER, Day
from tests.projections.rules.standing import prepared_for_it, unknown_person, unreadable, verdicts


def dosed(began: str = "6 17:00", ended: str = "6 17:50", days: int = 90, **changes: Any) -> Day:
    day = Day().opens(eligibility={"preparation_max_days": days})
    return prepared_for_it(day, "a", began, ended, **changes).gives("a", "10:00")


def before() -> Day:
    return Day().plans(OTHER, a=ANA, at="1 07:00").gives("a", "1 07:30", session=OTHER).opens().gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: Day().opens(), "not-applicable"),
    ("dosed before", before, "not-applicable"),
    ("never prepared", lambda: Day().opens().gives("a", "10:00"), "breached"),
    ("ten days before", dosed, "met"),
    ("ended exactly 24 h before", lambda: dosed("15 09:00", "15 10:00"), "met"),
    ("ended a minute later", lambda: dosed("15 09:00", "15 10:01"), "breached"),
    ("began exactly the longest time before", lambda: dosed("6 10:00", "6 10:50", 10), "met"),
    ("began a minute earlier", lambda: dosed("6 09:59", "6 10:50", 10), "breached"),
    ("did not come", lambda: dosed(attended=False), "breached"),
    ("not in private", lambda: dosed(private=False), "breached"),
    ("cannot be read", lambda: unreadable(dosed(), PreparationSessionHeld, "clinical"), "cannot-judge"),
    ("nobody knows whose", lambda: unknown_person(dosed()), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ELIG-09", "a") == [verdict], name


def test_the_sentence_says_by_how_much() -> None:
    (finding,) = dosed("15 17:00", "15 17:55").findings("ELIG-09", slot="a")

    assert finding.sentence == (
        "A was not prepared between 90 days and 24 h before the first dose ever; the last preparation ended "
        "Fri 15 May 17:55, 16 h 05 before."
    )
