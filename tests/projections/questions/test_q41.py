"""Questions 41 and 42: what was verified, and whether anything is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.ledger.clinic import SESSION, make
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.records_words import CHECKS, SERVICE

SAYS: Any = [(SERVICE, "observed", "service")]


def verified(day: Day, at: str, size: int) -> Day:
    event = make("sys-integrity-verified/1", first=0, size=size, root="a" * 64)
    return day.put(event, CHECKS, at, who=SAYS)


def test_each_verification_is_a_row_and_what_none_covers_is_counted() -> None:
    day = verified(Day().opens(), "10:00", 4).looks_at("a", "10:15")

    found = asked(day, "41")

    assert told(found, "at", "first", "size", "result", "bad") == [("10:00", 0, 4, "verified", None)]
    assert (counted(found, "count"), counted(found, "failed"), counted(found, "since")) == (1, 0, len(day.placed) - 4)
    assert asked(day, "41", known_at=4).rows == ()


def test_a_failure_names_the_first_position_that_cannot_be_believed() -> None:
    event = make("sys-integrity-failed/1", codes=["envelope-edited"], first=0, position=75, size=90)
    found = asked(Day().opens().put(event, CHECKS, "10:00", who=SAYS), "41")

    assert told(found, "result", "bad", "codes") == [("failed", 75, "envelope-edited")]
    assert counted(found, "failed") == 1


def test_nothing_is_missing_of_a_whole_record() -> None:
    found = asked(Day().opens().looks_at("a", "10:15"), "42")

    assert found.rows == ()
    assert (counted(found, "holes"), counted(found, "devices")) == (0, 0)


def test_a_version_of_a_record_that_is_not_there_is_named() -> None:
    day = Day().opens().looks_at("a", "10:15").looks_at("a", "10:30")
    day.placed[-1] = replace(day.placed[-1], version=3)

    assert told(asked(day, "42"), "what", "kind", "last", "missing", "where") == [(f"{SESSION}/a", "record", 3, 1, "2")]


def test_a_number_of_a_device_that_never_came_is_named_and_closed_when_it_comes() -> None:
    day = Day().opens().enrols("08:00").brings("a", "10:15", 1).brings("a", "10:30", 3)
    hole = len(day.placed)
    day.brings("a", "10:20", 2, received="12:00")

    assert told(asked(day, "42", known_at=hole), "what", "missing", "where") == [("T-1", 1, "2")]
    assert told(asked(day, "42"), "what", "missing", "where") == [("T-1", 0, None)]
