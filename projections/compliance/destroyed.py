"""
Records of a controlled substance that were destroyed, and what is left of them: which kind, and when.

    destroyed_by(ledger, erasure)     those that may be the erased person's, with the days on which they happened

Whose an erased block was cannot be read any more. So the records that may be somebody's are those that say
"erased" where a person stood, below the erasure; of one erased person alone they are certainly theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ledger.encoding import from_instant
from ledger.erasure import CONTROLLED
from ledger.events.dosing import DoseAdministered
from ledger.events.erasure import RetentionEnded, SubjectErased
from ledger.events.expired import NoLongerKept
from ledger.events.fields import Gone
from ledger.events.stock import OwnMedicationCheckedIn, OwnMedicationCheckedOut
from ledger.stock_facts import local_day
from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt


@dataclass(frozen=True, slots=True)
class Destroyed:
    """One record of a controlled substance that was destroyed; `day` is never after its receipt, null when gone."""

    fact: Fact
    day: date | None
    received: date


def erasures(ledger: LedgerAt) -> list[Fact]:
    """Every erasure and every end of retention by then, in the order of the log."""
    found = [*ledger.everywhere("person", SubjectErased), *ledger.everywhere("governance", RetentionEnded)]
    return sorted(found, key=lambda fact: fact.position)


def destroyed_by(ledger: LedgerAt, act: Fact) -> list[Destroyed]:
    """The records of a controlled substance below an act that may have been destroyed by it, by their days."""
    facts = _expired(ledger, act) if isinstance(act.event, RetentionEnded) else _erased(ledger)
    found = [_record(ledger, fact) for fact in facts if fact.position < act.position]
    return sorted(found, key=lambda each: (each.day or each.received, each.fact.position))


def _erased(ledger: LedgerAt) -> Iterator[Fact]:
    for session, slot in dict.fromkeys(ledger.known.unreadable):
        history = ledger.session(session)
        if _is_gone(history.person(slot)):
            yield from history.of(slot, DoseAdministered)
    for fact in ledger.everywhere("stock", OwnMedicationCheckedIn, OwnMedicationCheckedOut):
        event = fact.event
        if isinstance(event, OwnMedicationCheckedIn | OwnMedicationCheckedOut) and _is_gone(event.owner):
            yield fact


def _is_gone(value: object) -> bool:
    return isinstance(value, Gone) and value.why == "erased"


def _expired(ledger: LedgerAt, act: Fact) -> Iterator[Fact]:
    for kind in ("session", "stock"):
        for fact in ledger.everywhere(kind, NoLongerKept):
            event = fact.event
            if isinstance(event, NoLongerKept) and event.under == act.position and event.kind in CONTROLLED:
                yield fact


def _record(ledger: LedgerAt, fact: Fact) -> Destroyed:
    placed = ledger.entry(fact.session, fact.dig)
    if placed is None or isinstance(fact.event, NoLongerKept):
        return Destroyed(fact, None, fact.at.date())
    received = from_instant(placed.received_at).date()
    return Destroyed(fact, min(date.fromisoformat(local_day(placed)), received), received)
