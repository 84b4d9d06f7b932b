"""ORD-09: after a no only a new consent, given in time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.projections.rules.day import Day
from tests.projections.rules.standing import consented, declined, unknown_person, verdicts


def said_no(consent: str = "", *, dose: str = "10:30", partner: str = "") -> Day:
    day = declined(consented(Day().opens(), "a"), "a", "09:43")
    if partner:
        day.gives("b", partner)
    if consent:
        consented(day, "a", consent)
    return day.gives("a", dose)


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: declined(Day().opens(), "a", "09:43"), "not-applicable"),
    ("nothing declined", lambda: Day().opens().gives("a", "10:00"), "not-applicable"),
    ("no new consent", said_no, "breached"),
    ("14 min later", lambda: said_no("09:57"), "breached"),
    ("15 min later", lambda: said_no("09:58"), "met"),
    ("in the minute of the dose", lambda: said_no("10:30"), "breached"),
    ("after the partner was dosed", lambda: said_no("10:10", partner="10:00"), "breached"),
    ("before the partner was dosed", lambda: said_no("09:59", partner="10:00"), "met"),
    ("declined only after the dose", lambda: said_no(dose="09:42"), "not-applicable"),
    ("nobody knows whose", lambda: unknown_person(said_no()), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ORD-09") == [verdict], name


def test_the_partner_may_decline_and_be_dosed_no_more_while_the_other_is() -> None:
    day = declined(Day().opens(), "b", "09:43").gives("a", "10:00").gives("b", "11:05", "10")

    assert verdicts(day, "ORD-09") == ["not-applicable"]
    assert verdicts(day, "ORD-09", "b") == ["breached"]
    assert "withheld" not in day.findings("ORD-09", slot="b")[0].sentence
