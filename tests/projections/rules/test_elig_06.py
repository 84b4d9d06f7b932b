"""ELIG-06: where it applies, the pregnancy status was recorded shortly before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.people import ParticipantRegistered
from tests.projections.rules.day import Day
from tests.projections.rules.standing import checked_in, evaluated, registered, unknown_person, unreadable, verdicts

ASKED = {"basis": "asked", "status": "declined"}
TESTED = {"basis": "tested", "status": "not-pregnant"}


def dosed(at: str = "", status: Any = None, mode: str = "ask", *, applies: bool = True) -> Day:
    day = registered(Day(), "a", pregnancy_applicable=applies).opens(eligibility={"pregnancy_mode": mode})
    if at:
        evaluated(day, "a", at, pregnancy=status)
    return day.gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: registered(Day().opens(), "a"), "not-applicable"),
    ("does not apply", lambda: dosed(applies=False), "not-applicable"),
    ("the protocol does not ask", lambda: dosed(mode="off"), "not-applicable"),
    ("never asked", dosed, "breached"),
    ("seven days ago", lambda: dosed("9 23:00", ASKED), "met"),
    ("eight days ago", lambda: dosed("8 10:00", ASKED), "breached"),
    ("on the day", lambda: dosed("09:00", ASKED), "met"),
    ("asked where a test is wanted", lambda: dosed("15 10:00", ASKED, "test"), "breached"),
    ("tested", lambda: dosed("15 10:00", TESTED, "test"), "met"),
    ("at the door", lambda: checked_in(dosed(), "a", pregnancy=ASKED), "met"),
    ("after the dose", lambda: checked_in(dosed(), "a", "10:05", pregnancy=ASKED), "breached"),
    ("cannot be read", lambda: unreadable(dosed(), ParticipantRegistered, "sensitive"), "cannot-judge"),
    ("nobody knows whose", lambda: unknown_person(dosed()), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ELIG-06", "a") == [verdict], name


def test_the_sentence_does_not_say_which_status_it_was() -> None:
    (finding,) = dosed("15 10:00", {"basis": "asked", "status": "pregnant"}).findings("ELIG-06", slot="a")

    assert "is pregnant" not in finding.sentence
    assert "declined" not in finding.sentence
