"""SUP-14: what could not be obtained at a check carries a reason."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.fields import Gone
from ledger.events.release import DischargeAssessed
from ledger.events.supervision import SupervisionChecked
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.looks import values_of
from projections.compliance.moments import as_instant, clock
from projections.compliance.obligations import unreadable
from projections.compliance.rule import rule


@rule(
    id="SUP-14",
    version="1",
    title="What could not be obtained at a check carries a reason.",
    severity="m",
    mode="F / I",
    source="complete records: the C of ALCOA+; that an empty check is none is ours [D]",
    trigger="A check or discharge assessment at which a value was not obtained. One finding per check.",
    window="At the check.",
    evidence="Each value that was meant to be read stands there with what was read, or with why it was not.",
    parameters=(),
    verdicts={
        "met": "every value that was not obtained has its reason",
        "breached": "nothing was obtained, and nobody said why",
        "not-applicable": "the person was not dosed, or every value that was meant to be read was obtained",
        "cannot-judge": "what was obtained, or why not, cannot be read any more",
    },
    notes=(
        "A value that nobody meant to read at this check is no missing one: the form has more than a check needs.",
        "One that was meant to be read cannot be entered without a value or a reason.",
        "A check without any value, with reasons or without, does not satisfy SUP-05.",
    ),
)
def sup_14(history: History) -> Iterator[Ruling]:
    """One ruling for each check at which something is missing."""
    for slot in SLOTS:
        doses = history.doses(slot)
        if not doses:
            yield Ruling(slot, "not-applicable", f"{slot.upper()} was not dosed.")
            continue
        first, *_ = doses
        checks = [each for each in history.of(slot, SupervisionChecked, DischargeAssessed) if each.at >= first.at]
        found = [ruling for fact in checks if (ruling := _of(history, slot, fact)) is not None]
        yield from found
        unread = [fact for fact in checks if _is_unread(fact)]
        if unread:
            yield unreadable(slot, "what was obtained at a check, or why it was not,", unread)
        elif not found:
            evidence = (first.fact.position, *(fact.position for fact in checks))
            yield Ruling(slot, "not-applicable", f"{slot.upper()}: every value was obtained.", evidence)


def _of(history: History, slot: Slot, fact: Fact) -> Ruling | None:
    values = values_of(fact.event)
    reasons = getattr(fact.event, "not_obtained", ())
    at, evidence, made_at = clock(fact.at, history.zone), (fact.position,), as_instant(fact.at)
    if _is_unread(fact):
        return None
    if reasons:
        said = ", ".join(f"{each.item} ({each.reason})" for each in reasons)
        words = f"{slot.upper()}: not obtained at the check of {at}: {said}."
        return Ruling(slot, "met", words, evidence, anchor=fact.dig, made_at=made_at)
    if all(value is None for value in values):
        words = f"{slot.upper()}: nothing was obtained at the check of {at}, and no reason was given."
        return Ruling(slot, "breached", words, evidence, anchor=fact.dig, made_at=made_at, causes=("no-reason",))
    return None


def _is_unread(fact: Fact) -> bool:
    reasons = getattr(fact.event, "not_obtained", ())
    return any(isinstance(value, Gone) for value in (*values_of(fact.event), reasons))
