"""AE-05: an incident at a boundary reaches compliance within a day."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ledger.clinic import SESSION, make
from tests.projections.rules.afterwards_words import INCIDENT
from tests.projections.rules.day import Day, local


def incident(received: str, *, opened: bool = True) -> Day:
    event = make("boundary-incident-recorded/1", kind="partner-pressure", session=SESSION)
    return Day().opens(protocol=opened).put(event, INCIDENT, "10:52", recorded=received)


STORIES: list[tuple[str, Callable[[], Day], str, list[str]]] = [
    ("received at once", lambda: incident("10:52"), "18 18:00", ["met"]),
    ("received after 24 h", lambda: incident("17 10:52"), "18 18:00", ["met"]),
    ("received a minute later", lambda: incident("17 10:53"), "18 18:00", ["breached"]),
    ("no protocol", lambda: incident("10:52", opened=False), "18 18:00", ["cannot-judge"]),
]
MOMENTS = ("18 18:00",)


@pytest.mark.parametrize(("name", "story", "as_of", "expected"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], as_of: str, expected: list[str]) -> None:
    assert [f.verdict for f in story().findings("AE-05", as_of=as_of)] == expected, name


def test_the_finding_is_about_its_own_record_and_names_nobody() -> None:
    (found,) = incident("17 10:53").findings("AE-05", as_of="18 18:00")

    assert (found.subject, found.session, found.slot, found.severity) == (INCIDENT, "", "", "C")
    assert found.sentence == (
        "An incident at a boundary of Sat 16 May 10:52 reached compliance after 1441 min; at most 24 h are allowed."
    )
    assert local(found.limit) == "10:52"
