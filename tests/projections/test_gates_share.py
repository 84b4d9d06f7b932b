"""One question at the gates makes one view of the ledger, and every rule is asked of that one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from projections.compliance.finding import Ruling
from projections.compliance.gates import gates
from projections.compliance.history import History
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.reader import Compliance
from projections.compliance.rules.release.rel_01 import rel_01
from projections.compliance.rules.release.rel_07 import rel_07
from tests.ledger.clinic import SLOT_A, dose
from tests.ledger.test_gates import DOCTOR, NURSE, SISTER, Guarded, release


def test_all_rules_before_one_release_are_asked_of_the_same_view_and_the_next_release_makes_another() -> None:
    asked: list[LedgerAt] = []

    def noting(history: History) -> Iterator[Ruling]:
        asked.append(history.ledger)
        yield from ()

    house = Guarded()
    rules = [replace(each, judge=noting) for each in (rel_01, rel_07)]
    house.compliance = Compliance(house.store, house.subject_keys, rules)
    house.gates = gates(house.compliance)
    house.restart()
    house.opens().record(dose(), SLOT_A, NURSE)
    house.wait(hours=3)

    house.record(release(), SLOT_A, DOCTOR)
    first, second = asked
    house.clock.now += timedelta(minutes=1)
    house.record(release(), SLOT_A, DOCTOR)
    third, fourth = asked[2:]

    assert first is second
    assert third is fourth
    assert third is not first


def test_before_a_fact_no_rule_is_asked_and_nothing_is_read() -> None:
    house = Guarded().opens()
    house.verifies(SISTER)

    assert [each.objections(dose(), None, "", ()) for each in gates(house.compliance)] == [()]  # type: ignore[arg-type]
