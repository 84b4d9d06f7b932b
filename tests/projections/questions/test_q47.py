"""Question 47: who asked to be erased, what was answered and on what ground, and whose keys were destroyed."""

from __future__ import annotations

from tests.ledger.clinic import ANA, BEN
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.records_words import OFFICER, desk
from tests.projections.rules.test_cs_09 import erased

COLUMNS = ("person", "received", "answer", "answered", "by", "basis", "not_before")


def test_a_request_with_its_answer_and_its_ground() -> None:
    day = desk().asks_for("erasure-requested", "11:00").answers("erasure-refused", "12:00", basis="legal-hold")

    assert told(asked(day, "47"), *COLUMNS) == [(ANA, "2026-05-16", "refused", "12:00", OFFICER, "legal-hold", None)]
    assert counted(asked(day, "47"), "refused") == 1


def test_one_that_was_scheduled_and_one_that_waits() -> None:
    day = desk().asks_for("erasure-requested", "11:00")
    day.answers("erasure-scheduled", "12:00", not_before="2036-05-16").asks_for("erasure-requested", "13:00", whose=BEN)
    found = asked(day, "47")

    assert told(found, "person", "answer", "not_before") == [(ANA, "scheduled", "2036-05-16"), (BEN, None, None)]
    assert counted(found, "waiting") == 1


def test_whoever_was_erased_is_told_with_and_without_a_request() -> None:
    with_request = erased(desk().asks_for("erasure-requested", "11:00"))
    without = erased(desk())

    assert told(asked(with_request, "47", as_of="17 18:00"), "received", "answer", "destroyed", "blocks") == [
        ("2026-05-16", "erased", "19:00", 0)
    ]
    assert told(asked(without, "47", as_of="17 18:00"), "received", "answer", "destroyed") == [
        (None, "erased", "19:00")
    ]
