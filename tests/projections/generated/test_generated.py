"""Thousand sessions with which nothing is wrong, and one thing wrong in each of many: section 0 of the exact rules."""

from __future__ import annotations

import pytest

from projections.compliance.rules import RULES
from tests.projections.generated import (  # noqa: F401  # they list themselves
    as_records,
    before_it_begins,
    going_home,
    in_the_office,
    in_the_stock,
    while_watched,
)
from tests.projections.generated.clean import clean
from tests.projections.generated.couple_day import told
from tests.projections.generated.seeding import VIOLATIONS, Violation, seeded

SEEDS = 6


@pytest.mark.parametrize("tens", range(20))
def test_in_a_thousand_clean_sessions_nothing_is_found(tens: int) -> None:
    for seed in range(50 * tens, 50 * tens + 50):
        day = clean(seed)
        found = day.judged(day.end())
        assert [each for each in found if each.verdict == "pending"] == [], f"seed {seed}"
        assert told(found) == [], f"seed {seed}"


@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda violation: violation.name)
def test_a_violation_that_was_put_in_is_found(violation: Violation) -> None:
    for seed in range(SEEDS):
        case = seeded(violation, seed)
        found = [each for each in case.day.judged(case.day.end()) if each.verdict == "breached"]
        assert violation.rule in {each.rule for each in found}, f"seed {seed}"
        assert {each.rule for each in found} - {violation.rule} <= violation.also, told(found)
        about = {each.slot for each in found if each.rule == violation.rule}
        assert violation.about == "any" or about == {case.slot if violation.about == "own" else ""}, told(found)


OTHERWISE = {
    "CS-09": "it takes an erasure within two years: tests/projections/rules/test_cs_09.py",
    "REC-13": "it takes an erasure before its time: tests/projections/rules/test_rec_13.py",
    "REC-16": "it takes an erasure that kept wrong verdicts: tests/projections/rules/test_rec_16.py",
}
"""Rules that no violation of a session can break, each with where it is seen broken instead."""


def test_every_rule_that_can_be_broken_is_seen_broken_here() -> None:
    can_be = {rule.id for rule in RULES if "breached" in rule.verdicts}

    assert can_be - {each.rule for each in VIOLATIONS} == OTHERWISE.keys()
