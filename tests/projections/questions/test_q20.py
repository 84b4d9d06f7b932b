"""Question 20: adverse events by class, route and dose, in groups only."""

from __future__ import annotations

from typing import Any

from ledger.events.adverse import AdverseEventRecorded
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.afterwards_words import After, begun
from tests.projections.rules.day import Day, instant
from tests.projections.rules.standing import unreadable


def badly(count: int, day: After | None = None, hour: int = 11, **changes: Any) -> After:
    """So many adverse events of A, a minute apart."""
    day = day or begun()
    for index in range(count):
        day.goes_badly("a", f"{hour:02}:{index:02}", **changes)
    return day


def groups(day: Day, by: str, **asking: Any) -> list[tuple[Any, ...]]:
    rows = told(asked(day, "20", **asking), "by", "group", "count")
    return [row[1:] for row in rows if row[0] == by]


def test_each_class_the_route_and_the_dose_are_counted() -> None:
    day = badly(5)

    assert groups(day, "severity") == [("3", 5)]
    assert groups(day, "seriousness") == [("pending", 5)]
    assert groups(day, "relatedness") == [("pending", 5)]
    assert groups(day, "route") == [("sublingual", 5)]
    assert groups(day, "mg") == [("up to 100 mg", 5)]
    assert counted(asked(day, "20"), "count") == 5


def test_the_last_that_was_said_counts() -> None:
    day = badly(5)
    recorded = [index for index, each in enumerate(day.placed) if isinstance(each.event, AdverseEventRecorded)]
    for index in recorded:
        day.learns("a", "12:00", of=index, severity=1)

    assert groups(day, "severity") == [("1", 5)]


def test_more_mg_is_another_group_and_before_a_dose_is_one_too() -> None:
    day = badly(5, badly(5, hour=9).gives("a", "12:00", "50"), hour=13)

    assert groups(day, "mg") == [("before a dose", 5), ("over 100 to 200 mg", 5)]
    assert groups(day, "route") == [("sublingual", 5), ("before a dose", 5)]


def test_what_had_begun_before_the_dose_is_counted_there_though_it_was_noticed_later() -> None:
    assert groups(badly(5, onset=instant("09:59")), "mg") == [("before a dose", 5)]
    assert groups(badly(5, onset=instant("10:00")), "mg") == [("up to 100 mg", 5)]


def test_four_are_too_few_and_so_is_what_would_give_them_away() -> None:
    found = asked(badly(4, badly(9), hour=12, severity=1), "20")

    assert ("severity",) not in told(found, "by")
    assert found.figures == ()


def test_nothing_on_record_gives_no_row_and_no_number() -> None:
    found = asked(begun(), "20")

    assert (found.rows, found.figures) == ((), ())


def test_the_median_time_to_recognition_is_told_of_those_with_an_onset() -> None:
    found = asked(badly(5, onset=instant("10:50"), aware_at=instant("11:15")), "20")

    assert counted(found, "recognition") == "25.0"
    assert "recognition" not in [each.name for each in asked(badly(5), "20").figures]


def test_without_a_time_of_awareness_recognition_is_when_it_was_noticed() -> None:
    assert counted(asked(badly(5, onset=instant("10:50")), "20"), "recognition") == "12.0"


def test_an_event_that_was_written_down_later_was_not_known_then() -> None:
    day = badly(4)
    known = len(day.placed)
    day.goes_badly("a", "11:30", recorded="15:00")

    assert groups(day, "severity") == [("3", 5)]
    assert groups(day, "severity", known_at=known) == []


def test_classes_that_are_gone_say_so() -> None:
    day = unreadable(badly(5), AdverseEventRecorded, "sensitive")

    assert groups(day, "severity") == [("cannot be read: withheld", 5)]
