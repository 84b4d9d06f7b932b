"""SUP-13: somebody who leaves the room under the effect of a dose is accompanied."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.fields import Gone
from ledger.events.supervision import LeftRoom, SupervisionChecked
from ledger.vocabulary import Slot
from projections.compliance.doses import Dose
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import as_instant, clock
from projections.compliance.obligations import unreadable
from projections.compliance.rule import rule


@rule(
    id="SUP-13",
    version="1",
    title="Somebody who leaves the room under the effect of a dose is accompanied.",
    severity="m",
    mode="F / I",
    source="clients do not leave the administration area alone: OAR 333-333-4450(5)",
    trigger="A dosed person left the room. One finding per occasion.",
    window="From the first dose to the end of checks: the first of release and departure.",
    evidence="`left-room` with somebody who went along; `toileting_accompanied` in a check.",
    parameters=(),
    verdicts={
        "met": "somebody went along",
        "breached": "nobody did",
        "not-applicable": "the person was not dosed, or has not left the room",
        "cannot-judge": "whether they were at the toilet, and with whom, cannot be read any more",
    },
)
def sup_13(history: History) -> Iterator[Ruling]:
    """One ruling for each time somebody left the room."""
    for slot in SLOTS:
        first = next(iter(history.doses(slot)), None)
        if first is None:
            yield Ruling(slot, "not-applicable", f"{slot.upper()} was not dosed.")
            continue
        found = list(_of(history, slot, first))
        yield from found
        unread = [
            fact
            for fact in _under_effect(history, slot, first)
            if isinstance(fact.event, SupervisionChecked) and isinstance(fact.event.toileting_accompanied, Gone)
        ]
        if unread:
            yield unreadable(slot, "whether they left the room, and with whom,", unread)
        elif not found:
            words = f"{slot.upper()} did not leave the room."
            yield Ruling(slot, "not-applicable", words, (first.fact.position,))


def _under_effect(history: History, slot: Slot, first: Dose) -> list[Fact]:
    end = history.end_of_checks(slot)
    told = history.of(slot, LeftRoom, SupervisionChecked)
    return [fact for fact in told if fact.at >= first.at and (end is None or fact.at <= end.at)]


def _of(history: History, slot: Slot, first: Dose) -> Iterator[Ruling]:
    for fact in _under_effect(history, slot, first):
        match fact.event:
            case LeftRoom(accompanied_by=by):
                along: object = by is not None
                what = "left the room"
            case SupervisionChecked(toileting_accompanied=along):
                what = "was at the toilet"
            case _:
                continue
        if along is None or isinstance(along, Gone):
            continue
        at, evidence, made_at = clock(fact.at, history.zone), (fact.position,), as_instant(fact.at)
        if along:
            words = f"{slot.upper()} {what} by {at}, accompanied."
            yield Ruling(slot, "met", words, evidence, anchor=fact.dig, made_at=made_at)
        else:
            words = f"{slot.upper()} {what} by {at}, alone."
            yield Ruling(slot, "breached", words, evidence, anchor=fact.dig, made_at=made_at, causes=("alone",))
