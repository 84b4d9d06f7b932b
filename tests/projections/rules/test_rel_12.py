"""REL-12: keys and vehicle of whoever came in their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.events.arrival import ParticipantCheckedIn
from ledger.events.release import NoDrivingReleaseSigned
from tests.ledger.clinic import SESSION
from tests.projections.rules.day import Day
from tests.projections.rules.leaving import promised, released, went
from tests.projections.rules.standing import checked_in, unreadable, verdicts
from tests.projections.rules.watching_words import Watch


def came(arrived: str = "own-vehicle") -> Watch:
    day = Watch()
    day.opens()
    checked_in(day, "a", arrived=arrived)
    day.gives("a", "10:00")
    return day


def nothing_kept(day: Day, at: str) -> Day:
    """A promise not to drive that says neither of keys nor of vehicle that they were kept."""
    promised(day, "a", at)
    event = day.placed.pop().event
    assert isinstance(event, NoDrivingReleaseSigned)
    return day.put(event.model_copy(update={"keys_secured": False, "vehicle_on_site": False}), f"{SESSION}/a", at)


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("not dosed", lambda: released(checked_in(Day().opens(), "a", arrived="own-vehicle")), "not-applicable"),
    ("nobody wrote how they came", lambda: released(Day().opens().gives("a", "10:00")), "not-applicable"),
    ("brought by somebody", lambda: released(came("driven")), "not-applicable"),
    ("still here", came, "not-applicable"),
    ("taken to a hospital", lambda: came().is_taken_away("a", "11:00"), "not-applicable"),
    ("keys kept", lambda: released(promised(came())), "met"),
    ("keys kept in the minute of the release", lambda: released(promised(came(), "a", "13:00")), "met"),
    ("keys kept a minute too late", lambda: promised(released(came()), "a", "13:01"), "breached"),
    ("neither was kept", lambda: released(nothing_kept(came(), "12:58")), "breached"),
    ("nothing on record", lambda: released(came()), "breached"),
    ("the escort drives the car", lambda: released(came().verifies("a", "12:55", vehicle="AB 123")), "met"),
    ("an escort, and no word of a car", lambda: released(came().verifies("a", "12:55")), "breached"),
    ("left, keys kept", lambda: went(came(), "a", "12:00", keys_secured=True), "met"),
    ("left, keys not kept", lambda: went(came(), "a", "12:00", keys_secured=False), "breached"),
    ("how they came is gone", lambda: unreadable(released(came()), ParticipantCheckedIn, "clinical"), "cannot-judge"),
    (
        "what was kept is gone",
        lambda: unreadable(released(promised(came())), NoDrivingReleaseSigned, "clinical"),
        "cannot-judge",
    ),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "REL-12", "a") == [verdict], name


def test_the_partner_s_keys_are_nobody_else_s() -> None:
    day = released(promised(came(), "b"))

    assert verdicts(day, "REL-12", "a") == ["breached"]


def test_a_void_takes_the_evidence_away_now_and_not_then() -> None:
    day = promised(came())
    promise = len(day.placed) - 1
    released(day)
    then = len(day.placed)
    day.voids("14:00", of=promise).signs("14:05", of=-1)

    assert [f.verdict for f in day.findings("REL-12", slot="a")] == ["breached"]
    assert [f.verdict for f in day.findings("REL-12", slot="a", known_at=then)] == ["met"]
