"""
Judging: every rule over one session, or over the rest of the ledger, as it stood.

The same history gives the same findings, whenever and however often it is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from projections.compliance.finding import Finding
from projections.compliance.history import History
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import SECOND, as_instant, to_second
from projections.compliance.rule import AnyRule, LedgerRule, Rule
from projections.compliance.rules import RULES


def judge(history: History, rules: Sequence[AnyRule] = RULES) -> list[Finding]:
    """All verdicts on a session, rule by rule, partner by partner, in the order their clocks started."""
    return [finding for rule in rules if isinstance(rule, Rule) for finding in rule.findings(history)]


def judge_ledger(ledger: LedgerAt, rules: Sequence[AnyRule] = RULES) -> list[Finding]:
    """All verdicts on what belongs to no session, rule by rule; it reads every record that such a rule asks for."""
    return [
        finding
        for rule in rules
        for finding in (rule.findings(ledger) if isinstance(rule, LedgerRule) else rule.findings_elsewhere(ledger))
    ]


def next_change(findings: Iterable[Finding]) -> str | None:
    """
    The next instant at which one of these verdicts changes by itself, None when none does.

    At its limit an obligation is still pending, so it is the second after. What is met for now and has to be done
    again by its limit is still outstanding, and changes then too.
    """
    limits = [
        each.limit
        for each in findings
        if each.limit is not None and (each.verdict == "pending" or (each.verdict == "met" and each.outstanding))
    ]
    return as_instant(to_second(min(limits)) + SECOND) if limits else None
