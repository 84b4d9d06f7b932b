"""Question 35: corrections and voids, and what changed because of them."""

from __future__ import annotations

from typing import Any

from tests.ledger.clinic import MD1, RN1
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.day import Day
from tests.projections.rules.watching_words import Watch, dosed

FROM: dict[str, Any] = {"from": "2026-05-17"}
CHANGED = ("change", "field", "was", "now", "by", "second", "state")


def misread() -> Day:
    """The first check read 200, and is corrected at 11:00: it was 120."""
    day = dosed().looks_at("a", "10:15", blood_pressure={"diastolic": 90, "systolic": 200})
    return day.corrects("11:00", clinical=[("blood_pressure.systolic", 200, 120)])


def test_each_field_has_what_stood_there_what_should_who_and_the_second_person() -> None:
    waits, counts = asked(misread(), "35"), asked(misread().signs("11:05"), "35")

    assert told(waits, *CHANGED) == [("corrected", "blood_pressure.systolic", 200, 120, RN1, None, "pending")]
    assert told(counts, *CHANGED) == [("corrected", "blood_pressure.systolic", 200, 120, RN1, MD1, "in-effect")]
    assert told(counts, "reason", "at") == [("transcription", "11:00")]


def test_the_findings_that_went_with_it_are_named() -> None:
    found = asked(misread().signs("11:05"), "35")
    (row,) = found.rows

    assert "SUP-09 A: breached → none" in str(row.values["findings"])
    assert counted(found, "changed") == 1
    assert asked(misread(), "35").rows[0].values["findings"] is None


def test_what_was_decided_meanwhile_is_counted_and_is_evidence() -> None:
    day = dosed().looks_at("a", "10:15", blood_pressure={"diastolic": 90, "systolic": 200}).releases("a", "10:50")
    release = len(day.placed) - 1
    day.voids("11:00", of=release - 1)
    (row,) = asked(day, "35").rows

    assert row.values["decided"] == 1
    assert release in row.evidence


def test_a_void_is_one_row_and_counts_with_its_second_person() -> None:
    day = Watch().opens().gives("a", "10:00").gives("a", "10:05").voids("11:00").signs("11:05")
    found = asked(day, "35")

    assert told(found, *CHANGED) == [("voided", None, None, None, RN1, MD1, "in-effect")]
    assert "REC-09 A: breached → none" in str(found.rows[0].values["findings"])
    assert asked(day, "35", **FROM).rows == ()
