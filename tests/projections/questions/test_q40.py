"""Question 40: what was shown of a couple to lawyers and courts, and whether each partner had allowed it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ledger.clinic import ANA, BEN
from tests.projections.questions.words import asked, counted, told
from tests.projections.rules.records_words import Desk, desk

LAWYER: dict[str, Any] = {"recipient": "Miller and Sons, attorneys at law", "purpose": "legal"}
ALLOWS: dict[str, Any] = {"recipient": LAWYER["recipient"]}


def shown(*who: str, **changes: Any) -> Desk:
    """Something is shown to a lawyer, after these have allowed it."""
    day = desk()
    for each in who:
        day.allows("10:00", whose=each, **ALLOWS)
    return day.discloses("11:00", **(LAWYER | changes))


@pytest.mark.parametrize(
    ("who", "own", "partner"),
    [((), False, False), ((ANA,), True, False), ((BEN,), False, True), ((ANA, BEN), True, True)],
)
def test_what_each_had_allowed_is_told_apart(who: tuple[str, ...], own: bool, partner: bool) -> None:
    assert told(asked(shown(*who), "40"), "own", "partner") == [(own, partner)]


@pytest.mark.parametrize(
    ("changes", "rows"),
    [
        ({"purpose": "treatment", "recipient": "St M"}, 0),
        ({"purpose": "treatment", "recipient": "Lawson and Courtney"}, 0),
        ({"purpose": "treatment", "recipient": "Family Court"}, 1),
        ({"purpose": "custody-case", "recipient": "Mrs Jones"}, 1),
        ({"purpose": "treatment", "recipient": "Mrs Jones", "basis": "court"}, 1),
    ],
)
def test_a_court_or_a_lawyer_is_told_by_the_ground_or_by_whole_words(changes: dict[str, Any], rows: int) -> None:
    assert len(asked(shown(**changes), "40").rows) == rows


def test_what_a_court_ordered_needs_no_leave() -> None:
    assert counted(asked(shown(), "40"), "without") == 1
    assert counted(asked(shown(basis="court"), "40"), "without") == 0
