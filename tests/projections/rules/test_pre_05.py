"""PRE-05: what was taken lately was asked, and decided on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.events.arrival import ParticipantCheckedIn
from ledger.events.holds import HoldReleased
from tests.projections.rules.day import Day
from tests.projections.rules.standing import ASKED, causes, checked_in, decided, unreadable, verdicts


def dosed(at: str = "09:05", **taken: bool | None) -> Day:
    return checked_in(Day().opens(), "a", at, taken_lately={**ASKED, **taken}).gives("a", "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: checked_in(Day().opens(), "a"), "not-applicable"),
    ("not checked in", lambda: Day().opens().gives("a", "10:00"), "breached"),
    ("asked for everything, took nothing", dosed, "met"),
    ("asked yesterday", lambda: dosed("15 23:00"), "breached"),
    ("asked after the dose", lambda: dosed("10:01"), "breached"),
    ("one was not asked", lambda: dosed(maoi=None), "breached"),
    ("took something", lambda: dosed(alcohol=True), "breached"),
    ("took something, a prescriber decided", lambda: decided(dosed(cannabis=True), "a", "09:30"), "met"),
    ("decided before it was asked", lambda: decided(dosed(cannabis=True), "a", "09:00"), "breached"),
    ("cannot be read", lambda: unreadable(dosed(), ParticipantCheckedIn, "sensitive"), "cannot-judge"),
    (
        "what was decided cannot be read",
        lambda: unreadable(decided(dosed(opioids=True), "a", "09:30"), HoldReleased, "sensitive"),
        "cannot-judge",
    ),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "PRE-05") == [verdict], name


def test_the_sentence_does_not_say_what_was_taken() -> None:
    (finding,) = dosed(opioids=True).findings("PRE-05", slot="a")

    assert "opioid" not in finding.sentence
    assert causes(dosed(opioids=True), "PRE-05") == [("not-decided",)]
