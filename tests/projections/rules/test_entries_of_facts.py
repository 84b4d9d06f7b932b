"""The entry behind a fact, wherever the fact stands."""

from __future__ import annotations

from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from tests.ledger.clinic import SESSION
from tests.projections.rules.day import Day, instant


def test_the_entry_of_a_partners_fact_is_found_among_those_of_the_session() -> None:
    day = Day().opens().gives("a", "10:00")
    ledger = LedgerAt(day.known(), size=len(day.placed), as_of=to_second(instant("12:00")))
    (dose,) = ledger.session(SESSION).doses("a")

    found = ledger.entry_of(dose.fact)

    assert found is not None and found.position == dose.fact.position
