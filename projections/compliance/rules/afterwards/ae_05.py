"""AE-05: an incident at a boundary reaches compliance within a day."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.incidents import BoundaryIncidentRecorded
from projections.compliance.finding import Ruling
from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import as_instant, day_and_clock, hours, span, to_second
from projections.compliance.rule import ledger_rule


@ledger_rule(
    id="AE-05",
    version="1",
    title="An incident at a boundary reaches compliance within a day.",
    severity="C",
    mode="F / W",
    source="touch and conduct: 4 CCR 755-1 [F39]; the hours are ours [D]",
    trigger="A `boundary-incident-recorded`. One finding per incident, about its own record.",
    window="Within `boundary_h` from when it happened to when the ledger received it, itself in time.",
    evidence="The entry itself: what the ledger has received, compliance sees.",
    parameters=("follow_up.boundary_h",),
    verdicts={
        "met": "received in time",
        "breached": "received later",
        "cannot-judge": "no published protocol was pinned when the session was opened",
    },
    notes=(
        "It stands on a record of its own, which is in no copy of a couple or a partner; the finding names nobody.",
    ),
)
def ae_05(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each incident."""
    for fact in ledger.everywhere("governance", BoundaryIncidentRecorded):
        if isinstance(fact.event, BoundaryIncidentRecorded):
            yield _of(ledger, fact, fact.event.session)


def _of(ledger: LedgerAt, fact: Fact, session: str) -> Ruling:
    history = ledger.session(session)
    figures = history.figures
    entry = ledger.entry(fact.stream, fact.dig)
    if figures is None or history.protocol is None or entry is None:
        words = "An incident at a boundary: no published protocol was pinned when the session was opened."
        return Ruling("", "cannot-judge", words, (fact.position,), causes=("no-protocol",), about=fact.stream)
    within = figures.follow_up.boundary_h
    limit, received = fact.at + hours(within), to_second(entry.received_at)
    late = received > limit
    sentence = (
        f"An incident at a boundary of {day_and_clock(fact.at, history.zone)} reached compliance after "
        f"{span(received - fact.at)}; at most {within} h are allowed."
    )
    return Ruling(
        "",
        "breached" if late else "met",
        sentence,
        (fact.position,),
        anchor=fact.dig,
        limit=as_instant(limit),
        made_at=as_instant(received),
        causes=("late",) if late else (),
        about=fact.stream,
        protocol=history.protocol.position,
    )
