"""ELIG-04: no wider consent under the effect of a dose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.errors import Objection
from ledger.events.eligibility import ConsentSigned
from tests.ledger.clinic import ANA
from tests.projections.rules.day import Day
from tests.projections.rules.standing import consented, unreadable, verdicts


def then_signs(at: str, **scope: Any) -> Day:
    day = consented(Day().opens(), "a").gives("a", "10:00").releases("a", "13:00")
    return consented(day, "a", at, **scope)


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: consented(Day().opens(), "a", "11:00"), "not-applicable"),
    ("signed before", lambda: then_signs("09:59", recording=True), "not-applicable"),
    ("in the minute of the dose", lambda: then_signs("10:00", recording=True), "breached"),
    ("a flag more", lambda: then_signs("11:00", recording=True), "breached"),
    ("a route more", lambda: then_signs("11:00", routes=["sublingual", "oral"]), "breached"),
    ("a touch more", lambda: then_signs("11:00", touch=["hand"]), "breached"),
    ("the same", lambda: then_signs("11:00"), "met"),
    ("less", lambda: then_signs("11:00", joint=False), "met"),
    ("a minute before the release", lambda: then_signs("12:59", recording=True), "breached"),
    ("at the release, which is the end of checks", lambda: then_signs("13:00", recording=True), "not-applicable"),
    ("cannot be read", lambda: unreadable(then_signs("11:00"), ConsentSigned, "clinical"), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ELIG-04", "a") == [verdict], name


def asked(day: Day, **scope: Any) -> list[Objection]:
    proposed = consented(Day(), "a", **scope).placed[0].event
    return day.objections(proposed, ANA, "11:00", who=((ANA, "consented", "participant"),))


def test_at_the_desk_a_wider_consent_is_refused_and_nobody_may_override() -> None:
    day = consented(Day().opens(), "a").gives("a", "10:00")

    assert [(each.rule, each.override) for each in asked(day, recording=True)] == [("ELIG-04", None)]
    assert asked(day) == []


def test_what_the_partner_was_given_does_not_stop_anybody() -> None:
    day = consented(Day().opens(), "a").gives("b", "10:00")

    assert asked(day, recording=True) == []
