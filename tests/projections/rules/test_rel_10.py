"""REL-10: a session is closed when both have left care."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.lifecycle import SessionClosed
from tests.ledger.clinic import SESSION, blank, make
from tests.projections.rules.day import Day
from tests.projections.rules.leaving import went
from tests.projections.rules.standing import causes, unreadable, verdicts
from tests.projections.rules.watching_words import Watch


def closing(**changes: Any) -> SessionClosed:
    fields = blank("session-closed/1") | {
        "stock_balanced": True,
        "ended_a": "departed",
        "ended_b": "departed",
        "follow_up_booked_a": True,
        "follow_up_booked_b": None,
    }
    event = make("session-closed/1", **(fields | changes))
    assert isinstance(event, SessionClosed)
    return event


def until_evening(left: str = "13:05") -> Watch:
    day = Watch()
    day.opens().gives("a", "10:00").leaves("a", left)
    return day


def closed(day: Day, **changes: Any) -> Day:
    return day.leaves("b", "13:06").put(closing(**changes), SESSION, "13:30")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not closed", until_evening, "not-applicable"),
    ("both gone, the call is booked", lambda: closed(until_evening()), "met"),
    ("left in the minute of the closing", lambda: closed(until_evening("13:30")), "met"),
    ("left a minute after it", lambda: closed(until_evening("13:31")), "breached"),
    ("still here", lambda: closed(Day().opens().gives("a", "10:00")), "breached"),
    ("not booked", lambda: closed(until_evening(), follow_up_booked_a=False), "breached"),
    ("nothing said of the call", lambda: closed(until_evening(), follow_up_booked_a=None), "breached"),
    ("not dosed, so no call", lambda: closed(Day().opens().leaves("a", "13:05"), follow_up_booked_a=None), "met"),
    ("left against advice", lambda: closed(went(Day().opens().gives("a", "10:00"), "a", "12:00")), "met"),
    ("cannot be read", lambda: unreadable(closed(until_evening()), SessionClosed, "clinical"), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "REL-10", "a") == [verdict], name


def test_each_partner_has_a_finding_of_their_own() -> None:
    day = until_evening().put(closing(), SESSION, "13:30")

    assert verdicts(day, "REL-10", "a") == ["met"]
    assert verdicts(day, "REL-10", "b") == ["breached"]
    assert causes(day, "REL-10", "b") == [("still-here",)]


def test_a_departure_recorded_late_takes_the_finding_away_now_and_not_then() -> None:
    day = Day().opens().gives("a", "10:00").leaves("b", "13:06").put(closing(), SESSION, "13:30")
    then = len(day.placed)
    day.leaves("a", "13:05", recorded="14:00")

    assert [f.verdict for f in day.findings("REL-10", slot="a")] == ["met"]
    assert [f.verdict for f in day.findings("REL-10", slot="a", known_at=then)] == ["breached"]


def test_before_a_closing_it_names_who_is_still_here_and_who_may_close_all_the_same() -> None:
    refused = [each for each in until_evening().objections(closing(), SESSION, "13:30") if each.rule == "REL-10"]

    assert [(each.slot, each.version, each.override) for each in refused] == [("b", "1", "medical-director")]
    gone = until_evening().leaves("b", "13:06")
    assert [each for each in gone.objections(closing(), SESSION, "13:30") if each.rule == "REL-10"] == []
    (missing,) = [
        each for each in gone.objections(closing(follow_up_booked_a=False), SESSION, "13:30") if each.rule == "REL-10"
    ]
    assert missing.slot == "a"
    assert "not booked" in missing.message


def test_a_departure_that_is_voided_after_the_closing_ends_as_a_finding() -> None:
    day = until_evening().leaves("b", "13:06")
    departure = len(day.placed) - 1
    assert day.objections(closing(), SESSION, "13:30") == []

    day.put(closing(), SESSION, "13:30").voids("14:00", of=departure).signs("14:05")

    assert verdicts(day, "REL-10", "b") == ["breached"]
