"""
The sessions that are still ahead or under way, each with what stands before it as it would be at its planned start.

A gate that closes by itself before then counts as closed, one that opens as open: nothing more is recorded meanwhile.
Costs one look at each session there ever was, and the views of `readiness` for those ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ledger.events.lifecycle import SessionClosed
from projections.compliance.acts_ahead import plan_of
from projections.compliance.gate_ahead import GateAhead
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.readiness import ActAhead, Readiness, readiness
from projections.compliance.rule import AnyRule
from projections.compliance.rules import RULES


@dataclass(frozen=True, slots=True)
class Ahead:
    """The sessions ahead by their planned start, and how many are planned for later than was asked about."""

    sessions: tuple[Readiness, ...]
    later: int


def sessions_ahead(
    ledger: LedgerAt,
    wanted: Callable[[str], bool] = lambda _: True,
    within: timedelta | None = None,
    rules: Sequence[AnyRule] = RULES,
) -> Ahead:
    """
    Those that are planned or open; of one that is not `wanted` no gate is asked, and it is there without gates.

    Those that begin later than `within` are only counted.
    """
    found: list[Readiness] = []
    later = 0
    for name in ledger.names("session"):
        if _is_over(ledger, name) or not ledger.on(name):
            continue
        plan = plan_of(ledger.session(name))
        start = ledger.as_of if plan is None or plan.start is None else max(ledger.as_of, plan.start)
        is_later = within is not None and start - ledger.as_of > within
        then = LedgerAt(ledger.known, size=ledger.size, as_of=start, seen=ledger.seen)
        asked = readiness(then, name, clock=False, rules=rules if not is_later and wanted(name) else ())
        if asked.status in ("scheduled", "open"):
            later += is_later
            found += [] if is_later else [asked]
    return Ahead(tuple(sorted(found, key=_start)), later)


def missing(act: ActAhead, *, is_open: bool) -> list[GateAhead]:
    """The closed gates of an act for which something can be done already; once the session is open, all of them."""
    return [gate for gate in act.closed if is_open or not is_of_the_day(gate)]


def is_of_the_day(gate: GateAhead) -> bool:
    """Whether everything that opens it is an entry of the session itself, and so is made on the day."""
    return bool(gate.ways) and all(way.of_the_session for way in gate.ways)


def _is_over(ledger: LedgerAt, name: str) -> bool:
    """Whether it is closed or no longer kept, by the entries themselves; costs less than its whole history."""
    return name in ledger.known.last_judged.expired or any(
        isinstance(fact.event, SessionClosed) and ledger.has_happened(fact) for fact in ledger.recorded(name)
    )


def _start(found: Readiness) -> tuple[str, str]:
    start = None if found.plan is None or found.plan.start is None else found.plan.start.isoformat()
    return (start or "", found.session)
