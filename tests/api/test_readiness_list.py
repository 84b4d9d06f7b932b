"""What readiness says in JSON: the rule's own sentence, nothing sealed, and to one partner nothing of the other."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from api.readiness_list import readiness_said, summary_said
from ledger.vocabulary import Slot
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.readiness import readiness
from projections.compliance.sessions_ahead import sessions_ahead
from tests.ledger.clinic import ANA, BEN, SESSION
from tests.projections.rules.day import Day, instant
from tests.projections.rules.gate_words import before_the_dose, before_the_opening
from tests.projections.rules.standing import checked_in, declined, evaluated, screened

ABSOLUTE = {"kind": "aneurysmal-disease", "resolved": False}


def ledger(day: Day, clock: str) -> LedgerAt:
    known = day.known()
    return LedgerAt(known, size=known.size, as_of=to_second(instant(clock)))


def said(day: Day, clock: str, partner: Slot | None = None) -> Any:
    now = ledger(day, clock)
    return readiness_said(readiness(now, SESSION), now, partner=partner)


def gate(found: Any, rule: str, slot: str = "a") -> Any:
    gates = [each for act in found["acts"] for each in act["gates"] if (each["rule"], each["slot"]) == (rule, slot)]
    return gates[0]


def private_day() -> Day:
    """A was not alone at the screen, something absolute is unresolved, and before the dose A said no with a note."""
    day = before_the_opening("screen-a", "evaluation-a")
    screened(day, "a", alone=False, outcome="concern", plan="KEPT-BACK plan")
    return evaluated(day, "a", contraindications=[ABSOLUTE])


def test_a_closed_private_gate_says_the_rules_sentence_and_nothing_that_was_answered() -> None:
    found = said(private_day(), "09:00")
    text = json.dumps(found)

    assert gate(found, "ELIG-08")["state"] == "closed"
    assert gate(found, "ELIG-05")["state"] == "closed"
    for kept in ("KEPT-BACK", "concern", "aneurysm", "not-alone"):
        assert kept not in text
    assert "causes" not in text


def test_why_somebody_said_no_stays_with_them() -> None:
    found = said(declined(before_the_dose(), "a", "09:55"), "10:00")

    assert gate(found, "ORD-09")["state"] == "closed"
    assert "withheld" not in json.dumps(found)


@pytest.mark.parametrize(("partner", "other", "theirs"), [("a", "b", BEN), ("b", "a", ANA)])
def test_for_one_partner_there_is_nothing_of_the_other_nor_of_staff_and_place(
    partner: Slot, other: str, theirs: str
) -> None:
    day = private_day()
    checked_in(day, other, "08:50")
    of_theirs = {each.position for each in day.placed if each.stream in (theirs, f"{SESSION}/{other}")}

    found = said(day, "09:00", partner)

    assert theirs not in json.dumps(found)
    assert f"{other.upper()}:" not in json.dumps(found)
    assert {each["slot"] for act in found["acts"] for each in act["gates"]} == {partner}
    evidence = {position for act in found["acts"] for each in act["gates"] for position in each["evidence"]}
    assert not evidence & of_theirs
    assert {each["slot"] for each in found["unsigned"]} <= {partner}


def test_the_list_counts_as_it_would_stand_at_the_planned_start_and_reads_no_gate_of_who_is_not_wanted() -> None:
    day = before_the_opening()
    evening = ledger(day, "15 17:00")

    (one,) = sessions_ahead(evening).sessions
    (kept,) = sessions_ahead(evening, lambda _: False).sessions

    lines = {(each["act"], each["slot"]): each for each in summary_said(one, evening)["acts"]}
    assert lines["dose", "a"]["on_the_day"] == 3, "values, what was taken, the way home"
    assert lines["dose", "a"]["missing"] == 3, "consent and order"
    assert summary_said(kept, evening)["missing"] == 0
    assert all(not each.gates for each in kept.acts)


def test_an_evaluation_that_is_too_old_at_the_start_is_missing_in_the_list_the_day_before() -> None:
    day = before_the_opening("evaluation-a")
    evaluated(day, "a", "2026-04-15 10:00")
    now = ledger(day, "15 17:00")

    (one,) = sessions_ahead(now).sessions

    assert "ELIG-01" in {gate.rule for gate in one.of("opening")}
    assert "ELIG-01" not in {gate.rule for gate in readiness(now, SESSION).of("opening")}, "today it holds"


def test_what_is_planned_for_later_is_only_counted() -> None:
    soon = ledger(before_the_opening(), "3 12:00")

    near, far = sessions_ahead(soon, within=timedelta(days=7)), sessions_ahead(soon, within=timedelta(days=14))

    assert (near.sessions, near.later) == ((), 1)
    assert (len(far.sessions), far.later) == (1, 0)
