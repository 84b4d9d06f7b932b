"""AE-01: an adverse event is classed in time: how severe, how serious, from what, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from projections.compliance.adverse import AdverseEvent, adverse_events
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS
from projections.compliance.moments import day_and_clock, hours
from projections.compliance.obligations import Obligation
from projections.compliance.rule import rule


@rule(
    id="AE-01",
    version="1",
    title="An adverse event is classed in time: how severe, how serious, from what, and what became of it.",
    severity="M",
    mode="F / W",
    source="reporting of adverse events: 4 CCR 755-1 [F40]; 21 CFR 312.32 [mem]; the hours are ours [D]",
    trigger="An `adverse-event-recorded`. One finding per adverse event.",
    window="Within `ae_class_h` after it happened, itself in time.",
    evidence=(
        "Severity, seriousness, relatedness and outcome are all said, over the entry and its updates. Pending says "
        "none of them; recovering is an outcome."
    ),
    parameters=("follow_up.ae_class_h",),
    verdicts={
        "met": "all four were said in time",
        "breached": "one of the four was missing then; what came later stays in the finding",
        "pending": "one is missing, and the hours have not passed",
        "not-applicable": "no adverse event is on record",
        "cannot-judge": "what was said of it cannot be read any more, or there are no figures to judge by",
    },
)
def ae_01(history: History) -> Iterator[Ruling]:
    """One ruling for each adverse event."""
    if history.figures is None:
        return
    for slot in SLOTS:
        found = adverse_events(history, slot)
        for each in found:
            yield _of(history, each, history.figures.follow_up.ae_class_h)
        if not found:
            yield Ruling(slot, "not-applicable", f"{slot.upper()}: no adverse event is on record.")


def _of(history: History, each: AdverseEvent, within: int) -> Ruling:
    missing = each.missing
    still = f"; without {', '.join(missing)}" if missing else ""
    asked = Obligation(
        f"an adverse event classed within {within} h of {day_and_clock(each.recorded.at, history.zone)}{still}",
        each.recorded.at + hours(within),
        (each.recorded,),
        made=each.classed,
        unread=each.unread,
        act="classed",
    )
    return asked.ruling(history, each.slot, anchor=each.recorded.dig)
