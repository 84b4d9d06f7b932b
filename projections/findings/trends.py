"""
Trends: how often each rule was broken, or in each place, room or on each day of the week, month by month; and how
much was written down late.

What is counted are sessions, and other records about which a rule had something to judge. A group of fewer than five
of them is not shown [D], nor is one by which such a group could be reckoned; no row names anybody. The events behind it
are those of every finding in it, with what became of them, and the openings of everything that was counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from ledger.encoding import to_instant
from projections.compliance.history import History
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import local, to_second
from projections.findings.place import NOWHERE
from projections.findings.register import Registered, place_named
from projections.questions.answer import Answer, Column, Row, figure, row
from projections.questions.filters import Filters
from projections.questions.small_groups import NOTE, enough, large_enough

By: TypeAlias = Literal["rule", "site", "room", "weekday"]
Per: TypeAlias = Literal["all", "month", "week"]

LATE = timedelta(minutes=2)
"""An entry written down longer than this after it happened is late; the figure is ours [D]."""

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
COLUMNS = (
    Column("group", "Group"),
    Column("period", "Period"),
    Column("counted", "Sessions and records", "number"),
    Column("found", "Findings", "number"),
    Column("unclosed", "Not closed", "number"),
    Column("percent", "With a finding, per cent"),
    Column("days_to_close", "Days to close, median"),
    Column("entries", "Entries", "number"),
    Column("late", "Late entries", "number"),
    Column("late_percent", "Late, per cent"),
)
READING = (
    "A finding is a rule that was not kept, by what is known as of then; it is counted on the day of its session, one "
    "about another record on the day it began. Per cent with a finding is of the sessions and records in which the "
    "rules had something to judge. An entry is late when it was written down more than two minutes after it happened "
    "[D]; late entries are counted by session, not by rule."
)


@dataclass
class _Counted:
    """One session or record in one group: where it began, what was found in it, and its entries."""

    began: int | None
    findings: list[Registered] = field(default_factory=list)
    entries: int = 0
    late: int = 0


def trends(
    ledger: LedgerAt, registered: Iterable[Registered], by: By, per: Per, filters: Filters, place: str | None = None
) -> Answer:
    """
    The rows of each group and period, in the order of the groups; `registered` is everything the rules say.

    Raises:
        Refused: `not-found` for an unknown place.
    """
    location = None if place is None else place_named(ledger, place)
    groups: dict[tuple[str, str], dict[str, _Counted]] = defaultdict(dict)
    for each in registered:
        placed = _placed(ledger, each)
        if placed is None or location not in (None, each.place.location):
            continue
        at, began = placed
        if not filters.within(at, day_in(each.place.zone)):
            continue
        record = each.finding.session or each.finding.about
        there = groups[_group(each, by, at), _period(each, per, at)]
        if record not in there:
            entries, late = written_late(ledger.session(record)) if each.finding.session else (0, 0)
            there[record] = _Counted(began, [], entries, late)
        if each.finding.verdict == "breached":
            there[record].findings.append(each)
    named = {f"{group}\n{period}": list(there.values()) for (group, period), there in groups.items()}
    shown = large_enough(named)
    rows = [_row(name, shown[name], by) for name in sorted(shown, key=_order)]
    counted = [each for items in named.values() for each in items]
    figures = (figure("found", "Findings", _found(counted), _behind(counted)),) if enough(counted) else ()
    return Answer(
        name="trends",
        title=f"What was found, by {by}{'' if per == 'all' else f', {per} by {per}'}",
        filters={**filters.values, **({} if place is None else {"place": place}), "by": by, "per": per},
        position=ledger.size,
        as_of=to_instant(ledger.as_of),
        columns=COLUMNS,
        rows=tuple(rows),
        figures=figures,
        notes=(NOTE,),
    )


def _placed(ledger: LedgerAt, each: Registered) -> tuple[datetime, int | None] | None:
    """The moment on whose day something counts, and where it began; None where no rule had anything to judge."""
    finding = each.finding
    if finding.verdict not in ("met", "breached"):
        return None
    if finding.session:
        history = ledger.session(finding.session)
        opening = history.opening
        if opening is not None and opening.at <= ledger.as_of:
            return opening.at, opening.position
        if finding.verdict == "met":
            return None  # it was planned, and nothing was done in it yet
        return next(((fact.at, fact.position) for fact in history.facts), None)
    text = each.opened_at or finding.made_at
    first_entry = min(finding.evidence, default=None)
    if text is not None:
        return to_second(text), first_entry
    return None if first_entry is None else (ledger.known.index.received_of(max(finding.evidence)), first_entry)


def day_in(zone: ZoneInfo) -> Callable[[datetime], str]:
    """The local date there, of any moment."""
    return lambda moment: f"{local(moment, zone):%Y-%m-%d}"


def _group(each: Registered, by: By, at: datetime) -> str:
    match by:
        case "rule":
            return each.finding.rule
        case "site":
            return each.place.code or NOWHERE
        case "room":
            return f"{each.place.code or NOWHERE} {each.place.room or NOWHERE}"
        case "weekday":
            return DAYS[local(at, each.place.zone).weekday()]


def _period(each: Registered, per: Per, at: datetime) -> str:
    there = local(at, each.place.zone)
    match per:
        case "all":
            return ""
        case "month":
            return f"{there:%Y-%m}"
        case "week":
            year, week, _ = there.isocalendar()
            return f"{year}-W{week:02}"


def written_late(history: History) -> tuple[int, int]:
    """How many entries a session has by then, and how many of them were written down late."""
    written = [
        each
        for each in history.ledger.known.written.get(history.session, ())
        if each.position < history.size and each.at <= history.as_of
    ]
    return len(written), sum(each.recorded_at - each.claimed > LATE for each in written)


def _order(name: str) -> tuple[int, str]:
    group = name.split("\n", maxsplit=1)[0]
    return (DAYS.index(group) if group in DAYS else 0, name)


def _row(name: str, items: Sequence[_Counted], by: By) -> Row:
    group, _, period = name.partition("\n")
    ages = [
        each.age_days
        for item in items
        for each in item.findings
        if each.became is not None and each.became.is_closed and each.age_days is not None
    ]
    entries, late = sum(item.entries for item in items), sum(item.late for item in items)
    told = by != "rule" and entries > 0
    return row(
        [*_began(items), *_behind(items)],
        group=group,
        period=period or None,
        counted=len(items),
        found=_found(items),
        unclosed=sum(each.became is not None and not each.became.is_closed for item in items for each in item.findings),
        percent=f"{100 * sum(bool(item.findings) for item in items) / len(items):.1f}",
        days_to_close=f"{median(ages):g}" if ages else None,
        entries=entries if told else None,
        late=late if told else None,
        late_percent=f"{100 * late / entries:.1f}" if told else None,
    )


def _found(items: Sequence[_Counted]) -> int:
    return sum(len(item.findings) for item in items)


def _behind(items: Sequence[_Counted]) -> list[int]:
    """The events of every finding that was counted."""
    return [position for item in items for each in item.findings for position in each.evidence]


def _began(items: Sequence[_Counted]) -> list[int]:
    return [item.began for item in items if item.began is not None]
