"""Question 23: contacts that were not made in time, and people who drove too early."""

from __future__ import annotations

import pytest

from ledger.events.afterwards import FollowUpContactMade
from tests.ledger.clinic import BEN
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.afterwards_words import begun, gone
from tests.projections.rules.standing import unreadable


def test_whoever_was_not_asked_in_time_is_told() -> None:
    found = asked(gone(), "23", as_of="18 12:00")

    assert told(found, "partner", "what", "limit", "at") == [("A", "not asked in time", "01:00", None)]
    assert (counted(found, "missed"), counted(found, "early")) == (1, 0)


@pytest.mark.parametrize(("at", "missed"), [("17 00:59", 1), ("17 01:00", 0), ("18 01:00", 0), ("18 01:01", 1)])
def test_both_ends_of_the_window_belong_to_it(at: str, missed: int) -> None:
    assert counted(asked(gone().asks("a", at), "23", as_of="19 12:00"), "missed") == missed


def test_whoever_drove_too_early_is_told_whenever_they_said_so() -> None:
    found = asked(gone().asks("a", "17 09:00", drove_before_window=True), "23", as_of="18 12:00")

    assert told(found, "what", "at") == [("drove too early", "09:00")]
    assert (counted(found, "missed"), counted(found, "early")) == (0, 1)


def test_asked_in_time_still_here_or_the_other_gives_no_row() -> None:
    assert asked(gone().asks("a", "17 09:00"), "23", as_of="18 12:00").rows == ()
    assert asked(begun(), "23", as_of="18 12:00").rows == ()
    assert asked(gone(), "23", as_of="18 12:00", person=BEN).rows == ()


def test_a_contact_that_was_written_down_later_is_known_now_and_was_not_then() -> None:
    day = gone()
    known = len(day.placed)
    day.asks("a", "17 09:00", recorded="18 15:00")

    assert asked(day, "23", as_of="19 12:00").rows == ()
    assert counted(asked(day, "23", as_of="19 12:00", known_at=known), "missed") == 1


def test_what_cannot_be_read_is_counted_in_a_note() -> None:
    day = unreadable(gone().asks("a", "17 09:00", drove_before_window=True), FollowUpContactMade, "sensitive")

    assert len(asked(day, "23", as_of="18 12:00").notes) == 1
