"""SUP-13: somebody who leaves the room under the effect of a dose is accompanied."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ledger.clinic import RN1, SLOT_A, make
from tests.projections.rules.day import Day, local
from tests.projections.rules.standing import verdicts
from tests.projections.rules.watching_words import dosed


def goes_out(at: str, by: str | None = RN1, day: Day | None = None) -> Day:
    return (day or dosed()).put(make("left-room/1", accompanied_by=by, purpose="toilet"), SLOT_A, at)


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nobody was dosed", lambda: goes_out("10:30", None, Day().opens()), "18:00", ["not-applicable"]),
    ("stayed in the room", lambda: dosed().looks_at("a", "10:30"), "18:00", ["not-applicable"]),
    ("went out with somebody", lambda: goes_out("10:30"), "18:00", ["met"]),
    ("went out alone", lambda: goes_out("10:30", None), "18:00", ["breached"]),
    ("each time is one finding", lambda: goes_out("10:40", None, goes_out("10:30", None)), "18:00", ["breached"] * 2),
    (
        "at the toilet, accompanied",
        lambda: dosed().looks_at("a", "10:30", toileting_accompanied=True),
        "18:00",
        ["met"],
    ),
    (
        "at the toilet, alone",
        lambda: dosed().looks_at("a", "10:30", toileting_accompanied=False),
        "18:00",
        ["breached"],
    ),
    ("alone before the dose", lambda: goes_out("09:59", None), "18:00", ["not-applicable"]),
    ("alone in the minute of the dose", lambda: goes_out("10:00", None), "18:00", ["breached"]),
    (
        "alone after release",
        lambda: goes_out("12:31", None, dosed().releases("a", "12:30")),
        "18:00",
        ["not-applicable"],
    ),
    (
        "what the check said is gone",
        lambda: dosed().looks_at("a", "10:30").loses("supervision-checked", "clinical"),
        "18:00",
        ["cannot-judge"],
    ),
]


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert verdicts(story(), "SUP-13", as_of=as_of) == expected, name


def test_the_sentence_says_when_and_how_and_not_why() -> None:
    (found,) = goes_out("10:30", None).findings("SUP-13", slot="a")

    assert (found.sentence, found.severity, local(found.made_at)) == ("A left the room by 10:30, alone.", "m", "10:30")
