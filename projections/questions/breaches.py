"""What several questions ask: the breaches of certain rules in the sessions that pass the filters, as rows."""

from __future__ import annotations

from typing import Final

from projections.questions.answer import Column, Found, figure, row
from projections.questions.asked import Asked

COLUMNS: Final = (
    Column("session", "Session", "record"),
    Column("partner", "Partner"),
    Column("rule", "Rule"),
    Column("severity", "Severity"),
    Column("limit", "At the latest", "instant"),
    Column("made_at", "Done", "instant"),
    Column("declared", "Overridden beforehand", "yes-no"),
    Column("sentence", "In words"),
)
"""What is told of a breach, without a partner where it is about staff."""


def breaches(asked: Asked, *rules: str) -> Found:
    """One row for each breach, in the order of the sessions; what nobody can judge is counted in a note."""
    found = asked.findings(*rules)
    unread = asked.findings(*rules, verdicts=("cannot-judge",))
    rows = [
        row(
            each.evidence,
            session=each.session,
            partner=each.slot.upper() or None,
            rule=each.rule,
            severity=each.severity,
            limit=each.limit,
            made_at=each.made_at,
            declared=each.declared_by is not None,
            sentence=asked.codes.in_words(each.sentence),
        )
        for each in found
    ]
    evidence = [position for each in found for position in each.evidence]
    notes = (f"{len(unread)} cannot be judged: what they rest on cannot be read.",) if unread else ()
    return Found(tuple(rows), (figure("count", "Found", len(rows), evidence),), notes)
