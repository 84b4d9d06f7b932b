"""REC-17: an entry that asks for a second signature gets it in time, late, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.ledger.clinic import MD1, RN1, SESSION, SLOT_A, blank, dose, make
from tests.projections.rules.day import Day


def observed(at: str = "10:00", day: Day | None = None) -> Day:
    """A dose somebody took themselves, which has to be observed."""
    return (day or Day().opens()).put(dose("100", self_administered=True), SLOT_A, at)


def hands_over(at: str = "10:00") -> Day:
    fields: dict[str, Any] = blank("monitor-handover/1") | {
        "covers": ["a", "b"],
        "in_person": True,
        "incoming": MD1,
        "outgoing": RN1,
    }
    return Day().opens().put(make("monitor-handover/1", **fields), SESSION, at, who=[(RN1, "relinquished", "nurse")])


def drawn(at: str = "10:00", *, vial: bool = True) -> Day:
    fields = blank("dose-prepared/1") | {
        "container": "stock/00000000-0000-4000-8000-000000000041",
        "count_checked": True,
        "drawn_from_vial": vial,
        "label": "L-1",
        "mass": {"unit": "mg", "value": "100"},
    }
    return Day().opens().put(make("dose-prepared/1", **fields), SLOT_A, at)


RECEIVES: dict[str, Any] = {"by": MD1, "gives": "received"}
OBSERVES: dict[str, Any] = {"by": MD1, "gives": "observed"}
BY_AUTHOR: dict[str, Any] = {"by": RN1, "role": "nurse", "gives": "observed"}
AS_REGISTRAR: dict[str, Any] = {"by": MD1, "role": "registrar", "gives": "observed"}

STORIES: list[tuple[str, Callable[[], Day], str, str]] = [
    ("nothing asks", lambda: Day().opens().gives("a", "10:00"), "18:00", "not-applicable"),
    ("not yet", observed, "18:00", "pending"),
    ("after exactly a day", observed, "17 10:00", "pending"),
    ("after more than a day", observed, "17 10:01", "breached"),
    ("observed within a day", lambda: observed().signs("12:00", **OBSERVES), "17 18:00", "met"),
    ("observed too late", lambda: observed().signs("17 10:01", **OBSERVES), "17 18:00", "breached"),
    (
        "observed by its author",
        lambda: observed().signs("12:00", by=RN1, role="nurse", gives="observed"),
        "17 18:00",
        "breached",
    ),
    (
        "in another role",
        lambda: observed().signs("12:00", by=MD1, role="registrar", gives="observed"),
        "17 18:00",
        "breached",
    ),
    ("disputed", lambda: observed().signs("12:00", verdict="disputes", **OBSERVES), "17 18:00", "breached"),
    ("voided", lambda: observed().voids("11:00").signs("11:05"), "17 18:00", "not-applicable"),
    ("a handover not signed yet", hands_over, "10:05", "pending"),
    ("a handover not signed", hands_over, "10:06", "breached"),
    ("a handover signed", lambda: hands_over().signs("10:05", **RECEIVES), "18:00", "met"),
    ("a handover signed late", lambda: hands_over().signs("10:06", **RECEIVES), "18:00", "breached"),
    ("what was drawn, before the dose", drawn, "10:01", "pending"),
    ("what was drawn, at the dose", lambda: drawn().gives("a", "10:10"), "10:11", "breached"),
    ("what was drawn, checked", lambda: drawn().signs("10:05", gives="verified").gives("a", "10:10"), "10:11", "met"),
    ("what was counted", lambda: drawn(vial=False), "18:00", "not-applicable"),
    ("no figures", lambda: observed(day=Day().opens(protocol=False)), "18:00", "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "as_of", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, verdict: str) -> None:
    (finding,) = story().findings("REC-17", slot="a", as_of=as_of)

    assert finding.verdict == verdict, name


def test_one_that_came_late_says_when() -> None:
    (finding,) = observed().signs("17 10:01", **OBSERVES).findings("REC-17", slot="a", as_of="17 18:00")

    assert (finding.causes, finding.outstanding) == (("late",), False)
    assert "it came at" in finding.sentence
