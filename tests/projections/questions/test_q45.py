"""Question 45: what was probably written down twice, and what became of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ledger.chart import void
from tests.ledger.clinic import MD1, RN1, SESSION, make
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day


def twice(second: str = "10:15", mg: str = "100") -> Day:
    """Two doses from the same container."""
    return Day().opens().gives("a", "10:00").gives("a", second, mg)


def confirmed() -> Day:
    day = twice()
    doses = [{"dig": each.dig, "id": each.payload.id} for each in day.placed[-2:]]
    return day.put(make("doses-confirmed-distinct/1", doses=doses), f"{SESSION}/a", "12:00")


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        (twice, [("open", 15, None)]),
        (lambda: twice("10:16"), []),
        (lambda: twice(mg="50"), []),
        (lambda: twice().voids("11:00"), [("open", 15, None)]),
        (lambda: twice().voids("11:00").signs("11:05"), [("one voided", 15, RN1)]),
        (confirmed, [("two doses", 15, RN1)]),
    ],
)
def test_a_pair_and_what_became_of_it(story: Callable[[], Day], expected: list[tuple[object, ...]]) -> None:
    found = asked(story(), "45")

    assert told(found, "state", "minutes", "by") == expected
    assert counted(found, "open") == sum(state == "open" for state, *_ in expected)


def test_another_entry_that_was_voided_as_a_duplicate_is_told_too() -> None:
    day = Day().opens().gives("a", "10:00").glances_at("a", "10:15")
    target = day.placed[-1]
    day.put(void(target, "duplicate"), target.stream, "11:00", who=[(MD1, "corrected", "prescriber")])
    day.signs("11:05", by=RN1)

    assert told(asked(day, "45"), "type", "first", "second", "state", "by") == [
        ("supervision-checked/1", "10:15", None, "voided", MD1)
    ]


def test_before_it_was_voided_it_was_open() -> None:
    day = twice()
    known = len(day.placed)
    day.voids("11:00").signs("11:05")

    assert told(asked(day, "45", known_at=known), "state") == [("open",)]
