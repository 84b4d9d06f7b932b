"""Question 26: the log of what was administered, in the columns of 21 CFR 1304.22(c)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ledger.events.people import ParticipantRegistered
from tests.ledger.clinic import ANA, RN1, SESSION, SLOT_B, blank, make
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.standing import VIAL, handed_in, received, reference, registered, unreadable
from tests.projections.rules.stock_words import mass


def given() -> Day:
    """A gets one and a half of her own lozenges, B 40 mg from the vial; A alone is registered."""
    day = registered(received(handed_in(Day().opens())), "a")
    nurse = make("staff-registered/1", **(blank("staff-registered/1") | {"code": "RN1", "name": "Nora Nurse"}))
    day.put(nurse, RN1, "1 07:00")
    day.gives("a", "10:00", "150")
    placed = day.placed[-1]
    day.placed[-1] = replace(placed, event=placed.event.model_copy(update={"units": "1.5"}))
    return day.gives("b", "10:02", "40", container=VIAL)


def test_each_dose_has_the_columns_of_the_regulation() -> None:
    answer = asked(given(), "26")

    columns = ("date", "name", "address", "drug", "units", "mg", "given_by", "giver", "container", "lot", "partner")
    assert told(answer, *columns) == [
        ("2026-05-16", "Somebody", "1 Test Road", "ketamine lozenge", "1.5", "150", "RN1", "Nora Nurse", "own-A", None,
         "A"),
        ("2026-05-16", None, None, "ketamine vial", None, "40", "RN1", "Nora Nurse", "V-1", "LOT-1", "B"),
    ]  # fmt: skip
    assert told(answer, "at", "strength", "whose") == [("10:00", "100", "own"), ("10:02", "50", "clinic")]
    assert (counted(answer, "count"), counted(answer, "nameless")) == (2, 1)


def test_it_is_the_view_called_dispensing_log_too() -> None:
    assert asked(given(), "dispensing-log") == asked(given(), "26")


def test_it_is_asked_by_day_container_lot_session_and_participant() -> None:
    day = given()

    assert told(asked(day, "26", container="V-1"), "mg") == [("40",)]
    assert told(asked(day, "26", lot="LOT-1"), "mg") == [("40",)]
    assert told(asked(day, "26", person=ANA), "mg") == [("150",)]
    assert told(asked(day, "26", session=SESSION), "mg") == [("150",), ("40",)]
    assert told(asked(day, "26", since="2026-05-17"), "mg") == []
    assert told(asked(day, "26", to="2026-05-15"), "mg") == []


def test_of_a_dose_taken_in_part_it_is_said_how_much() -> None:
    day = given()
    dose = reference(day)
    fields: dict[str, Any] = {
        "dose": dose,
        "estimated": False,
        "reason": None,
        "units_taken": None,
        "volume_taken": None,
    }
    day.put(make("dose-partially-taken/1", mass_taken=mass("25"), **fields), SLOT_B, "10:05")

    assert told(asked(day, "26"), "mg", "taken") == [("150", "150"), ("40", "25")]


def test_a_name_that_cannot_be_read_says_why() -> None:
    answer = asked(unreadable(given(), ParticipantRegistered, "identity"), "26")

    assert told(answer, "name", "address")[0] == ("withheld", "withheld")


def test_a_voided_dose_is_none() -> None:
    day = given()
    day.voids("11:00").signs("11:05")

    assert told(asked(day, "26"), "mg") == [("150",)]
