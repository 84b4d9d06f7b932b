"""ELIG-04: while somebody is under the effect of a dose their consent is not made wider."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.dosing import DoseAdministered
from ledger.events.eligibility import ConsentSigned
from ledger.events.fields import Gone
from ledger.vocabulary import Slot
from projections.compliance.consents import agreed, said, widened
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, first
from projections.compliance.moments import as_instant, clock
from projections.compliance.rule import GateOf, rule


@rule(
    id="ELIG-04",
    version="1",
    title="While somebody is under the effect of a dose their consent is not made wider.",
    severity="C",
    mode="B `consent-signed` / S",
    source="touch is agreed on before: Colorado facilitator rules (4 CCR 755-1); for any consent, ours [D]",
    trigger="A consent signed by somebody who was dosed. One finding per consent.",
    window="From the first dose, included, to the end of checks, not included.",
    evidence="It adds no flag, route or body area to what the person had agreed to before.",
    parameters=(),
    verdicts={
        "met": "what was signed under the effect of a dose adds nothing",
        "breached": "it adds something, and was signed elsewhere and brought in later",
        "not-applicable": "nothing was signed in that time",
        "cannot-judge": "what was signed cannot be read any more",
    },
    notes=("Nobody overrides it.", "To agree to less, or to withdraw, counts from when it was said, at any time."),
    gate=GateOf(ConsentSigned, override=None, otherwise="They may agree to more once they are released."),
)
def elig_04(history: History) -> Iterator[Ruling]:
    """One ruling for each consent signed in that time, or one that there is none."""
    for slot in SLOTS:
        found = [fact for fact in _asked(history, slot) if _is_under_effect(history, slot, fact)]
        for fact in found:
            yield _of(history, slot, fact)
        if not found:
            yield Ruling(slot, "not-applicable", f"{slot.upper()} signed no consent under the effect of a dose.")


def _asked(history: History, slot: Slot) -> list[Fact]:
    proposed = history.proposed
    signed = history.personal(slot, ConsentSigned)
    return signed if proposed is None else [fact for fact in signed if fact.position == proposed.position]


def _is_under_effect(history: History, slot: Slot, fact: Fact) -> bool:
    dose = first(history.of(slot, DoseAdministered))
    end = history.end_of_checks(slot)
    return dose is not None and dose.at <= fact.at and (end is None or fact.at < end.at)


def _of(history: History, slot: Slot, fact: Fact) -> Ruling:
    before = agreed(said(history, slot), fact.at)
    old = None if before is None else before.scope
    new = fact.event.scope if isinstance(fact.event, ConsentSigned) else None
    evidence = (fact.position, *(dose.fact.position for dose in history.doses(slot)))
    if new is None or isinstance(new, Gone) or isinstance(old, Gone):
        sentence = f"{slot.upper()}: what was signed at {clock(fact.at, history.zone)} cannot be read any more."
        return Ruling(slot, "cannot-judge", sentence, evidence, anchor=fact.dig, causes=("unreadable",))
    more = widened(old, new)
    words = "which is wider than before" if more else "which adds nothing"
    return Ruling(
        slot,
        "breached" if more else "met",
        f"{slot.upper()}: a consent was signed at {clock(fact.at, history.zone)}, under the effect of a dose, {words}.",
        evidence,
        anchor=fact.dig,
        made_at=as_instant(fact.at),
        causes=("widened",) if more else (),
        act=fact.position,
    )
