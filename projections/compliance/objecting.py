"""
What the rules have against an authorisation: the very functions that judge facts, asked before it is recorded.

A breach objects, and so does evidence that cannot be read. An objection that somebody who may has overridden
beforehand is not raised again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ledger.errors import Objection
from ledger.events.base import Event
from projections.compliance.finding import Finding
from projections.compliance.history import History
from projections.compliance.known import Fact, Known
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.rule import AnyRule, LedgerRule
from projections.compliance.rules import RULES


@dataclass(frozen=True, slots=True)
class Said:
    """One verdict on an authorisation, and the override that serves it, if somebody gave one."""

    finding: Finding
    override: Fact | None = None

    @property
    def objects(self) -> bool:
        """Whether it keeps the gate closed."""
        return self.finding.verdict in ("breached", "cannot-judge") and self.override is None

    def evidence_without(self, proposed: Fact) -> tuple[int, ...]:
        """Where what it rests on stands; the authorisation itself stands nowhere yet."""
        return tuple(position for position in self.finding.evidence if position != proposed.position)


def rules_before(event: Event, rules: Sequence[AnyRule] = RULES) -> tuple[AnyRule, ...]:
    """The rules asked before this is recorded, in the order of the report; not those that the ledger asks itself."""
    return tuple(
        rule
        for rule in rules
        if rule.gate is not None and not rule.gate.by_the_ledger and isinstance(event, rule.gate.authorisation)
    )


def asked_before(
    known: Known,
    proposed: Fact,
    at: datetime,
    *,
    size: int | None = None,
    beside: Sequence[Fact] = (),
    rules: Sequence[AnyRule] = RULES,
) -> list[Objection]:
    """Every objection to this authorisation, were it recorded now; `beside` are events that are in no store yet."""
    ledger = LedgerAt(known, size=known.size if size is None else size, as_of=at, beside=beside, proposed=proposed)
    return [
        objection for rule in rules_before(proposed.event, rules) for objection in _objections(rule, ledger, proposed)
    ]


def said_before(rule: AnyRule, ledger: LedgerAt, proposed: Fact) -> list[Said]:
    """What one rule says of an authorisation, `ledger.proposed`: every verdict, whatever it is."""
    if isinstance(rule, LedgerRule):
        return [Said(each) for each in rule.findings(ledger)]
    if proposed.stream.startswith("stock/"):
        return [Said(each) for each in rule.findings_elsewhere(ledger)]
    return [
        Said(each, rule.override(history, each))
        for history in _histories(ledger, proposed)
        for each in rule.findings(history)
        if each.subject in (proposed.stream, proposed.session) or proposed.position in each.evidence
    ] + [Said(each) for each in rule.findings_elsewhere(ledger)]


def _objections(rule: AnyRule, ledger: LedgerAt, proposed: Fact) -> Iterator[Objection]:
    """What one rule has against an authorisation, unless somebody who may has overridden it."""
    if rule.gate is None:
        return
    for said in said_before(rule, ledger, proposed):
        if said.objects:
            finding = said.finding
            yield Objection(
                rule.id,
                rule.version,
                finding.sentence,
                said.evidence_without(proposed),
                rule.gate.override_of(finding.causes, type(proposed.event)),
                finding.staff,
                finding.credential,
                finding.slot or None,
            )


def _histories(ledger: LedgerAt, proposed: Fact) -> list[History]:
    """The sessions that an authorisation touches: its own, or all those of the person on whose record it stands."""
    if proposed.stream.startswith("session/"):
        return [ledger.session(proposed.session)]
    return [history for history, _ in ledger.sessions_of(proposed.stream)]
