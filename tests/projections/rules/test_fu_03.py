"""FU-03: urinary symptoms are asked about at the latest with every so many dosed sessions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ledger.clinic import ANA, BEN, uuid
from tests.projections.rules.afterwards_words import After, begun
from tests.projections.rules.day import Day, local
from tests.projections.rules.standing import evaluated, unknown_person, verdicts


def sessions(before: int, screened: str = "") -> After:
    """So many dosed sessions on the days before, each at noon; then that of the 16th, which A leaves at 13:00."""
    story = After().opens()
    if screened:
        evaluated(story, "a", screened)
    for number in range(before):
        earlier = f"session/{uuid(800 + number)}"
        story.plans(earlier, a=ANA, b=BEN).gives("a", f"{10 + number} 12:00", session=earlier)
    return story.gives("a", "10:00").leaves("a", "13:00")


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nobody was dosed", lambda: Day().opens().leaves("a", "13:00"), "18 18:00", ["not-applicable"]),
    ("the fifth", lambda: sessions(4), "18 18:00", ["not-applicable"]),
    ("the sixth, still here", lambda: sessions(5), "12:59", ["not-applicable"]),
    ("the sixth, not asked yet", lambda: sessions(5), "18 01:00", ["pending"]),
    ("the sixth, not asked", lambda: sessions(5), "18 01:00:01", ["breached"]),
    ("the seventh, not asked either", lambda: sessions(6), "18 18:00", ["breached"]),
    ("asked before the first of them", lambda: sessions(5, "9 10:00"), "18 18:00", ["breached"]),
    ("asked after the first of them", lambda: sessions(5, "10 13:00"), "18 18:00", ["not-applicable"]),
    ("asked at the follow-up", lambda: sessions(5).asks("a", "18 01:00", urinary_screened=True), "19 18:00", ["met"]),
    ("asked a minute late", lambda: sessions(5).asks("a", "18 01:01", urinary_screened=True), "19 18:00", ["breached"]),
    ("a contact that did not ask", lambda: sessions(5).asks("a", "17 10:00"), "19 18:00", ["breached"]),
    (
        "the partner was asked",
        lambda: sessions(5).asks("b", "17 10:00", urinary_screened=True),
        "19 18:00",
        ["breached"],
    ),
    (
        "whether they were asked is gone",
        lambda: sessions(5, "12 13:00").loses("evaluation", "clinical"),
        "18 18:00",
        ["cannot-judge"],
    ),
    ("who it is is gone", lambda: unknown_person(sessions(5)), "18 18:00", ["cannot-judge"]),
]
MOMENTS = ("18 01:00", "19 18:00")


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert verdicts(story(), "FU-03", as_of=as_of) == expected, name


def test_it_is_minor_and_says_which_session_it_was() -> None:
    (found,) = sessions(5).findings("FU-03", slot="a", as_of="18 18:00")

    assert (found.severity, local(found.limit)) == ("m", "01:00")
    assert found.sentence == (
        "A: urinary symptoms asked about with dosed session 6 since the last time, every 6, at the latest at "
        "Mon 18 May 01:00; not asked."
    )


def test_the_number_is_the_protocols() -> None:
    story = begun(follow_up={"urinary_every": 1}).leaves("a", "13:00")

    assert verdicts(story, "FU-03", as_of="18 18:00") == ["breached"]
