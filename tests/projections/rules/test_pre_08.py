"""PRE-08: everybody who is dosed was asked about acute risk that day."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.events.arrival import ParticipantCheckedIn
from tests.projections.rules.day import Day
from tests.projections.rules.standing import checked_in, unreadable, verdicts


def dosed(at: str = "09:05", answer: str | None = "none") -> Day:
    return checked_in(Day().opens(), "a", at, suicidality=answer).gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: checked_in(Day().opens(), "a"), "not-applicable"),
    ("not checked in", lambda: Day().opens().gives("a", "10:00"), "breached"),
    ("asked", dosed, "met"),
    ("any answer counts", lambda: dosed(answer="declined-to-answer"), "met"),
    ("not asked", lambda: dosed(answer=None), "breached"),
    ("asked yesterday", lambda: dosed("15 23:59"), "breached"),
    ("asked in the minute of the dose", lambda: dosed("10:00"), "breached"),
    ("cannot be read", lambda: unreadable(dosed(), ParticipantCheckedIn, "sensitive"), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "PRE-08") == [verdict], name


def test_the_sentence_does_not_say_what_was_answered() -> None:
    (finding,) = dosed(answer="passive").findings("PRE-08", slot="a")

    assert "passive" not in finding.sentence
