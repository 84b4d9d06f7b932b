"""CS-14: the prescription database was asked before the order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ledger.events.eligibility import EvaluationCompleted
from tests.ledger.clinic import uuid
from tests.projections.rules.day import Day, instant
from tests.projections.rules.standing import amended, causes, evaluated, ordered, unknown_person, unreadable
from tests.projections.rules.standing import verdicts as verdicts_of


def dosed(*, evaluation: str = "5 10:00", states: list[str] | None = None, **changes: Any) -> Day:
    """An evaluation, the order of 5 May 11:30, and a dose under it."""
    day = Day().opens(choices={"pdmp_states": states})
    if evaluation:
        evaluated(day, "a", evaluation, **changes)
    return ordered(day, "a").gives("a", "10:00")


def asked_at(clock: str) -> Day:
    return dosed(pdmp_checked_at=instant(clock))


def nowhere() -> Day:
    """A place that nobody registered, and a list of states."""
    day = dosed(states=["NY"])
    place = day.placed[0]
    day.placed[0] = replace(place, payload=place.payload.model_copy(update={"stream": f"location/{uuid(92)}"}))
    return day


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: Day().opens(), "not-applicable"),
    ("a dose without an order", lambda: evaluated(Day().opens(), "a").gives("a", "10:00"), "not-applicable"),
    ("asked", dosed, "met"),
    ("asked, and it says when", lambda: asked_at("5 09:50"), "met"),
    ("asked in the minute of the order", lambda: asked_at("5 11:30"), "met"),
    ("asked a minute after the order", lambda: asked_at("5 11:31"), "breached"),
    ("not asked", lambda: dosed(pdmp_checked=False), "breached"),
    ("evaluated in the minute of the order", lambda: dosed(evaluation="5 11:30"), "met"),
    ("evaluated a minute after it", lambda: dosed(evaluation="5 11:31"), "breached"),
    ("never evaluated", lambda: dosed(evaluation=""), "breached"),
    ("asked once, not in the latest", lambda: evaluated(dosed(), "a", "5 11:00", pdmp_checked=False), "breached"),
    ("the state is on the list", lambda: dosed(states=["CO", "NY"], pdmp_checked=False), "breached"),
    ("the state is not on the list", lambda: dosed(states=["CO"], pdmp_checked=False), "not-applicable"),
    ("no state is on the list", lambda: dosed(states=[], pdmp_checked=False), "not-applicable"),
    ("no state is known", nowhere, "cannot-judge"),
    ("cannot be read", lambda: unreadable(dosed(), EvaluationCompleted, "clinical"), "cannot-judge"),
    ("nobody knows whose", lambda: unknown_person(dosed()), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts_of(story(), "CS-14", "a") == [verdict], name


def test_two_doses_under_one_order_are_one_finding_and_two_orders_are_two() -> None:
    day = dosed(pdmp_checked=False).gives("a", "11:00")
    assert verdicts_of(day, "CS-14", "a") == ["breached"]

    day = dosed(pdmp_checked=False)
    order = next(placed for placed in day.placed if placed.event.type == "order-signed/1")
    amended(day, "a", {"dig": order.dig, "id": order.payload.id}, "10:30", "50").gives("a", "11:00", "50")
    found = day.findings("CS-14", slot="a")

    assert [finding.verdict for finding in found] == ["breached", "breached"]
    assert {finding.anchor for finding in found} == {order.dig, reference_of(day, "order-amended/1")}


def reference_of(day: Day, tag: str) -> str:
    return next(placed.dig for placed in day.placed if placed.event.type == tag)


def test_it_says_why_and_compares_the_moments() -> None:
    (late,) = asked_at("5 11:31").findings("CS-14", slot="a")

    assert late.causes == ("too-late",)
    assert (late.due, late.made_at) == (instant("5 11:30"), instant("5 11:31"))
    assert late.sentence == (
        "A: the order of Tue 5 May 11:30: the prescription database was asked Tue 5 May 11:31, after it."
    )
    assert causes(dosed(evaluation=""), "CS-14", "a") == [("no-evaluation",)]
    assert causes(dosed(pdmp_checked=False), "CS-14", "a") == [("not-asked",)]


def test_nothing_is_said_of_the_other_partner() -> None:
    assert [finding.verdict for finding in dosed(pdmp_checked=False).findings("CS-14", slot="b")] == ["not-applicable"]


def test_a_correction_of_the_evaluation_changes_it_now_and_not_then() -> None:
    day = dosed(pdmp_checked=False)
    evaluation = next(index for index, each in enumerate(day.placed) if each.event.type == "evaluation-completed/1")
    size = len(day.placed)
    evaluated(day.voids("11:00", of=evaluation), "a", "5 10:00", recorded="11:10")

    assert [finding.verdict for finding in day.findings("CS-14", slot="a")] == ["met"]
    assert [finding.verdict for finding in day.findings("CS-14", slot="a", known_at=size)] == ["breached"]
