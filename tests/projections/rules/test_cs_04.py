"""CS-04: what is received says from whom, by which registration, when, how much, and on which invoice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.projections.rules.day import Day
from tests.projections.rules.standing import VIAL, handed_in, received


def came(**changes: Any) -> Day:
    return received(Day().opens(), **changes)


STORIES: list[tuple[str, Callable[[], Day], list[tuple[str, ...]]]] = [
    ("all is said", came, [("met",)]),
    ("a distributor whose number has a 9", lambda: came(supplier_dea="R91234563"), [("met",)]),
    ("no supplier", lambda: came(supplier="-"), [("breached", "no-supplier")]),
    ("no address", lambda: came(supplier_address="..."), [("breached", "no-address")]),
    ("no DEA number", lambda: came(supplier_dea="none"), [("breached", "no-dea-number")]),
    ("a digit is missing", lambda: came(supplier_dea="FX000001"), [("breached", "no-dea-number")]),
    ("nothing but the amount", lambda: came(supplier="-", supplier_address="-", supplier_dea="0"),
     [("breached", "no-supplier", "no-address", "no-dea-number")]),
    ("own medication is not received", lambda: handed_in(Day().opens()), []),
]  # fmt: skip


def told(day: Day, **asked: Any) -> list[tuple[str, ...]]:
    return [(each.verdict, *each.causes) for each in day.findings("CS-04", **asked)]


@pytest.mark.parametrize(("name", "story", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], expected: list[tuple[str, ...]]) -> None:
    assert told(story()) == expected, name


def test_the_finding_is_about_the_container_and_says_what_is_missing() -> None:
    (found,) = came(supplier_dea="none").findings("CS-04")

    assert (found.subject, found.severity) == (VIAL, "M")
    assert found.sentence == "V-1, received 2026-05-02: 500 mg from Supplier; not recorded: dea-number."


def test_a_correction_counts_from_then_on() -> None:
    day = came(supplier_dea="none")
    then = len(day.placed)
    day.corrects("11:00", ("supplier_dea", "none", "FX0000001"))

    assert told(day) == [("met",)]
    assert told(day, known_at=then) == [("breached", "no-dea-number")]
