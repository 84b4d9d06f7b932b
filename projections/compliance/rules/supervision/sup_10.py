"""SUP-10: a change of monitor is signed by the one who gives over and by the one who takes over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from ledger.events.supervision import MonitorHandover
from ledger.vocabulary import Meaning
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import Fact
from projections.compliance.moments import clock, minutes
from projections.compliance.obligations import Obligation
from projections.compliance.rule import rule
from projections.compliance.second_people import at_once, confirmed_by


@rule(
    id="SUP-10",
    version="1",
    title="A change of monitor is signed by the one who gives over and by the one who takes over.",
    severity="M",
    mode="F (unsigned side) / W",
    source="authority checks: 21 CFR 11.10(g); the minutes are ours [D]",
    trigger="A `monitor-handover`. One finding per handover and side.",
    window="Both signatures within `handover_sign_min` after the handover, itself in time.",
    evidence=(
        "The signature of `outgoing` as relinquished and that of `incoming` as received: on the entry itself, then it "
        "was given when the entry was recorded, or by a `countersignature-given` of that one."
    ),
    parameters=("supervision.handover_sign_min",),
    verdicts={
        "met": "this side signed in time",
        "breached": "it did not; a later signature stays in the finding",
        "pending": "it has not signed, and the minutes have not passed",
        "not-applicable": "nobody handed over",
        "cannot-judge": "there are no figures to judge by",
    },
    notes=(
        "A further assignment is no change of monitor.",
        "Watching that ends without handover or break is a gap, which SUP-01 asks about.",
        "The finding is about whoever did not sign, and about neither partner.",
    ),
)
def sup_10(history: History) -> Iterator[Ruling]:
    """One ruling for each side of each handover."""
    if history.figures is None:
        return
    handovers = history.joint(MonitorHandover)
    for fact in handovers:
        if isinstance(fact.event, MonitorHandover):
            within = history.figures.supervision.handover_sign_min
            yield _side(history, fact, fact.event.outgoing, "relinquished", within)
            yield _side(history, fact, fact.event.incoming, "received", within)
    if not handovers:
        yield Ruling("", "not-applicable", "Nobody handed over.")


def _side(history: History, fact: Fact, staff: str, meaning: Meaning, within: int) -> Ruling:
    at = clock(fact.at, history.zone)
    asked = Obligation(
        f"The handover of {at} was to be signed by {staff} as {meaning} within {within} min",
        fact.at + minutes(within),
        (fact,),
        made=_signed(history, fact, staff, meaning),
        act="signed",
    )
    return asked.ruling(history, "", anchor=f"{fact.dig} {meaning}", staff=staff)


def _signed(history: History, fact: Fact, staff: str, meaning: Meaning) -> Fact | None:
    """When this side signed, as the entry or the countersignature that carries it."""
    if staff in at_once(history.ledger, fact, meaning):
        return replace(fact, at=max(fact.at, _recorded(history, fact)))
    return next((each for each in confirmed_by(history, fact, meaning) if staff in each.by), None)


def _recorded(history: History, fact: Fact) -> datetime:
    """When an entry was written down, by a clock that was right."""
    written = history.ledger.known.written.get(history.session, ())
    entry = next((each for each in written if each.position == fact.position), None)
    return fact.at if entry is None else entry.recorded_at - (entry.offset or timedelta())
