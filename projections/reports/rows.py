"""The rows of the reports, from the register of findings of a ledger as it stood."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias, get_args

from ledger.encoding import to_instant
from ledger.events.lifecycle import SessionClosed
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import local, to_second
from projections.compliance.rule import AnyRule
from projections.findings.place import Place, Places
from projections.findings.register import Registered
from projections.findings.trends import DAYS, By, trends, written_late
from projections.questions.answer import Cell
from projections.questions.filters import Filters

Cells: TypeAlias = tuple[Cell | float, ...]


def report_rows(
    ledger: LedgerAt,
    registered: Iterable[Registered],
    rules: Sequence[AnyRule],
    *,
    in_confidence: Collection[str],
    practice: bool,
    origin: str,
) -> dict[str, list[Cells]]:
    """The rows of each view by its name, in its columns' order; nothing of the rules that are read in confidence."""
    told = [each for each in registered if each.finding.rule not in in_confidence]
    findings = [each for each in told if each.became is not None]
    return {
        "about": [(origin, int(practice), 1, ledger.size, to_instant(ledger.as_of))],
        "rule": [(each.id, each.version, each.severity, each.title) for each in rules if each.id not in in_confidence],
        "session": list(_sessions(ledger)),
        "verdict": _verdicts(told),
        "finding": [_finding(each) for each in findings],
        "act": [cells for each in findings for cells in _acts(each)],
        "trend": [cells for by in get_args(By) for cells in _trend(ledger, told, by)],
    }


def _sessions(ledger: LedgerAt) -> Iterator[Cells]:
    places = Places(ledger)
    for name in ledger.names("session"):
        history = ledger.session(name)
        opening = history.opening
        if opening is None or opening.at > ledger.as_of:
            continue
        place = places.of_session(name)
        closed = int(bool(history.joint(SessionClosed)))
        at = (to_instant(opening.at), opening.position)
        yield (name, place.code, place.room, *_day(opening.at, place), *at, closed, *written_late(history))


def _verdicts(told: Iterable[Registered]) -> list[Cells]:
    counted = Counter((each.finding.rule, each.finding.session or None, each.finding.verdict) for each in told)
    return [(*name, count) for name, count in counted.items()]


def _finding(each: Registered) -> Cells:
    finding, became, place = each.finding, each.became, each.place
    if became is None:  # never asked: only findings come here
        return ()
    day = (None, None) if each.opened_at is None else _day(to_second(each.opened_at), place)
    return (
        *(finding.identity, finding.rule, finding.version, finding.severity, finding.session or None),
        *(place.code, place.room, *day, each.opened_at, became.state, became.since),
        *(int(became.by_itself), became.openings, int(finding.declared_by is not None)),
        None if became.disposition is None else became.disposition.outcome,
        each.age_days,
        json.dumps(list(finding.evidence)),
    )


def _acts(each: Registered) -> Iterator[Cells]:
    for act in () if each.became is None else each.became.acts:
        yield (each.finding.identity, act.kind, act.at, act.role, act.outcome, act.reason, act.due, act.position)


def _trend(ledger: LedgerAt, told: Iterable[Registered], by: By) -> Iterator[Cells]:
    numbers = ("percent", "days_to_close", "late_percent")
    for each in trends(ledger, told, by, "month", Filters({})).rows:
        cells = {name: _real(value) if name in numbers else value for name, value in each.values.items()}
        yield (by, *cells.values())


def _real(value: Cell) -> float | None:
    return None if value is None else float(value)


def _day(at: datetime, place: Place) -> tuple[str, str]:
    there = local(at, place.zone)
    return f"{there:%Y-%m-%d}", DAYS[there.weekday()]
