"""CS-05: of every dose the record can say to whom, where they live, when, how much, and by whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.events.people import ParticipantRegistered
from tests.ledger.clinic import SLOT_A, dose
from tests.projections.rules.day import Day
from tests.projections.rules.standing import causes, registered, unknown_person, unreadable, verdicts


def dosed(*, on_file: bool = True, **amount: str) -> Day:
    day = Day().opens()
    if on_file:
        registered(day, "a")
    return day.put(dose("100", **(amount or {"units": "1"})), SLOT_A, "10:00")


STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("by units", dosed, "met"),
    ("by volume", lambda: dosed(volume="0.6"), "met"),
    ("neither", lambda: dosed(units=None), "breached"),  # type: ignore[arg-type]
    ("not on file", lambda: dosed(on_file=False), "breached"),
    ("not dosed", lambda: registered(Day().opens(), "a"), "not-applicable"),
    ("identity cannot be read", lambda: unreadable(dosed(), ParticipantRegistered, "identity"), "cannot-judge"),
    ("whose slot it is cannot be read", lambda: unknown_person(dosed()), "cannot-judge"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "CS-05") == [verdict], name


def test_what_is_missing_is_said_and_nothing_of_what_is_there() -> None:
    (found,) = dosed(on_file=False, units=None).findings("CS-05", slot="a")  # type: ignore[arg-type]

    assert found.causes == ("no-registration", "no-amount")
    assert found.sentence == "A, dose at 10:00: not recorded: name and address, volume or units."
    assert "1 Test Road" not in dosed().findings("CS-05", slot="a")[0].sentence


def test_what_is_missing_is_told_although_the_name_cannot_be_read() -> None:
    day = unreadable(dosed(units=None), ParticipantRegistered, "identity")  # type: ignore[arg-type]

    assert causes(day, "CS-05") == [("no-amount",)]


def test_each_dose_has_its_own() -> None:
    assert verdicts(dosed().gives("a", "11:00"), "CS-05") == ["met", "breached"]


@pytest.mark.parametrize(("amount", "last"), [(None, "breached"), ("1", "met")])
def test_after_two_years_it_rests(amount: str | None, last: str) -> None:
    """The last day is the one before the same date two years later."""
    day = dosed(units=amount)  # type: ignore[arg-type]

    assert verdicts(day, "CS-05", as_of="2028-05-15 23:59") == [last]
    assert verdicts(day, "CS-05", as_of="2028-05-16 00:00") == ["not-applicable"]


def test_a_registration_that_comes_later_counts_now_and_not_then() -> None:
    day = dosed(on_file=False)
    then = len(day.placed)
    registered(day, "a", at="17 09:00")

    assert verdicts(day, "CS-05", as_of="18 09:00") == ["met"]
    assert verdicts(day, "CS-05", as_of="18 09:00", known_at=then) == ["breached"]
