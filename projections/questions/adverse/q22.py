"""Question 22: transfers to hospital, from call to arrival, and what happened to the other partner meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

from ledger.events.emergencies import EmergencyServicesArrived, EmergencyServicesCalled, ParticipantTransferred
from ledger.events.fields import Gone
from ledger.vocabulary import Slot
from projections.compliance.cover import gaps
from projections.compliance.history import History
from projections.compliance.known import Fact, last
from projections.compliance.moments import as_instant, to_second
from projections.compliance.readings import LOOKS
from projections.questions.answer import Cell, Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, minutes_begun, minutes_over, positions, told


@question(
    "22",
    "How long did each transfer take from call to arrival, and what happened to the other partner meanwhile?",
    section="adverse",
    columns=(
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("called", "Called", "instant"),
        Column("arrived", "Arrived", "instant"),
        Column("minutes", "Call to arrival, minutes", "number"),
        Column("left", "Departed", "instant"),
        Column("facility", "Where to"),
        Column("other", "The other partner"),
        Column("checks", "Looks at them", "number"),
        Column("alone", "Nobody watched them, minutes", "number"),
    ),
    empty="Nobody was transferred to hospital.",
    reading=(
        "Call and arrival as the transfer itself says, else by the last `emergency-services-called` and "
        "`emergency-services-arrived` up to it. Meanwhile is from the call, else the departure, to the departure; a "
        "minute begun without anybody watching counts as one. With a participant named, nothing of their partner is "
        "told."
    ),
)
def q22(asked: Asked) -> Found:
    """One row for each transfer, in the order of the sessions."""
    rows = [
        _of(asked, history, slot, fact)
        for history in asked.sessions
        for slot in asked.slots(history)
        for fact in history.of(slot, ParticipantTransferred)
    ]
    evidence = everything(each.evidence for each in rows)
    return Found(tuple(rows), (figure("count", "Transfers", len(rows), evidence),))


def _of(asked: Asked, history: History, slot: Slot, left: Fact) -> Row:
    calls = last([fact for fact in history.of(slot, EmergencyServicesCalled) if fact.at <= left.at])
    arrivals = last([fact for fact in history.of(slot, EmergencyServicesArrived) if fact.at <= left.at])
    event = left.event
    called = _when(event.called_at if isinstance(event, ParticipantTransferred) else None, calls)
    arrived = _when(event.arrived_at if isinstance(event, ParticipantTransferred) else None, arrivals)
    partner: Slot = "b" if slot == "a" else "a"
    hidden = partner not in asked.slots(history)
    since = called if isinstance(called, datetime) else left.at
    other, checks, alone, evidence = (None, None, None, []) if hidden else _meanwhile(history, partner, since, left)
    return row(
        [*positions(left, calls, arrivals), *evidence],
        session=history.session,
        partner=slot.upper(),
        called=_shown(called),
        arrived=_shown(arrived),
        minutes=_between(called, arrived),
        left=as_instant(left.at),
        facility=told(event.facility) if isinstance(event, ParticipantTransferred) else None,
        other=other,
        checks=checks,
        alone=alone,
    )


def _when(said: str | Gone | None, fact: Fact | None) -> datetime | Gone | None:
    if isinstance(said, str):
        return to_second(said)
    return said if fact is None else fact.at


def _between(called: datetime | Gone | None, arrived: datetime | Gone | None) -> int | None:
    if isinstance(called, datetime) and isinstance(arrived, datetime):
        return minutes_over(arrived - called)
    return None


def _shown(moment: datetime | Gone | None) -> Cell:
    return moment.why if isinstance(moment, Gone) else as_instant(moment)


def _meanwhile(
    history: History, partner: Slot, since: datetime, left: Fact
) -> tuple[str, int | None, int | None, list[int]]:
    """How the other partner was, how often somebody looked at them, and for how many minutes nobody watched."""
    doses = [dose for dose in history.doses(partner) if dose.at <= left.at]
    end = history.end_of_care(partner)
    if not doses:
        return "had not been dosed", None, None, []
    if end is not None and end.at < since:
        return "had left", None, None, [end.position]
    looks = [fact for fact in history.of(partner, *LOOKS) if since <= fact.at <= left.at]
    stop = left.at if end is None else min(left.at, end.at)
    uncovered = [
        (gap, max(gap.start, since), min(gap.end or stop, stop))
        for gap in gaps(history, partner, doses[0].fact, end)
        if gap.start < stop and (gap.end is None or gap.end > since)
    ]
    alone = sum((until - start for _, start, until in uncovered if until > start), timedelta())
    state = "left meanwhile" if end is not None and end.at <= left.at else "in care"
    evidence = positions(doses[-1].fact, *looks, *(gap.began for gap, _, _ in uncovered))
    return state, len(looks), minutes_begun(alone), evidence
