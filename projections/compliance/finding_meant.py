"""
Which finding somebody decided about: looked for by its identity, or by what an act of the first kind says of it.

Before it is recorded it is looked for as it is now; of a recorded act as it was known when the act came in, so that
leaving out one's own entry does not help, and nothing that became known later changes who was its author. What was
found once for a recorded act is remembered with what is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from ledger.events.deviations import FindingAcknowledged, FindingDispositioned
from ledger.events.findings import FindingClosed, FindingDispositioned2
from projections.compliance.finding import Finding
from projections.compliance.known import Fact, Known, record_of
from projections.compliance.ledger_at import LedgerAt

Deciding: TypeAlias = FindingDispositioned | FindingDispositioned2 | FindingClosed
"""Acts that say what becomes of a finding; an author of it signs none of them."""


def finding_meant_now(ledger: LedgerAt, event: FindingDispositioned2 | FindingClosed) -> list[Finding]:
    """The finding that a proposed act means, as it is now; empty where there is none of this identity."""
    return _meant(LedgerAt(ledger.known, size=ledger.size, as_of=ledger.as_of), event)


def finding_meant_then(known: Known, fact: Fact, event: Deciding) -> list[Finding]:
    """The findings that a recorded act means, as they were known when it came in."""
    meant = known.meant.get(fact.position)
    if meant is None:
        then = LedgerAt(known, size=fact.position, as_of=known.index.received_of(fact.position))
        meant = known.meant[fact.position] = _meant(then, event)
    return meant


def is_meant(known: Known, event: FindingAcknowledged | FindingDispositioned, finding: Finding) -> bool:
    """Whether an act of the first kind means a finding of its rule."""
    if event.session != (finding.session or None):
        return False
    fits = (
        event.slot in (None, finding.slot)
        and event.staff in (None, finding.staff)
        and event.credential in (None, finding.credential)
    )
    named = [known.index.entry_of(each.dig) for each in event.evidence]
    rests = {placed.position for placed in named if placed is not None}
    return fits and (not rests or not finding.evidence or bool(rests & set(finding.evidence)))


def _meant(ledger: LedgerAt, event: Deciding) -> list[Finding]:
    if isinstance(event, FindingDispositioned):
        found = _of_rule(ledger, event.rule, [event.session or ""])
        return [each for each in found if each.verdict == "breached" and is_meant(ledger.known, event, each)]
    named = [ledger.known.index.entry_of(each.dig) for each in event.evidence]
    records = dict.fromkeys(record_of(placed.stream) for placed in named if placed is not None)
    near = [name for name in records if name.startswith("session/")]
    sessions = dict.fromkeys((*near, *ledger.names("session"), ""))
    return [each for each in _of_rule(ledger, event.rule, sessions) if each.identity == event.finding][:1]


def _of_rule(ledger: LedgerAt, rule_id: str, sessions: Iterable[str]) -> Iterator[Finding]:
    """What a rule says, one session after the other; the empty one stands for all that is about none."""
    from projections.compliance.rule import LedgerRule  # noqa: PLC0415  # a rule asks what other rules found
    from projections.compliance.rules import RULES  # noqa: PLC0415

    rule = next((each for each in RULES if each.id == rule_id), None)
    if rule is None:
        return
    if isinstance(rule, LedgerRule):
        yield from rule.findings(ledger)
        return
    for name in sessions:
        yield from rule.findings(ledger.session(name)) if name else rule.findings_elsewhere(ledger)
