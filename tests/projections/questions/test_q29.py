"""Question 29: doses where the place had no DEA registration that day."""

from __future__ import annotations

from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.test_cs_07 import dosed


def test_every_dose_of_such_a_day_is_listed() -> None:
    answer = asked(dosed("2024-06-01", "2026-05-15"), "29")

    assert told(answer, "partner", "at", "mg", "place", "problem") == [
        ("A", "10:05", "100", "R-1", "expired"),
        ("B", "10:00", "100", "R-1", "expired"),
    ]
    assert answer.rows[0].values["sentence"] == (
        "R-1 was registered with the DEA from 2024-06-01 to 2026-05-15 in NY, no longer on 2026-05-16."
    )


def test_on_the_last_day_of_a_registration_there_is_none() -> None:
    assert counted(asked(dosed("2024-06-01", "2026-05-16"), "29"), "count") == 0
    assert counted(asked(dosed("2024-06-01", number=None), "29"), "count") == 2
