"""Question 15: how often people decline, in groups only."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.errors import Refused
from ledger.events.dosing import DoseDeclined
from ledger.events.lifecycle import SessionOpened
from projections.questions.asking import named
from projections.questions.filters import checked
from tests.ledger.clinic import ANA, make, uuid
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.standing import unreadable


def session(index: int) -> str:
    return f"session/{uuid(300 + index)}"


def opened(sessions: int) -> Day:
    """So many sessions; two come to be dosed in each."""
    day = Day()
    for index in range(sessions):
        day.opens(session(index))
    return day


def declines(day: Day, index: int, slot: str = "a", stage: str = "first", **changes: Any) -> Day:
    """Somebody says no at 09:30."""
    fields = {
        "note": None,
        "pressure_concern": False,
        "private": True,
        "reason_class": "withheld",
        "role_after": "sober-support",
        "stage": stage,
    }
    recorded = changes.pop("recorded", "")
    return day.put(
        make("dose-declined/1", **(fields | changes)), f"{session(index)}/{slot}", "09:30", recorded=recorded
    )


def five_of_ten(**changes: Any) -> Day:
    day = opened(5)
    for index in range(5):
        declines(day, index, **changes)
    return day


def test_the_rate_is_told_for_each_stage_and_for_a_concern_about_pressure() -> None:
    found = asked(five_of_ten(), "15")

    assert told(found, "what", "group", "count", "percent") == [
        ("first dose", "declined", 5, "50.0"),
        ("first dose", "did not", 5, "50.0"),
    ]
    assert counted(found, "came") == 10


def test_a_concern_and_a_further_dose_are_told_apart() -> None:
    found = asked(five_of_ten(stage="redose", pressure_concern=True), "15")

    assert [row for row in told(found, "what", "group", "count") if row[1] == "declined"] == [
        ("further dose", "declined", 5),
        ("concern about pressure", "declined", 5),
    ]


@pytest.mark.parametrize("declined", range(5))
def test_whether_four_three_or_nobody_declined_looks_the_same(declined: int) -> None:
    day = opened(5)
    for index in range(declined):
        declines(day, index)

    assert asked(day, "15").rows == ()
    assert counted(asked(day, "15"), "came") == 10
    assert len(asked(day, "15").notes) == 1


def test_where_all_but_four_declined_nothing_is_shown_either() -> None:
    day = opened(5)
    for index in range(5):
        declines(declines(day, index), index, "b")

    assert asked(day, "15").rows == ()


def test_nobody_and_too_few_give_no_row_and_no_number() -> None:
    found = asked(declines(opened(2), 0), "15")

    assert (found.rows, found.figures) == ((), ())


def test_no_row_leads_to_whoever_declined() -> None:
    day = five_of_ten()
    declined = {each.position for each in day.placed if isinstance(each.event, DoseDeclined)}

    found = asked(day, "15")

    opened_at = {each.position for each in day.placed if isinstance(each.event, SessionOpened)}
    assert all(set(each.evidence) == opened_at for each in found.rows)
    assert not declined & {position for each in found.rows for position in each.evidence}
    assert not declined & {position for each in found.figures for position in each.evidence}


@pytest.mark.parametrize("name", ["15", "17", "20"])
@pytest.mark.parametrize("filters", [{"person": ANA}, {"session": session(0)}, {"couple": "C-07"}])
def test_an_answer_about_many_takes_no_filter_that_names_somebody(filters: dict[str, str], name: str) -> None:
    with pytest.raises(Refused) as refused:
        checked(named(name).takes, filters)
    assert refused.value.code == "unknown-filter"


def test_a_decline_that_was_written_down_later_was_not_known_then() -> None:
    day = opened(5)
    for index in range(4):
        declines(day, index)
    known = len(day.placed)
    declines(day, 4, recorded="14:00")

    assert ("first dose", "declined", 5) in told(asked(day, "15"), "what", "group", "count")
    assert asked(day, "15", known_at=known).rows == ()


def test_who_cannot_be_read_is_counted_in_a_note() -> None:
    found = asked(unreadable(declines(opened(6), 0), DoseDeclined, "sensitive"), "15")

    assert counted(found, "came") == 11
    assert any(note.startswith("1 cannot be told") for note in found.notes)
