"""Question 3: when nobody watched a dosed person for longer than allowed, and why."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.supervision import MonitorAssigned, MonitorBreakEnded, MonitorBreakStarted, MonitorHandover
from ledger.vocabulary import Slot
from projections.compliance.cover import Gap, gaps
from projections.compliance.history import History
from projections.compliance.known import Fact
from projections.compliance.moments import as_instant, minutes
from projections.questions.answer import Cell, Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, minutes_begun, positions, told


@question(
    "3",
    "When did nobody watch a dosed person for longer than allowed, and why?",
    section="sessions",
    columns=(
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("start", "Nobody from", "instant"),
        Column("end", "To", "instant"),
        Column("minutes", "Minutes", "number"),
        Column("allowed", "Minutes allowed", "number"),
        Column("reason", "Why"),
        Column("left", "Who left them"),
        Column("came", "Who came"),
    ),
    empty="Nobody who was dosed was left alone for longer than allowed.",
    reading=(
        "The gaps that SUP-01 looks at, longer than the protocol allows, by default 5 minutes [D]; one of exactly "
        "that length is none. A minute begun counts as a whole minute; a gap that is still open lasts up to the moment "
        "of the question."
    ),
)
def q03(asked: Asked) -> Found:
    """One row for each person and gap, in the order of the sessions."""
    rows = [found for history in asked.sessions for slot in asked.slots(history) for found in _of(asked, history, slot)]
    without = [history for history in asked.sessions if history.figures is None and history.first_dose()]
    notes = (f"{len(without)} sessions cannot be judged: no published protocol was pinned.",) if without else ()
    evidence = everything(each.evidence for each in rows)
    return Found(tuple(rows), (figure("count", "Gaps", len(rows), evidence),), notes)


def _of(asked: Asked, history: History, slot: Slot) -> Iterator[Row]:
    first = next(iter(history.doses(slot)), None)
    if first is None or history.figures is None:
        return
    allowed = history.figures.supervision.gap_max_min
    for gap in gaps(history, slot, first.fact, history.end_of_care(slot)):
        length = (gap.end or history.as_of) - gap.start
        if length > minutes(allowed):
            yield row(
                positions(gap.began, gap.ended),
                session=history.session,
                partner=slot.upper(),
                start=as_instant(gap.start),
                end=as_instant(gap.end),
                minutes=minutes_begun(length),
                allowed=allowed,
                reason=_reason(gap, slot),
                left=_code(asked, _left(gap.began)),
                came=_code(asked, _came(gap.ended)),
            )


def _reason(gap: Gap, slot: Slot) -> Cell:
    match gap.began.event:
        case MonitorBreakStarted(reason_a=of_a, reason_b=of_b):
            reason = of_a if slot == "a" else of_b
            return told(reason) or "not said"
        case MonitorHandover():
            return "handed over to somebody who was not in the room"
        case _:
            return "nobody had been assigned"


def _left(fact: Fact) -> str | None:
    match fact.event:
        case MonitorBreakStarted(monitor=monitor):
            return monitor
        case MonitorHandover(outgoing=outgoing):
            return outgoing
        case _:
            return None


def _came(fact: Fact | None) -> str | None:
    match None if fact is None else fact.event:
        case MonitorAssigned(monitor=monitor) | MonitorBreakEnded(monitor=monitor):
            return monitor
        case MonitorHandover(incoming=incoming):
            return incoming
        case _:
            return None


def _code(asked: Asked, staff: str | None) -> str | None:
    return None if staff is None else asked.codes.code(staff)
