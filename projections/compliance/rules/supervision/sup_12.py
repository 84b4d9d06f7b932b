"""SUP-12: while a monitor is taken up by one partner's emergency, somebody else takes over the other."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.fields import Gone
from ledger.events.supervision import MonitorBreakStarted
from ledger.vocabulary import Slot
from projections.compliance.cover import breaks
from projections.compliance.doses import Dose
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import clock, minutes
from projections.compliance.obligations import Obligation
from projections.compliance.rule import rule


@rule(
    id="SUP-12",
    version="1",
    title="While a monitor is taken up by one partner's emergency, somebody else takes over the other.",
    severity="C",
    mode="F / W",
    source="for couples, ours [D]",
    trigger=(
        "A `monitor-break-started` with the reason `partner-emergency` that uncovers a dosed person. One finding per "
        "person and emergency."
    ),
    window="Within `partner_emergency_min`, itself in time; it lapses, and counts as met, when care ends by then.",
    evidence="A handover, an assignment in person or a return, after which somebody watches this person.",
    parameters=("supervision.partner_emergency_min",),
    verdicts={
        "met": "somebody watched them again in time, or somebody else did all the time",
        "breached": "nobody did in time; whoever came later stays in the finding",
        "pending": "nobody yet, and the minutes have not passed",
        "not-applicable": "not dosed, or no emergency of the partner left them alone",
        "cannot-judge": "why they were left alone cannot be read any more",
    },
    notes=("The same minutes without a monitor may break SUP-01 too: no rule silences another.",),
)
def sup_12(history: History) -> Iterator[Ruling]:
    """One ruling for each emergency that left a person alone."""
    if history.figures is None:
        return
    for slot in SLOTS:
        first = next(iter(history.doses(slot)), None)
        if first is None:
            yield Ruling(slot, "not-applicable", f"{slot.upper()} was not dosed.")
            continue
        yield from _of(history, slot, first, history.figures.supervision.partner_emergency_min)


def _of(history: History, slot: Slot, first: Dose, within: int) -> Iterator[Ruling]:
    found = False
    end = history.end_of_care(slot)
    for fact, covered in breaks(history, slot):
        reason = _reason(fact, slot)
        if fact.at < first.at or (end is not None and end.at < fact.at):
            continue
        if isinstance(reason, Gone):
            words = f"{slot.upper()}: why nobody watched from {clock(fact.at, history.zone)} on cannot be read."
            yield Ruling(slot, "cannot-judge", words, (fact.position,), anchor=fact.dig, causes=("unreadable",))
            found = True
        elif reason == "partner-emergency":
            asked = Obligation(
                f"somebody else within {within} min, after the monitor was taken up by the partner's emergency at "
                f"{clock(fact.at, history.zone)}",
                fact.at + minutes(within),
                (fact,),
                made=covered,
                lapsed=end,
                act="there",
            )
            yield asked.ruling(history, slot, anchor=fact.dig)
            found = True
    if not found:
        words = f"{slot.upper()}: no emergency of the partner left them alone."
        yield Ruling(slot, "not-applicable", words, (first.fact.position,))


def _reason(fact: Fact, slot: Slot) -> object:
    if not isinstance(fact.event, MonitorBreakStarted):
        return None
    return fact.event.reason_a if slot == "a" else fact.event.reason_b
