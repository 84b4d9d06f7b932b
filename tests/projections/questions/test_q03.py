"""Question 3: gaps in the watching of a dosed person, with the reason."""

from __future__ import annotations

import pytest

from tests.ledger.clinic import BEN, MD1, RN1
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.watching_words import Watch


def watched(**figures: int) -> Watch:
    """Both are watched from 09:30; A is dosed at 10:00."""
    return Watch().opens(supervision=figures).assigns("09:30").gives("a", "10:00")


def test_a_break_that_leaves_a_person_alone_is_told_with_its_reason() -> None:
    day = watched().leaves_alone("10:20", "a", reason="partner-emergency").is_back("10:27", "a").leaves("a", "13:00")

    found = asked(day, "3")

    assert told(found, "partner", "start", "end", "minutes", "allowed", "reason", "left", "came") == [
        ("A", "10:20", "10:27", 7, 5, "partner-emergency", RN1, RN1)
    ]
    assert counted(found, "count") == 1


def test_nobody_assigned_and_a_handover_to_the_video_are_reasons_too() -> None:
    nobody = Watch().opens().gives("a", "10:00").assigns("10:09", "a").leaves("a", "13:00")
    video = watched().hands_over("10:30", "a", near=False).assigns("10:40", "a", monitor=MD1).leaves("a", "13:00")

    assert told(asked(nobody, "3"), "start", "reason", "left") == [("10:00", "nobody had been assigned", None)]
    assert told(asked(video, "3"), "reason", "left", "came") == [
        ("handed over to somebody who was not in the room", RN1, MD1)
    ]


@pytest.mark.parametrize(("back", "minutes"), [("10:24:59", None), ("10:25:00", None), ("10:25:01", 6)])
def test_a_gap_of_exactly_the_length_allowed_is_none(back: str, minutes: int | None) -> None:
    day = watched().leaves_alone("10:20", "a").assigns(back, "a", precision="s").leaves("a", "13:00")

    assert told(asked(day, "3"), "minutes") == ([] if minutes is None else [(minutes,)])


def test_the_length_allowed_is_the_protocols() -> None:
    day = watched(gap_max_min=10).leaves_alone("10:20", "a").is_back("10:27", "a").leaves("a", "13:00")

    assert asked(day, "3").rows == ()


def test_a_gap_that_is_open_lasts_up_to_the_moment_of_the_question() -> None:
    day = watched().leaves_alone("10:20", "a")

    assert told(asked(day, "3", as_of="10:25"), "minutes") == []
    assert told(asked(day, "3", as_of="10:31"), "end", "minutes", "came") == [(None, 11, None)]


def test_a_return_that_was_told_later_closes_the_gap_now_and_not_then() -> None:
    day = watched().leaves_alone("10:20", "a")
    known = len(day.placed)
    day.assigns("10:22", "a", recorded="12:00").leaves("a", "13:00")

    assert asked(day, "3").rows == ()
    assert told(asked(day, "3", known_at=known), "start", "minutes") == [("10:20", 100)]


def test_nothing_is_told_of_whoever_was_not_dosed_or_not_asked_about() -> None:
    day = watched().leaves_alone("10:20").is_back("10:40").leaves("a", "13:00")

    assert told(asked(day, "3"), "partner") == [("A",)]
    assert asked(day, "3", person=BEN).rows == ()
