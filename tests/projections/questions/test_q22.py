"""Question 22: transfers, and what happened to the other partner meanwhile."""

from __future__ import annotations

from ledger.events.emergencies import ParticipantTransferred
from tests.ledger.clinic import ANA, BEN, SESSION, blank, make
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import instant
from tests.projections.rules.standing import unreadable
from tests.projections.rules.watching_words import Watch

MEANWHILE = ("other", "checks", "alone")


def both() -> Watch:
    """Both are dosed and watched."""
    return Watch().opens().assigns("09:30").gives("a", "10:00").gives("b", "10:05")


def taken(day: Watch, **changes: object) -> Watch:
    """A is called for at 11:00 and taken away at 11:30."""
    fields = {"called_at": instant("11:00"), "arrived_at": instant("11:17")}
    return day.is_taken_away("a", "11:30", **(fields | changes))


def test_call_arrival_and_departure_are_told() -> None:
    found = asked(taken(both()), "22")

    assert told(found, "partner", "called", "arrived", "minutes", "left", "facility") == [
        ("A", "11:00", "11:17", 17, "11:30", "St M ED")
    ]
    assert counted(found, "count") == 1


def test_the_entries_about_the_ambulance_speak_where_the_transfer_does_not() -> None:
    day = both()
    for tag, at in (("called", "11:02"), ("arrived", "11:20")):
        fields = blank(f"emergency-services-{tag}/1") | ({"service": "ambulance"} if tag == "called" else {})
        day.put(make(f"emergency-services-{tag}/1", **fields), f"{SESSION}/a", at)

    found = asked(taken(day, called_at=None, arrived_at=None), "22")

    assert told(found, "called", "arrived", "minutes") == [("11:02", "11:20", 18)]
    assert told(asked(taken(both(), called_at=None), "22"), "called", "minutes") == [(None, None)]


def test_meanwhile_the_other_was_looked_at_and_left_alone() -> None:
    day = both().looks_at("b", "10:59").leaves_alone("11:05", "b").looks_at("b", "11:10").is_back("11:12:30", "b")

    assert told(asked(taken(day), "22"), *MEANWHILE) == [("in care", 1, 7)]


def test_only_what_lies_between_call_and_departure_is_meanwhile() -> None:
    day = both().looks_at("b", "11:00").leaves_alone("10:40", "b").is_back("11:01", "b")
    taken(day).leaves_alone("11:29", "b").looks_at("b", "11:30").looks_at("b", "11:31").is_back("11:40", "b")

    assert told(asked(day, "22"), *MEANWHILE) == [("in care", 2, 2)]


def test_the_other_may_have_left_or_not_been_dosed() -> None:
    alone = Watch().opens().assigns("09:30").gives("a", "10:00")

    assert told(asked(taken(alone), "22"), *MEANWHILE) == [("had not been dosed", None, None)]
    assert told(asked(taken(both().leaves("b", "10:50")), "22"), *MEANWHILE) == [("had left", None, None)]
    assert told(asked(taken(both().leaves("b", "11:10")), "22"), *MEANWHILE) == [("left meanwhile", 0, 0)]


def test_nobody_taken_away_gives_no_row_and_a_participant_hears_nothing_of_the_other() -> None:
    assert asked(both(), "22").rows == ()
    assert asked(taken(both()), "22", person=BEN).rows == ()
    assert told(asked(taken(both()), "22", person=ANA), *MEANWHILE) == [(None, None, None)]


def test_a_look_that_was_written_down_later_was_not_known_then() -> None:
    day = taken(both())
    known = len(day.placed)
    day.looks_at("b", "11:10", recorded="15:00")

    assert told(asked(day, "22"), "checks") == [(1,)]
    assert told(asked(day, "22", known_at=known), "checks") == [(0,)]


def test_times_that_are_gone_say_so() -> None:
    found = asked(unreadable(taken(both()), ParticipantTransferred, "clinical"), "22")

    assert told(found, "called", "arrived", "minutes", "facility") == [("withheld", "withheld", None, "withheld")]
