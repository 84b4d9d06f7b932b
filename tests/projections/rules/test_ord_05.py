"""ORD-05: a further dose not before the interval has passed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.ledger.clinic import SLOT_A, dose
from tests.projections.rules.day import Day, instant
from tests.projections.rules.standing import VIAL, ordered, received, verdicts


def twice(second: str, route: str = "sublingual", then: str = "", first: str = "10:00", **changes: Any) -> Day:
    day = Day().opens().put(dose("50", route=route, **changes), SLOT_A, first)
    return day.put(dose("50", route=then or route), SLOT_A, second)


def devices(second: str) -> Day:
    day = received(Day().opens(), drug="esketamine", form="nasal-device", concentration=None)
    for at in ("10:00", second):
        day.put(dose("28", container=VIAL, route="intranasal"), SLOT_A, at)
    return day


def with_order(minutes: int, second: str) -> Day:
    day = ordered(Day().opens(), "a", mg="50", max_redoses=1, redose_after_min=minutes)
    return day.gives("a", "10:00", "50").gives("a", second, "50")


IM, IV, IN = "intramuscular", "intravenous", "intranasal"

STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("one dose", lambda: Day().opens().gives("a", "10:00"), "not-applicable"),
    ("a lozenge after 45 min", lambda: twice("10:45"), "met"),
    ("a lozenge after 44 min", lambda: twice("10:44"), "breached"),
    ("by needle after 30 min", lambda: twice("10:30", IM), "met"),
    ("by needle after 29 min", lambda: twice("10:29", IM), "breached"),
    ("two routes: the longer interval", lambda: twice("10:30", IM, "sublingual"), "breached"),
    ("two routes, after the longer one", lambda: twice("10:45", IM, "sublingual"), "met"),
    ("no interval for this route", lambda: twice("10:01", IV), "not-applicable"),
    ("nasal devices after 5 min", lambda: devices("10:05"), "met"),
    ("nasal devices after 4 min", lambda: devices("10:04"), "breached"),
    ("sprays of one kind and another", lambda: twice("10:14", IN), "breached"),
    ("the order asks for longer", lambda: with_order(60, "10:50"), "breached"),
    ("the order asks for less, which shortens nothing", lambda: with_order(10, "10:44"), "breached"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ORD-05") == [verdict], name


def test_after_an_infusion_the_interval_runs_from_its_stop() -> None:
    stopped = {"stopped_at": instant("10:40")}

    assert verdicts(twice("11:24", IV, "sublingual", **stopped), "ORD-05") == ["breached"]
    assert verdicts(twice("11:25", IV, "sublingual", **stopped), "ORD-05") == ["met"]


def test_the_partners_dose_is_no_further_dose() -> None:
    day = Day().opens().gives("a", "10:00").gives("b", "10:10")

    assert (verdicts(day, "ORD-05"), verdicts(day, "ORD-05", "b")) == (["not-applicable"], ["not-applicable"])
