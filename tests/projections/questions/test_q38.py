"""Question 38: who looked at which record, when, from where and what for."""

from __future__ import annotations

from typing import Any

from ledger.entry import stream_tag
from tests.ledger.clinic import ANA, MD1, RN1, SESSION, SLOT_A, blank, make
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import OTHER, TABLET
from tests.projections.rules.records_words import ACCESS, SERVICE, Desk, desk

COLUMNS = ("record", "how", "who", "purpose", "treats")
ORIGIN = "clinic.example.test/00c0ffee00c0ffee"


class Looks(Desk):
    """A day on which records are looked at."""

    def looks(self, at: str, record: str, by: str | None = RN1, **changes: Any) -> Looks:
        """Somebody opens a record."""
        fields = blank("sys-record-viewed/1") | {
            "privacy": ["clinical"],
            "purpose": "treatment",
            "reader": "staff" if by else "own-person",
            "record": stream_tag(ORIGIN, record),
            "role": "nurse" if by else None,
            "staff": by,
        }
        event = make("sys-record-viewed/1", **(fields | changes))
        return self.put(event, ACCESS, at, who=[(SERVICE, "observed", "service")])


def begun() -> Looks:
    """A session in which RN1 gave a dose."""
    return Looks().opens().gives("a", "10:00")


def test_whoever_signed_there_had_a_part_and_whoever_did_not_had_none() -> None:
    found = asked(begun().looks("11:00", SLOT_A).looks("11:05", SLOT_A, by=MD1), "38")

    assert told(found, *COLUMNS) == [
        (SLOT_A, "looked", RN1, "treatment", True),
        (SLOT_A, "looked", MD1, "treatment", False),
    ]
    assert counted(found, "strangers") == 1


def test_whose_own_it_is_and_a_record_of_nobodys_care_ask_for_no_part() -> None:
    day = begun().enrols().looks("11:00", ANA, by=None).looks("11:05", TABLET, purpose="operations")

    assert told(asked(day, "38"), "record", "who", "treats") == [(ANA, "own-person", None), (TABLET, RN1, None)]


def test_copies_and_emergency_access_stand_in_the_same_list() -> None:
    found = asked(desk().copies("11:00", SLOT_A).breaks_glass("12:00"), "38")

    assert told(found, "record", "how", "purpose") == [
        (SLOT_A, "copied", "own-record"),
        (None, "emergency access", "allergies-needed"),
    ]
    assert counted(found, "urgent") == 1


def test_a_filter_leaves_the_records_of_one_session_or_one_participant() -> None:
    day = begun().looks("11:00", SLOT_A).looks("11:05", f"{SESSION}/b").looks("11:10", ANA).looks("11:15", OTHER)

    assert len(asked(day, "38").rows) == 4
    assert told(asked(day, "38", session=SESSION), "record") == [(SLOT_A,), (f"{SESSION}/b",)]
    assert told(asked(day, "38", person=ANA), "record") == [(SLOT_A,), (ANA,)]
