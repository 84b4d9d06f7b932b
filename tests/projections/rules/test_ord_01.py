"""ORD-01: a signed order for this person, drug and route, in date."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.projections.rules.day import Day
from tests.projections.rules.standing import (
    amended,
    cosigned,
    discontinued,
    handed_in,
    ordered,
    reference,
    told_by_word,
    unknown_person,
    verdicts,
)


def dosed(at: str = "5 11:30", **changes: Any) -> Day:
    return ordered(Day().opens(), "a", at, **changes).gives("a", "10:00")


def by_word(cosign: str = "", *, as_said: bool = True, told: str = "09:50") -> Day:
    day = told_by_word(Day().opens(), "a", told)
    order = reference(day)
    day.gives("a", "10:00")
    return cosigned(day, "a", order, cosign, as_said=as_said) if cosign else day


def ended(at: str) -> Day:
    day = ordered(Day().opens(), "a")
    return discontinued(day, "a", reference(day), at).gives("a", "10:00")


def replaced(at: str, **changes: Any) -> Day:
    day = ordered(Day().opens(), "a")
    return amended(day, "a", reference(day), at, "100", **changes).gives("a", "10:00")


MOMENTS = ("17 09:50", "17 09:51")

STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: ordered(Day().opens(), "a"), "not-applicable"),
    ("none", lambda: Day().opens().gives("a", "10:00"), "breached"),
    ("ordered", dosed, "met"),
    ("in the minute of the dose, which is not before it", lambda: dosed("10:00"), "breached"),
    ("by another route", lambda: dosed(route="oral"), "breached"),
    ("its last day is the day", lambda: dosed(valid_to="2026-05-16"), "met"),
    ("its last day was yesterday", lambda: dosed(valid_to="2026-05-15"), "breached"),
    ("its first day is the day", lambda: dosed(valid_from="2026-05-16"), "met"),
    ("its first day is tomorrow", lambda: dosed(valid_from="2026-05-17"), "breached"),
    ("another drug than the container holds", lambda: handed_in(dosed(drug="esketamine"), "09:00"), "breached"),
    ("ended before", lambda: ended("15 12:00"), "breached"),
    ("ended after", lambda: ended("10:30"), "met"),
    ("replaced by another", lambda: replaced("15 12:00"), "met"),
    ("replaced by one for another route", lambda: replaced("15 12:00", route="oral"), "breached"),
    ("by word of mouth, not signed yet", by_word, "pending"),
    ("by word of mouth, signed", lambda: by_word("12:00"), "met"),
    ("signed as put wrongly", lambda: by_word("12:00", as_said=False), "pending"),
    ("told after the dose", lambda: by_word(told="10:01"), "breached"),
    ("nobody knows whose", lambda: unknown_person(dosed()), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ORD-01") == [verdict], name


def test_the_signature_may_come_up_to_24_hours_later_that_hour_included() -> None:
    assert verdicts(by_word(), "ORD-01", as_of="17 09:50") == ["pending"]
    assert verdicts(by_word(), "ORD-01", as_of="17 09:50:01") == ["breached"]
    assert verdicts(by_word("17 09:50"), "ORD-01", as_of="17 12:00") == ["met"]
    (late,) = by_word("17 09:51").findings("ORD-01", slot="a", as_of="17 12:00")
    assert (late.verdict, late.causes, late.outstanding) == ("breached", ("cosigned-late",), False)


def test_every_dose_is_judged_by_itself() -> None:
    day = ordered(Day().opens(), "a").gives("a", "10:00").gives("a", "10:50", "50")
    findings = day.findings("ORD-01", slot="a")

    assert [finding.verdict for finding in findings] == ["met", "met"]
    assert len({finding.identity for finding in findings}) == 2
