"""AE-04: no session is closed with an adverse event that has neither an outcome nor a plan."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.errors import Objection
from ledger.events.base import Event
from tests.ledger.clinic import MD1, SESSION, SLOT_A, blank, make
from tests.projections.rules.afterwards_words import After, begun
from tests.projections.rules.day import Day
from tests.projections.rules.standing import verdicts


def badly(**known: str) -> After:
    return begun().goes_badly("a", "10:41", **known)


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nothing went badly", lambda: begun().closes("14:00"), "18:00", ["not-applicable"]),
    ("not closed", badly, "18:00", ["not-applicable"]),
    ("closed with neither", lambda: badly().closes("14:00"), "18:00", ["breached"]),
    ("closed with a plan", lambda: badly(plan="ward call").closes("14:00"), "18:00", ["met"]),
    ("closed with an outcome", lambda: badly(outcome="recovering").closes("14:00"), "18:00", ["met"]),
    (
        "a plan in the minute of closing",
        lambda: badly().learns("a", "14:00", plan="ward call").closes("14:00"),
        "18:00",
        ["met"],
    ),
    (
        "a plan after it",
        lambda: badly().closes("14:00").learns("a", "14:01", of=-2, plan="ward call"),
        "18:00",
        ["breached"],
    ),
    (
        "it went badly after the closing",
        lambda: begun().closes("14:00").goes_badly("a", "15:00"),
        "18:00",
        ["not-applicable"],
    ),
    (
        "what was said is gone",
        lambda: badly(plan="x").closes("14:00").loses("adverse", "sensitive"),
        "18:00",
        ["cannot-judge"],
    ),
]


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert verdicts(story(), "AE-04", as_of=as_of) == expected, name


def closing() -> Event:
    fields = blank("session-closed/1") | {"stock_balanced": True, "ended_a": "departed", "ended_b": "departed"}
    fields |= {"follow_up_booked_a": True, "follow_up_booked_b": True}
    return make("session-closed/1", **fields)


def asked_to_close(story: Day) -> list[Objection]:
    return [each for each in story.objections(closing(), SESSION, "14:00") if each.rule == "AE-04"]


def overridden(role: str, permits: str = "closing") -> Day:
    fields = {"evidence": [], "permits": permits, "reason": "known to the ward", "rule": "AE-04"}
    event = make("rule-overridden-for-partner/1", **fields)
    return badly().put(event, SLOT_A, "13:50", who=[(MD1, "authorised", role)])


def test_the_closing_is_refused_until_there_is_a_plan() -> None:
    (objection,) = asked_to_close(badly())

    assert objection.override == "medical-director"
    assert asked_to_close(badly().learns("a", "13:38", plan="ward call")) == []
    assert len(asked_to_close(badly().loses("adverse", "sensitive"))) == 1, "nothing is permitted that nobody can see"


def test_the_medical_director_may_override_and_what_follows_is_declared() -> None:
    assert asked_to_close(overridden("medical-director")) == []
    assert len(asked_to_close(overridden("prescriber"))) == 1
    assert len(asked_to_close(overridden("medical-director", "release"))) == 1
    (found,) = overridden("medical-director").closes("14:00").findings("AE-04", slot="a")
    assert (found.verdict, found.declared_by is not None, found.severity) == ("breached", True, "M")
