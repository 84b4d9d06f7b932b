"""AE-04: no session is closed with an adverse event that has neither an outcome nor a plan."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.adverse import AdverseEventResolved, AdverseEventUpdated
from ledger.events.lifecycle import SessionClosed
from projections.compliance.adverse import AdverseEvent, adverse_events
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import as_instant, clock
from projections.compliance.rule import GateOf, rule


@rule(
    id="AE-04",
    version="1",
    title="No session is closed with an adverse event that has neither an outcome nor a plan.",
    severity="M",
    mode="B `session-closed` / S",
    source="ours [D]",
    trigger="A `session-closed`, and before it, at the gate. One finding per adverse event.",
    window="At the closing.",
    evidence="An outcome other than pending, or a plan, in the entry or one of its updates up to then.",
    parameters=(),
    verdicts={
        "met": "an outcome or a plan was on record",
        "breached": "neither was",
        "not-applicable": "no adverse event is on record, or the session is not closed",
        "cannot-judge": "what was said of its outcome or plan cannot be read any more",
    },
    notes=("An adverse event that was recorded after the closing is no reason against it.",),
    gate=GateOf(SessionClosed, override="medical-director", opened_by=(AdverseEventUpdated, AdverseEventResolved)),
)
def ae_04(history: History) -> Iterator[Ruling]:
    """One ruling for each adverse event."""
    closing = history.proposed or next(iter(history.joint(SessionClosed)), None)
    for slot in SLOTS:
        found = adverse_events(history, slot)
        for each in found:
            yield _of(history, each, closing)
        if not found:
            yield Ruling(slot, "not-applicable", f"{slot.upper()}: no adverse event is on record.")


def _of(history: History, each: AdverseEvent, closing: Fact | None) -> Ruling:
    who, anchor = each.slot.upper(), each.recorded.dig
    evidence: tuple[int, ...] = (each.recorded.position,)
    if closing is None or each.recorded.at > closing.at:
        words = f"{who}: the session has not been closed with this adverse event."
        return Ruling(each.slot, "not-applicable", words, evidence, anchor=anchor)
    at, made_at = clock(closing.at, history.zone), as_instant(closing.at)
    settled = each.settled(closing.at)
    unread = each.unread_of(closing.at, "outcome", "plan")
    if settled is not None:
        words = f"{who}: at the closing of {at} the adverse event had an outcome or a plan."
        evidence = (*evidence, settled.position, closing.position)
        return Ruling(each.slot, "met", words, evidence, anchor=anchor, made_at=made_at)
    evidence = (*evidence, closing.position)
    if unread is not None:
        words = f"{who}: whether the adverse event had an outcome or a plan at the closing of {at} cannot be read."
        return Ruling(
            each.slot, "cannot-judge", words, (*evidence, unread.position), anchor=anchor, causes=("unreadable",)
        )
    words = f"{who}: at the closing of {at} the adverse event had neither an outcome nor a plan."
    return Ruling(
        each.slot,
        "breached",
        words,
        evidence,
        anchor=anchor,
        made_at=made_at,
        causes=("no-outcome", "no-plan"),
        act=closing.position,
    )
