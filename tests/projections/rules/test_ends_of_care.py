"""Which events end one partner's part of a session, for the rules that wait for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ledger.clinic import RN1, SLOT_A, blank, make
from tests.projections.rules.day import Day

ENDS: dict[str, dict[str, Any]] = {
    "participant-departed/1": {"destination": "home", "mode": "escort-car"},
    "participant-transferred/1": {"condition": "stable"},
    "left-against-advice/1": {"capacity": "unsure", "emergency_services_called": False, "refusal_signed": False},
}


def dosed() -> Day:
    return Day().opens().gives("a", "10:00").gives("b", "10:00").looks_at("b", "10:15")


def ends(day: Day, tag: str, at: str) -> Day:
    meaning = {"participant-transferred/1": "relinquished"}.get(tag, "observed")
    return day.put(make(tag, **blank(tag) | ENDS[tag]), SLOT_A, at, who=((RN1, meaning, "nurse"),))


def verdicts(day: Day, rule: str, as_of: str, slot: str = "a") -> set[str]:
    return {each.verdict for each in day.findings(rule, as_of=as_of) if each.slot == slot}


@pytest.mark.parametrize("tag", ENDS)
def test_nobody_is_overdue_for_a_check_once_they_left_care(tag: str) -> None:
    assert "breached" in verdicts(dosed(), "SUP-05", "10:21")
    assert "breached" not in verdicts(ends(dosed(), tag, "10:12"), "SUP-05", "10:21")


def test_leaving_against_advice_before_the_minimum_is_a_finding_and_a_transfer_is_none() -> None:
    assert verdicts(ends(dosed(), "left-against-advice/1", "11:00"), "REL-01", "12:30") == {"breached"}
    assert verdicts(ends(dosed(), "participant-transferred/1", "11:00"), "REL-01", "12:30") == {"not-applicable"}


def test_a_transfer_of_one_ends_nothing_for_the_other() -> None:
    day = ends(dosed(), "participant-transferred/1", "10:12")

    assert "breached" in verdicts(day, "SUP-05", "10:40", slot="b")
