"""Question 36: entries that were the other partner's, and whether they had left."""

from __future__ import annotations

from tests.ledger.clinic import MD1, RN1, SESSION, SLOT_A
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.records_words import Desk, desk


def wrong(*, shown: bool = True, copied: bool = False) -> Desk:
    """A dose of B's stands on A's record from 10:00, leaves with it at 11:00, and is put right at 12:00."""
    day = desk().mistakes("10:00")
    dose = len(day.placed) - 1
    if shown:
        day.discloses("11:00")
    if copied:
        day.copies("11:30", SLOT_A)
    return day.puts_right("12:00", dose)


def test_whose_record_it_stood_on_whose_it_is_and_when_it_left() -> None:
    found = asked(wrong(copied=True).confirms("12:05"), "36")

    assert told(found, "stood_on", "belongs_to", "by", "confirmed", "left", "first", "times") == [
        ("A", "B", RN1, MD1, True, "11:00", 2)
    ]
    assert counted(found, "left") == 1
    assert found.rows[0].values["record"] == SESSION


def test_it_is_told_before_a_second_person_has_signed_and_when_nothing_left() -> None:
    found = asked(wrong(shown=False), "36")

    assert told(found, "confirmed", "left", "first", "times") == [(None, False, None, 0)]
    assert asked(desk().mistakes("10:00"), "36").rows == ()


def test_a_disclosure_of_another_part_did_not_take_it_along() -> None:
    day = desk().mistakes("10:00")
    dose = len(day.placed) - 1
    day.discloses("11:00", content=["consents"]).puts_right("12:00", dose)

    assert told(asked(day, "36"), "left") == [(False,)]


def test_what_left_before_it_was_written_did_not_take_it_along() -> None:
    day = desk().discloses("09:30").mistakes("10:00")
    day.puts_right("12:00", len(day.placed) - 1)

    assert told(asked(day, "36"), "left") == [(False,)]
