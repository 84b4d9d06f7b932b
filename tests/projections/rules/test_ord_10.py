"""ORD-10: what was prepared was checked by another person, or counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.ledger.chart import countersignature
from tests.ledger.clinic import MD1, RN1, SLOT_A, dose
from tests.projections.rules.day import Day
from tests.projections.rules.standing import VIAL, made_ready, verdicts

CHECKED = ((RN1, "performed", "nurse"), (MD1, "verified", "prescriber"))


def drawn(*, checked: bool, at: str = "09:58") -> Day:
    who = CHECKED if checked else CHECKED[:1]
    day = Day().opens()
    made_ready(day, "a", at, "30", container=VIAL, concentration="50", drawn_from_vial=True, units=None, who=who)
    return day.put(dose("30", container=VIAL, route="intramuscular"), SLOT_A, "10:00")


def lozenge(at: str = "09:58", **changes: Any) -> Day:
    return made_ready(Day().opens(), "a", at, **changes).gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: Day().opens(), "not-applicable"),
    ("not prepared", lambda: Day().opens().gives("a", "10:00"), "breached"),
    ("a lozenge, counted", lozenge, "met"),
    ("a lozenge, neither counted nor told", lambda: lozenge(units=None, count_checked=False), "breached"),
    ("in the minute of the dose", lambda: lozenge("10:00"), "met"),
    ("after the dose", lambda: lozenge("10:01"), "breached"),
    ("drawn and checked", lambda: drawn(checked=True), "met"),
    ("drawn and not checked", lambda: drawn(checked=False), "breached"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ORD-10") == [verdict], name


def test_a_check_signed_by_itself_counts_when_it_came_before_the_dose() -> None:
    assert verdicts(drawn_then_checked("09:59"), "ORD-10") == ["met"]
    assert verdicts(drawn_then_checked("10:01"), "ORD-10") == ["breached"]


def drawn_then_checked(at: str) -> Day:
    day = Day().opens()
    made_ready(day, "a", "09:58", "30", container=VIAL, concentration="50", drawn_from_vial=True, units=None)
    target = day.placed[-1]
    day.put(dose("30", container=VIAL, route="intramuscular"), SLOT_A, "10:00")
    return day.put(countersignature(target, gives="verified"), SLOT_A, at, who=((MD1, "verified", "prescriber"),))


def test_one_preparation_serves_one_dose() -> None:
    assert verdicts(lozenge().gives("a", "10:50", "50"), "ORD-10") == ["met", "breached"]
    named = made_ready(Day().opens(), "a", "09:50", label="X")
    made_ready(named, "a", "09:51", label="Y", units=None, count_checked=False)

    assert verdicts(named.gives("a", "10:00", label="X"), "ORD-10") == ["met"]
