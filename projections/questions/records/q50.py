"""Question 50: which rules never found anything, and which find something in so many sessions that nobody looks."""

from __future__ import annotations

from collections import defaultdict

from projections.compliance.finding import Finding
from projections.compliance.rule import Rule
from projections.compliance.rules import RULES
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, positions

OFTEN_PERCENT = 10
"""From which share of sessions on a rule is said to fire often [D]."""


@question(
    "50",
    "Which rules never found anything, and which found something in more than a tenth of the sessions?",
    section="records",
    columns=(
        Column("rule", "Rule"),
        Column("title", "What it asks"),
        Column("what", "Never, or often"),
        Column("found", "Sessions with a finding", "number"),
        Column("sessions", "Of so many", "number"),
        Column("percent", "Percent", "number"),
    ),
    takes=("from", "to", "location"),
    empty="Every rule found something, and none in more than a tenth of the sessions.",
    reading=(
        "Rules about sessions alone, over the opened sessions that the filters leave; more than 10 percent is our "
        "threshold for often [D]. A rule that never finds anything may be kept by everybody, or may never have been "
        "set going: its page says what sets it going. A finding declared beforehand counts."
    ),
)
def q50(asked: Asked) -> Found:
    """One row for each rule that never fired or fires often, by its number."""
    opened = [history for history in asked.sessions if history.opening is not None]
    names = {history.session for history in opened}
    rules = [rule for rule in RULES if isinstance(rule, Rule)]
    by_rule: defaultdict[str, list[Finding]] = defaultdict(list)
    for each in asked.findings(*(rule.id for rule in rules)):
        if each.session in names:
            by_rule[each.rule].append(each)
    openings = [position for history in opened for position in positions(history.opening)]
    rows = [found for rule in rules if (found := _row(rule, by_rule[rule.id], len(opened), openings)) is not None]
    often = [each for each in rows if each.values["what"] == "often"]
    figures = (
        figure("sessions", "Sessions", len(opened), openings),
        figure("never", "Rules that never found anything", len(rows) - len(often), openings),
        figure("often", "Rules that find something often", len(often), everything(each.evidence for each in often)),
    )
    return Found(tuple(rows), figures)


def _row(rule: Rule, findings: list[Finding], sessions: int, openings: list[int]) -> Row | None:
    found = len({each.session for each in findings})
    percent = 100 * found // sessions if sessions else 0
    is_often = 100 * found > OFTEN_PERCENT * sessions
    if not sessions or (found and not is_often):
        return None
    return row(
        everything(each.evidence for each in findings) if found else openings,
        rule=rule.id,
        title=rule.title,
        what="often" if found else "never",
        found=found,
        sessions=sessions,
        percent=percent,
    )
