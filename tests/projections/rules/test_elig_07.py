"""ELIG-07: what only one partner can sign was signed by that partner."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.errors import LedgerError
from tests.ledger.clinic import ANA, BEN, MD1, SLOT_A, SLOT_B, Clinic, make
from tests.projections.rules.day import Day
from tests.projections.rules.standing import FORM, SCOPE, TEXT, consented, verdicts

STORIES: list[tuple[str, Callable[[], Day], str]] = [
    ("nothing signed", lambda: Day().opens(), "not-applicable"),
    ("a consent", lambda: consented(Day().opens(), "a"), "met"),
]


@pytest.mark.parametrize(("name", "story", "verdict"), STORIES, ids=[name for name, *_ in STORIES])
def test_story(name: str, story: Callable[[], Day], verdict: str) -> None:
    assert verdicts(story(), "ELIG-07", "a") == [verdict], name


def test_nobody_else_can_sign_it(clinic: Clinic) -> None:
    fields = {
        "capacity": True,
        "form": FORM,
        "scope": SCOPE,
        "text": TEXT,
        "valid_until": "2027-05-01",
        "version": "v3",
    }
    consent = make("consent-signed/1", **fields)

    for by in (BEN, SLOT_B, SLOT_A, MD1):
        with pytest.raises(LedgerError):
            clinic.record(consent, ANA, (by, "consented", "participant"))


@pytest.fixture
def clinic() -> Clinic:
    return Clinic().open()
