"""Question 11: who took each person home, and whether they should have."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.events.release import ParticipantDeparted
from tests.ledger.clinic import BEN
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.leaving import went
from tests.projections.rules.standing import unreadable
from tests.projections.rules.watching_words import Watch

PARTNER: dict[str, Any] = {"name": None, "relationship": "partner"}


def dosed() -> Watch:
    """A is dosed at 10:00."""
    return Watch().opens().gives("a", "10:00")


def test_the_answer_names_the_escort_and_finds_no_concern() -> None:
    found = asked(dosed().leaves("a", "13:00"), "11")

    assert told(found, "partner", "left", "travel", "destination", "escort", "name", "escort_dosed", "concern") == [
        ("A", "13:00", "escort-car", "home", "family", "Kim Sister", False, None)
    ]
    assert counted(found, "concerns") == 0


def test_nobody_who_left_is_nobody_to_tell_of() -> None:
    assert asked(dosed(), "11").rows == ()
    assert asked(Day().opens().leaves("a", "13:00"), "11").rows == ()


@pytest.mark.parametrize(
    ("last_dose", "concern"),
    [("15 13:00", "the escort had been dosed"), ("15 12:59", None), ("11:00", "the escort had been dosed")],
)
def test_a_partner_who_was_dosed_at_most_24_hours_before_is_a_concern(last_dose: str, concern: str | None) -> None:
    day = dosed().gives("b", last_dose).leaves("a", "13:00", PARTNER)

    found = asked(day, "11", person="person/00000000-0000-4000-8000-000000000011")

    assert told(found, "escort", "escort_dosed", "concern") == [("B", concern is not None, concern)]


@pytest.mark.parametrize(
    ("mode", "concern"),
    [
        ("solo-rideshare", "alone in a hired ride"),
        ("own-vehicle", "drove themselves, or their own vehicle"),
        ("accompanied-ride", None),
    ],
)
def test_a_hired_ride_alone_and_their_own_vehicle_are_concerns(mode: str, concern: str | None) -> None:
    found = asked(dosed().leaves("a", "13:00", alone=True, mode=mode), "11")

    assert told(found, "travel", "escort", "escort_dosed", "concern") == [(mode, None, None, concern)]
    assert counted(found, "concerns") == (concern is not None)


def test_a_transfer_and_leaving_against_advice_are_ways_to_leave() -> None:
    day = went(dosed().gives("b", "10:05").is_taken_away("a", "11:00"), "b", "11:30", mode="on-foot")

    assert told(asked(day, "11"), "partner", "travel", "destination") == [
        ("A", "emergency-transfer", "hospital"),
        ("B", "on-foot", None),
    ]
    assert told(asked(day, "11", person=BEN), "partner") == [("B",)]


def test_a_dose_of_the_escort_that_came_to_light_later_was_not_known_then() -> None:
    day = dosed().leaves("a", "13:00", PARTNER)
    known = len(day.placed)
    day.gives("b", "11:00", recorded="15:00")

    assert told(asked(day, "11"), "escort_dosed") == [(True,)]
    assert told(asked(day, "11", known_at=known), "escort_dosed") == [(False,)]


def test_an_escort_who_cannot_be_read_says_so() -> None:
    found = asked(unreadable(dosed().leaves("a", "13:00"), ParticipantDeparted, "identity"), "11")

    assert told(found, "escort", "name", "escort_dosed") == [("withheld", None, None)]
