"""ORD-04: not more in a session than the protocol's total, nor more often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.dosing import DoseAdministered
from tests.ledger.clinic import SLOT_A, dose
from tests.projections.rules.day import Day
from tests.projections.rules.standing import causes, unreadable, verdicts


def dosed(*doses: tuple[str, str], **changes: Any) -> Day:
    day = Day().opens()
    for index, (route, mg) in enumerate(doses):
        day.put(dose(mg, route=route, **changes), SLOT_A, f"1{index}:00")
    return day


SL, IM, IV = "sublingual", "intramuscular", "intravenous"

STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: Day().opens(), "not-applicable"),
    ("one dose", lambda: dosed((SL, "100")), "met met"),
    ("two at the total", lambda: dosed((SL, "150"), (SL, "150")), "met met"),
    ("two above it", lambda: dosed((SL, "150"), (SL, "151")), "breached met"),
    ("three", lambda: dosed((SL, "50"), (SL, "50"), (SL, "50")), "met breached"),
    ("by two routes, each within its total", lambda: dosed((SL, "300"), (IM, "100")), "met met"),
    ("infused at 1 mg/kg", lambda: dosed((IV, "35"), (IV, "35"), weight="70"), "met met"),
    ("infused above it", lambda: dosed((IV, "35"), (IV, "36"), weight="70"), "breached met"),
    (
        "the weight cannot be read",
        lambda: unreadable(dosed((IV, "35"), weight="70"), DoseAdministered, "clinical"),
        "cannot-judge met",
    ),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ORD-04") == verdict.split(), name


def test_the_first_dose_above_a_limit_is_the_one_that_is_named() -> None:
    day = dosed((SL, "250"), (SL, "60"), (SL, "10"))
    total, number = day.findings("ORD-04", slot="a")

    assert (total.causes, total.made_at) == (("above-total",), day.placed[-2].payload.occurred.at)
    assert (number.causes, number.made_at) == (("too-many",), day.placed[-1].payload.occurred.at)
    assert causes(day, "ORD-04", "b") == [()]
