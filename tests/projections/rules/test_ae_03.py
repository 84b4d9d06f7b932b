"""AE-03: a transfer to hospital is on record with call, arrival, departure, where to, and what went along."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ledger.clinic import SLOT_A, blank, make
from tests.projections.rules.day import Day
from tests.projections.rules.standing import verdicts
from tests.projections.rules.watching_words import Watch, dosed


def away(**changes: object) -> Watch:
    return dosed().is_taken_away("a", "11:20", **changes)


def with_the_calls() -> Day:
    called = blank("emergency-services-called/1") | {"service": "ambulance"}
    story = dosed().put(make("emergency-services-called/1", **called), SLOT_A, "10:57")
    story.put(make("emergency-services-arrived/1", called=None, unit=None), SLOT_A, "11:12")
    return story.is_taken_away("a", "11:20", called_at=None, arrived_at=None)


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("nobody was transferred", dosed, "18:00", ["not-applicable"]),
    ("all of it in the entry", away, "18:00", ["met"]),
    ("call and arrival on record beside it", with_the_calls, "18:00", ["met"]),
    ("no call", lambda: away(called_at=None), "18:00", ["breached"]),
    ("no arrival", lambda: away(arrived_at=None), "18:00", ["breached"]),
    ("no facility", lambda: away(facility=None), "18:00", ["breached"]),
    ("nothing went along", lambda: away(documents=[]), "18:00", ["breached"]),
    ("it is gone", lambda: away().loses("participant-transferred", "clinical"), "18:00", ["cannot-judge"]),
]


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert verdicts(story(), "AE-03", as_of=as_of) == expected, name


def test_the_sentence_names_all_that_is_missing() -> None:
    (found,) = away(facility=None, documents=[]).findings("AE-03", slot="a")

    assert found.sentence == "A was transferred at 11:20; not recorded: the facility, what went along."
    assert found.severity == "M"
