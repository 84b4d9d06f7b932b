"""REL-09: another way home than planned is written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.events.release import ParticipantDeparted, TransportPlanDeviationRecorded
from tests.ledger.clinic import SESSION, blank, make
from tests.projections.rules.day import SISTER, Day
from tests.projections.rules.leaving import went
from tests.projections.rules.standing import causes, unreadable, verdicts
from tests.projections.rules.watching_words import Watch

MOMENTS = ("13:10",)
NEIGHBOUR = {"name": "Jo Neighbour", "relationship": "friend"}


def planned(day: Day | None = None, slot: str = "a", at: str = "09:10", **changes: Any) -> Watch:
    fields = blank("transport-plan-signed/1") | {
        "text": "a" * 64,
        "destination": "home",
        "mode": "escort-car",
        "understands_until": True,
        "escort": SISTER,
    }
    if day is None:
        day = Watch()
        day.opens().gives("a", "10:00")
    day.put(make("transport-plan-signed/1", **(fields | changes)), f"{SESSION}/{slot}", at)
    assert isinstance(day, Watch)
    return day


def deviated(day: Day, at: str, slot: str = "a", **changes: Any) -> Day:
    fields = blank("transport-plan-deviation-recorded/1") | {
        "alternative": "accompanied-ride",
        "changed": ["mode"],
        "efforts": ["escort-called"],
    }
    return day.put(make("transport-plan-deviation-recorded/1", **(fields | changes)), f"{SESSION}/{slot}", at)


def by_taxi(**changes: Any) -> Day:
    """The plan was the sister's car; they leave with her in a hired one at 13:05."""
    return planned().leaves("a", "13:05", mode="accompanied-ride", **changes)


def help_called(day: Day, at: str, slot: str = "a") -> Day:
    fields = blank("emergency-services-called/1") | {"service": "police", "reason": []}
    return day.put(make("emergency-services-called/1", **fields), f"{SESSION}/{slot}", at)


def nothing_found(at: str = "13:06") -> Day:
    return deviated(by_taxi(), at, alternative=None)


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: planned(Watch().opens()).leaves("a", "13:05", mode="shuttle"), "not-applicable"),
    ("still here", planned, "not-applicable"),
    ("a wish that was refused", lambda: deviated(planned(), "12:50", requested="own-vehicle"), "not-applicable"),
    ("taken to a hospital", lambda: planned().is_taken_away("a", "12:00"), "not-applicable"),
    ("no plan", lambda: Day().opens().gives("a", "10:00").leaves("a", "13:05"), "not-applicable"),
    ("as planned", lambda: planned().leaves("a", "13:05"), "met"),
    ("by another means", by_taxi, "breached"),
    ("with somebody else", lambda: planned().leaves("a", "13:05", NEIGHBOUR), "breached"),
    ("with nobody", lambda: planned().leaves("a", "13:05", alone=True), "breached"),
    ("to another kind of place", lambda: planned().leaves("a", "13:05", destination="hotel"), "breached"),
    (
        "the plan was signed anew",
        lambda: planned(planned(), at="12:50", mode="shuttle").leaves("a", "13:05"),
        "breached",
    ),
    ("written down before", lambda: deviated(planned(), "13:00").leaves("a", "13:05", mode="shuttle"), "met"),
    ("written down 15 min later", lambda: deviated(by_taxi(), "13:20"), "met"),
    ("written down 16 min later", lambda: deviated(by_taxi(), "13:21"), "breached"),
    ("nothing was tried", lambda: deviated(by_taxi(), "13:06", efforts=[]), "breached"),
    ("nothing was found", nothing_found, "breached"),
    ("nothing was found, so help was called", lambda: help_called(nothing_found(), "13:20"), "met"),
    ("help was called too late", lambda: help_called(nothing_found(), "13:21"), "breached"),
    ("of the partner it was written down", lambda: deviated(by_taxi(), "13:06", "b"), "breached"),
    ("left against advice, as planned", lambda: went(planned(), "a", "12:00", mode="escort-car"), "met"),
    ("left against advice, nobody knows how", lambda: went(planned(), "a", "12:00"), "met"),
    ("drove away", lambda: deviated(went(planned(), "a", "12:00", mode="own-vehicle"), "12:01"), "breached"),
    ("how they left is gone", lambda: unreadable(by_taxi(), ParticipantDeparted, "clinical"), "cannot-judge"),
    (
        "what was found is gone",
        lambda: unreadable(deviated(by_taxi(), "13:06"), TransportPlanDeviationRecorded, "sensitive"),
        "cannot-judge",
    ),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "REL-09", "a") == [verdict], name


def test_for_15_min_it_is_pending_the_limit_included() -> None:
    assert verdicts(by_taxi(), "REL-09", as_of="13:20") == ["pending"]
    assert verdicts(by_taxi(), "REL-09", as_of="13:20:01") == ["breached"]


def test_what_was_other_is_named_and_whom_they_left_with_is_not() -> None:
    (found,) = planned().leaves("a", "13:05", NEIGHBOUR, destination="hotel").findings("REL-09", slot="a")

    assert found.causes == ("missing", "other-escort", "other-destination")
    assert "Jo" not in found.sentence


def test_whoever_drives_away_is_told_to_somebody_who_can_stop_them() -> None:
    day = deviated(went(planned(), "a", "12:00", mode="own-vehicle"), "12:01")

    assert causes(day, "REL-09") == [("missing", "other-means")]
    assert verdicts(help_called(day, "12:10"), "REL-09") == ["met"]


def test_a_void_of_the_deviation_counts_now_and_not_then() -> None:
    day = deviated(by_taxi(), "13:10")
    then = len(day.placed)
    day.voids("14:00").signs("14:05")

    assert [f.verdict for f in day.findings("REL-09", slot="a", known_at=then)] == ["met"]
    assert [f.verdict for f in day.findings("REL-09", slot="a")] == ["breached"]
