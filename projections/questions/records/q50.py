"""Question 50: which rules were never asked, never found anything, or find something so often that nobody looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, TypeAlias

from projections.compliance.finding import Finding, Verdict
from projections.compliance.judge import judge_ledger
from projections.compliance.moments import to_second
from projections.compliance.rule import AnyRule, Rule
from projections.compliance.rules import RULES
from projections.findings.opening import opened_at
from projections.findings.place import Places
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.small_groups import NOTE, SMALLEST, WHERE, enough
from projections.questions.told import everything, positions

OFTEN_PERCENT = 10
"""From which share of sessions on a rule is said to fire often [D]."""

_What: TypeAlias = Literal["never asked", "never found anything", "often"]


@dataclass
class _Told:
    """What a rule said of sessions, or of records that belong to none: where it was asked, and what it found."""

    asked: set[str] = field(default_factory=set)
    found: set[str] = field(default_factory=set)
    evidence: list[int] = field(default_factory=list)
    breaches: list[int] = field(default_factory=list)

    def take(self, findings: Iterable[Finding]) -> None:
        """Count these verdicts; one that nothing set going is none."""
        for each in findings:
            if each.verdict == "not-applicable":
                continue
            record = each.session or each.about
            self.asked.add(record)
            self.evidence += each.evidence
            if each.verdict == "breached":
                self.found.add(record)
                self.breaches += each.evidence


@question(
    "50",
    "Which rules were never asked, which never found anything, and which found something in more than a tenth?",
    section="records",
    columns=(
        Column("rule", "Rule"),
        Column("title", "What it asks"),
        Column("what", "Never, or often"),
        Column("of", "Counted are"),
        Column("counted", "Of so many", "number"),
        Column("asked", "Set going in", "number"),
        Column("found", "With a finding", "number"),
        Column("percent", "Percent", "number"),
    ),
    takes=WHERE,
    empty="Nothing to tell of any rule, or too few sessions and records for it to be told.",
    reading=(
        "Rules about sessions over the opened sessions that the filters leave; those about containers, places and "
        "requests over the records of these days and this place in which something set them going; of a rule about "
        "both the sessions are counted. Never asked is a rule that nothing set going, so it could find nothing; never "
        "found anything is one that was asked, and was kept, waits, or cannot be judged. More than 10 percent is our "
        f"threshold for often [D]. A finding declared beforehand counts. Of fewer than {SMALLEST} sessions, or "
        "records, nothing is said [D]."
    ),
)
def q50(asked: Asked) -> Found:
    """One row for each rule that was never asked, never fired, or fires often, by its number."""
    opened = [history for history in asked.sessions if history.opening is not None]
    openings = [position for history in opened for position in positions(history.opening)]
    told: dict[str, _Told] = {rule.id: _Told() for rule in RULES}
    for each in _of_sessions(asked, {history.session for history in opened}):
        told[each.rule].take([each])
    beside: dict[str, _Told] = {rule.id: _Told() for rule in RULES}
    for each in _beside(asked):
        beside[each.rule].take([each])
    rows = [
        found
        for rule in RULES
        if rule.id not in asked.unread
        if (found := _row(rule, told[rule.id], beside[rule.id], openings, sessions=len(opened))) is not None
    ]
    figures = [
        figure("sessions", "Sessions", len(opened), openings),
        *(
            figure(name, title, len(mine), everything(each.evidence for each in mine))
            for name, title, what in _FIGURES
            for mine in ([each for each in rows if each.values["what"] == what],)
        ),
    ]
    return Found(tuple(rows), tuple(figures) if enough(opened) else (), (NOTE,))


_FIGURES: Sequence[tuple[str, str, _What]] = (
    ("never_asked", "Rules that were never asked", "never asked"),
    ("never", "Rules that never found anything", "never found anything"),
    ("often", "Rules that find something often", "often"),
)


def _of_sessions(asked: Asked, names: set[str]) -> Iterable[Finding]:
    rules = [rule.id for rule in RULES if isinstance(rule, Rule)]
    verdicts: Sequence[Verdict] = ("met", "breached", "pending", "cannot-judge")
    return [each for each in asked.findings(*rules, verdicts=verdicts) if each.session in names]


def _beside(asked: Asked) -> Iterable[Finding]:
    """What is about no session, of these days and this place."""
    ledger, places = asked.ledger, Places(asked.ledger)
    for each in judge_ledger(ledger):
        place = places.of(each)
        if asked.location not in (None, place.location):
            continue
        began = opened_at(ledger.known, each) or (None if each.limit is None else to_second(each.limit))
        if began is None or asked.filters.within(began, partial(ledger.day, place.location)):
            yield each


def _row(rule: AnyRule, told: _Told, beside: _Told, openings: Sequence[int], *, sessions: int) -> Row | None:
    """What is to be said of a rule; nothing where it finds something now and then, or of too few to tell."""
    is_of_sessions = isinstance(rule, Rule)
    told = told if is_of_sessions else beside
    counted = sessions if is_of_sessions else len(told.asked)
    if (counted or sessions) < SMALLEST:
        return None
    what: _What
    if not told.asked and not beside.asked:
        what = "never asked"
    elif not told.found and not beside.found:
        what = "never found anything"
    elif told.found and 100 * len(told.found) > OFTEN_PERCENT * counted:
        what = "often"
    else:
        return None
    return row(
        told.breaches or told.evidence or beside.evidence or openings,
        rule=rule.id,
        title=rule.title,
        what=what,
        of="sessions" if is_of_sessions else "records",
        counted=counted,
        asked=len(told.asked),
        found=len(told.found),
        percent=100 * len(told.found) // counted if counted else 0,
    )
