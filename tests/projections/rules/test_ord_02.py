"""ORD-02: within what the order permits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.projections.rules.day import Day
from tests.projections.rules.standing import amended, causes, ordered, reference, told_by_word, unknown_person, verdicts


def mass(mg: str) -> dict[str, str]:
    return {"unit": "mg", "value": mg}


def dosed(mg: str, *later: str, tolerance: str = "0", **order: Any) -> Day:
    day = ordered(Day().opens(dose={"tolerance_mg": tolerance}), "a", **order).gives("a", "10:00", mg)
    for index, more in enumerate(later):
        day.gives("a", f"11:{index}0", more)
    return day


FROM_50_TO_100: dict[str, Any] = {"dose_min": mass("50"), "dose_max": mass("100"), "max_redoses": 1}

STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: ordered(Day().opens(), "a"), "not-applicable"),
    ("not ordered", lambda: Day().opens().gives("a", "10:00"), "breached"),
    ("as ordered", lambda: dosed("100"), "met"),
    ("a little less", lambda: dosed("99.999"), "breached"),
    ("a little more", lambda: dosed("100.001"), "breached"),
    ("the least of a range", lambda: dosed("50", **FROM_50_TO_100), "met"),
    ("less than the least", lambda: dosed("49.5", **FROM_50_TO_100), "breached"),
    ("more than the most", lambda: dosed("101", **FROM_50_TO_100), "breached"),
    ("within the tolerance", lambda: dosed("101", tolerance="1"), "met"),
    ("beyond the tolerance", lambda: dosed("101.5", tolerance="1"), "breached"),
    ("a further dose that was ordered", lambda: dosed("50", "50", **FROM_50_TO_100), "met met"),
    ("a further dose that was not", lambda: dosed("100", "100"), "met breached"),
    ("one more than ordered", lambda: dosed("50", "50", "50", **FROM_50_TO_100), "met met breached"),
    (
        "more than is ordered for the session",
        lambda: dosed("100", "100", max_session=mass("150"), max_redoses=1),
        "met breached",
    ),
    (
        "by word of mouth, at most that",
        lambda: told_by_word(Day().opens(), "a", "09:50").gives("a", "10:00", "60"),
        "met",
    ),
    ("nobody knows whose", lambda: unknown_person(dosed("100")), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ORD-02") == verdict.split(), name


def test_of_two_orders_in_force_the_dose_may_follow_either_unless_it_names_one() -> None:
    day = ordered(ordered(Day().opens(), "a", mg="100"), "a", "6 11:30", mg="50")

    assert verdicts(day.gives("a", "10:00", "100"), "ORD-02") == ["met"]


def test_an_amended_order_replaces_the_first() -> None:
    day = ordered(Day().opens(), "a", mg="100")
    amended(day, "a", reference(day), "15 12:00", "50")

    assert causes(day.gives("a", "10:00", "100"), "ORD-02") == [("above",)]
