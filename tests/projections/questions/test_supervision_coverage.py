"""The view of supervision: who watched whom, when nobody did, and how many one monitor had at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ledger.clinic import ANA, MD1, PT1, RN1, SESSION
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import OTHER
from tests.projections.rules.test_sup_03 import Crowded
from tests.projections.rules.watching_words import Watch, dosed

VIEW = "supervision-coverage"
STRETCH = ("partner", "start", "end", "minutes", "watched_by", "gap", "too_long")


def departed(day: Watch, at: str = "13:15") -> Watch:
    day.releases("a", at).leaves("a", at)
    return day


def to_the_second(day: Watch) -> None:
    """The last entry was told to the second."""
    *_, each = day.placed
    occurred = each.payload.occurred.model_copy(update={"precision": "s"})
    day.placed[-1] = replace(each, payload=each.payload.model_copy(update={"occurred": occurred}))


def test_one_monitor_from_the_dose_to_the_departure_is_one_row() -> None:
    found = asked(departed(dosed()), VIEW)

    assert told(found, *STRETCH) == [("A", "10:00", "13:15", 195, RN1, False, None)]
    assert [counted(found, name) for name in ("gaps", "too_long", "most")] == [0, 0, 1]
    assert told(found, "session", "couple") == [(SESSION, "couple/00000000-0000-4000-8000-000000000021")]


def test_a_handover_begins_a_new_row_and_rests_on_both_ends() -> None:
    day = departed(dosed().hands_over("12:00"))
    found = asked(day, VIEW)
    handover = next(each.position for each in day.placed if each.event.type == "monitor-handover/1")

    assert told(found, *STRETCH) == [
        ("A", "10:00", "12:00", 120, RN1, False, None),
        ("A", "12:00", "13:15", 75, MD1, False, None),
    ]
    assert all(handover in each.evidence for each in found.rows)


@pytest.mark.parametrize(
    ("back", "minutes", "too_long"), [("11:05", 5, False), ("11:05:01", 6, True), ("11:06", 6, True)]
)
def test_a_gap_of_exactly_what_is_allowed_is_none_too_long(back: str, minutes: int, too_long: bool) -> None:
    day = dosed().leaves_alone("11:00")
    day.is_back(back)
    to_the_second(day)
    found = asked(departed(day), VIEW)

    assert told(found, *STRETCH)[1] == ("A", "11:00", back, minutes, "nobody", True, too_long)
    assert (counted(found, "gaps"), counted(found, "too_long")) == (1, int(too_long))


def test_from_the_dose_on_nobody_had_been_assigned() -> None:
    day = Watch()
    day.opens().gives("a", "10:00")
    day.assigns("10:10", near=False).assigns("10:20")

    assert told(asked(departed(day), VIEW), *STRETCH)[0] == ("A", "10:00", "10:20", 20, "nobody", True, True)


def test_what_still_lasts_has_no_end_and_counts_up_to_the_question() -> None:
    day = dosed().leaves_alone("11:00")

    *_, lasting = told(asked(day, VIEW, as_of="11:03"), *STRETCH)

    assert lasting == ("A", "11:00", None, 3, "nobody", True, False)


def test_two_who_watch_stand_in_one_row_and_one_of_them_leaving_is_no_gap() -> None:
    day = dosed().assigns("10:30", "a", monitor=PT1)
    day.leaves_alone("11:00", "a")
    found = asked(departed(day), VIEW)

    assert [each.values["watched_by"] for each in found.rows] == [RN1, ", ".join(sorted((RN1, PT1))), PT1]
    assert counted(found, "gaps") == 0


def crowd() -> Crowded:
    """One monitor, this couple's two partners, and one of another couple from 10:30 on."""
    day = Crowded().begun().besides()
    return day.takes("a", "10:00").takes("b", "10:10").takes("a", "10:30", of=OTHER)


def test_across_couples_at_a_place_persons_at_once_are_counted_and_stand_side_by_side() -> None:
    found = asked(crowd(), VIEW)

    assert told(found, "session", "partner", "start", "at_once", "allowed", "too_many") == [
        (SESSION, "A", "10:00", 3, 2, True),
        (SESSION, "B", "10:10", 3, 2, True),
        (OTHER, "A", "10:30", 3, 2, True),
    ]
    assert (counted(found, "most"), counted(found, "too_many")) == (3, 3)


def test_a_second_monitor_for_the_other_couple_makes_it_no_more_than_allowed() -> None:
    day = Crowded().begun().besides(monitor=PT1)
    found = asked(day.takes("a", "10:00").takes("b", "10:10").takes("a", "10:30", of=OTHER), VIEW)

    assert told(found, "at_once", "allowed", "too_many") == [(2, 2, False), (2, 2, False), (1, None, False)]


def test_they_are_counted_although_the_filter_leaves_the_other_session_out() -> None:
    found = asked(crowd(), VIEW, session=SESSION.removeprefix("session/"))

    assert told(found, "session", "at_once") == [(SESSION, 3), (SESSION, 3)]


def test_a_question_about_one_participant_tells_nothing_of_how_many_others_there_were() -> None:
    found = asked(crowd(), VIEW, person=ANA)

    assert told(found, "partner", "at_once", "allowed", "too_many") == [("A", None, None, None)]
    assert (counted(found, "most"), counted(found, "too_many")) == (None, None)


def test_after_the_release_they_are_watched_and_count_no_longer() -> None:
    day = dosed().releases("a", "13:00")
    day.hands_over("13:05")
    found = asked(day.leaves("a", "13:15"), VIEW)

    assert told(found, "watched_by", "at_once") == [(RN1, 1), (MD1, None)]


def test_without_a_protocol_how_long_a_gap_may_be_is_not_known() -> None:
    day = Watch()
    day.opens(protocol=False).gives("a", "10:00")
    found = asked(departed(day), VIEW)

    assert told(found, "gap", "too_long") == [(True, None)]
    assert found.notes == ("1 sessions name no published protocol: how long a gap may be is not known there.",)


def test_nobody_dosed_is_nobody_in_a_row() -> None:
    assert asked(Watch().opens(), VIEW).rows == ()
