"""REC-08: an order in which it cannot have happened is shown, pair by pair."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.projections.rules.day import Day
from tests.projections.rules.leaving import assessed, went
from tests.projections.rules.standing import checked_in, measured, verdicts


def opened() -> Day:
    return Day().opens()


def watched(check: str, arrival: str = "09:05") -> Day:
    return checked_in(opened(), "a", arrival).looks_at("a", check)


def left(at: str = "13:10") -> Day:
    return opened().gives("a", "10:00").releases("a", "13:00").leaves("a", at)


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("nothing of this person", opened, "not-applicable"),
    ("a check and no check-in: missing is not out of order", lambda: opened().looks_at("a", "09:10"), "not-applicable"),
    ("a check after the check-in", lambda: watched("09:06"), "met"),
    ("a check in the minute of the check-in", lambda: watched("09:05"), "met"),
    ("a check before the check-in", lambda: watched("09:04"), "breached"),
    ("an assessment before the check-in", lambda: measured(checked_in(opened(), "a"), "a", "09:04"), "breached"),
    (
        "a discharge assessment before the check-in",
        lambda: assessed(checked_in(opened(), "a"), "a", "09:04"),
        "breached",
    ),
    ("a dose at the opening", lambda: opened().gives("a", "09:00"), "met"),
    ("a dose before the opening", lambda: opened().gives("a", "08:59"), "breached"),
    ("a dose in the minute of the release", lambda: left().gives("a", "13:00"), "met"),
    ("a dose after the release", lambda: left().gives("a", "13:01"), "breached"),
    ("a dose after leaving against advice", lambda: went(opened(), "a", "11:00").gives("a", "11:01"), "breached"),
    ("a dose at the closing", lambda: opened().closes("14:00").gives("a", "14:00"), "met"),
    ("a dose after the closing", lambda: opened().closes("14:00").gives("a", "14:01"), "breached"),
    ("a check as somebody leaves", lambda: left().looks_at("a", "13:10"), "met"),
    ("a check after somebody left", lambda: left().looks_at("a", "13:11"), "breached"),
    ("a check between release and departure", lambda: left().looks_at("a", "13:05"), "met"),
    ("a closing as somebody leaves", lambda: left("14:00").closes("14:00"), "met"),
    ("a closing before somebody left", lambda: left("14:01").closes("14:00"), "breached"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "REC-08") == [verdict], name


def test_each_pair_is_a_finding_of_its_own() -> None:
    day = left().closes("13:30").gives("a", "13:40")
    findings = day.findings("REC-08", slot="a")

    assert [each.sentence for each in findings] == [
        "A: a dose stands after the release: Sat 16 May 13:00 and Sat 16 May 13:40.",
        "A: a dose stands after the end of care: Sat 16 May 13:10 and Sat 16 May 13:40.",
        "A: a dose stands after the closing: Sat 16 May 13:30 and Sat 16 May 13:40.",
    ]
    assert len({each.identity for each in findings}) == len(findings)


def test_the_partners_entries_are_never_compared() -> None:
    day = left().gives("b", "13:40").looks_at("b", "13:45")

    assert (verdicts(day, "REC-08"), verdicts(day, "REC-08", "b")) == (["met"], ["met"])


def test_a_void_takes_the_pair_away_now_and_leaves_it_then() -> None:
    day = left().gives("a", "13:40").voids("13:50").signs("13:55")
    size = len(day.placed)

    assert verdicts(day, "REC-08", known_at=size) == ["met"]
    assert verdicts(day, "REC-08", known_at=size - 1) == ["breached"] * 2, "until a second person has signed the void"


def test_what_had_not_happened_yet_is_in_no_pair() -> None:
    assert verdicts(left().gives("a", "13:40"), "REC-08", as_of="13:39") == ["met"]
