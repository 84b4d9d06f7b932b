"""Question 39: to whom a participant's record was shown in six years."""

from __future__ import annotations

import pytest

from ledger.events.requests import DisclosureMade
from tests.ledger.clinic import ANA, BEN
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.records_words import desk
from tests.projections.rules.standing import unreadable
from tests.projections.rules.test_cs_09 import years_before


def test_what_is_accountable_is_told_with_recipient_content_purpose_and_ground() -> None:
    day = desk().discloses("11:00").discloses("12:00", accountable=False).discloses("13:00", whose=BEN)
    found = asked(day, "39", person=ANA)

    assert told(found, "day", "recipient", "content", "purpose", "basis", "partner_left_out") == [
        ("2026-05-16", "St M, ward 4", "sessions", "treatment", "own-authorisation", True)
    ]
    assert (counted(found, "count"), counted(found, "others")) == (1, 1)
    assert told(asked(day, "39"), "person") == [(ANA,), (BEN,)]


@pytest.mark.parametrize(("days", "rows"), [(0, 1), (1, 0)])
def test_six_years_back_to_the_day(days: int, rows: int) -> None:
    day = years_before(desk().discloses("16 11:00"), 6, days)

    assert len(asked(day, "39", as_of="16 18:00").rows) == rows


def test_what_cannot_be_read_is_told_as_gone() -> None:
    found = asked(unreadable(desk().discloses("11:00"), DisclosureMade, "sensitive"), "39")

    assert told(found, "recipient", "purpose") == [("St M, ward 4", "withheld")]
    assert found.notes == ("Of 1 nobody can read whether it has to be told.",)
