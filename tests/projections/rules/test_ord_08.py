"""ORD-08: in date, not recalled, as strong as its lot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.ledger.clinic import SLOT_A, dose, make
from tests.projections.rules.day import Day
from tests.projections.rules.standing import VIAL, causes, handed_in, made_ready, received, verdicts


def own(expires: str | None) -> Day:
    return handed_in(Day().opens(), expires=expires).gives("a", "10:00")


def vial(*facts: tuple[str, str, dict[str, Any]], concentration: str = "50", **changes: Any) -> Day:
    day = received(Day(), **changes)
    for tag, at, fields in facts:
        day.put(make(tag, **fields), VIAL, at)
    made_ready(day.opens(), "a", "09:58", container=VIAL, concentration=concentration, drawn_from_vial=True)
    return day.put(dose("30", container=VIAL, route="intramuscular"), SLOT_A, "10:00")


def opened(at: str, use_by: str | None = None) -> tuple[str, str, dict[str, Any]]:
    return "container-opened/1", at, {"seal": None, "use_by": use_by}


def assigned(use_by: str) -> tuple[str, str, dict[str, Any]]:
    return "use-by-assigned/1", "3 10:00", {"basis": "usp-797", "use_by": use_by}


def recalled(at: str) -> tuple[str, str, dict[str, Any]]:
    fields = {"action": "set-apart", "issued": "2026-05-10", "lot": "LOT-1", "notice": "N-1", "source": "FDA"}
    return "recall-notice-applied/1", at, fields


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: Day().opens(), "not-applicable"),
    ("nothing is known of the container", lambda: Day().opens().gives("a", "10:00"), "breached"),
    ("expires on the day", lambda: own("2026-05-16"), "met"),
    ("expired yesterday", lambda: own("2026-05-15"), "breached"),
    ("its owner's, without a date", lambda: own(None), "met"),
    ("a vial not opened before", vial, "met"),
    ("a vial out of date", lambda: vial(expires="2026-05-15"), "breached"),
    ("opened, its assigned day is the day", lambda: vial(opened("2 11:00", "2026-05-16")), "met"),
    ("opened, its assigned day was yesterday", lambda: vial(opened("2 11:00", "2026-05-15")), "breached"),
    ("a day assigned later", lambda: vial(opened("2 11:00", "2026-05-15"), assigned("2026-05-20")), "met"),
    ("recalled before", lambda: vial(recalled("15 10:00")), "breached"),
    ("recalled after", lambda: vial(recalled("11:00")), "met"),
    ("prepared as strong as another lot", lambda: vial(concentration="100"), "breached"),
    ("as strong, written otherwise", lambda: vial(concentration="50.0"), "met"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ORD-08") == [verdict], name


@pytest.mark.parametrize(("days", "verdict"), [(14, "met"), (13, "breached")])
def test_an_opened_vial_without_a_day_lasts_as_long_as_the_protocol_says(days: int, verdict: str) -> None:
    day = received(Day().opens(dose={"bud_days": days})).put(
        make("container-opened/1", **opened("")[2]), VIAL, "2 11:00"
    )

    assert verdicts(day.put(dose("30", container=VIAL), SLOT_A, "10:00"), "ORD-08") == [verdict]


def test_several_faults_are_all_named() -> None:
    day = vial(recalled("15 10:00"), expires="2026-05-15", concentration="100")

    assert causes(day, "ORD-08") == [("out-of-date", "recalled", "other-strength")]
