"""REC-08: what is recorded of one person's session can have happened in the order in which it says it did."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.arrival import ParticipantCheckedIn, PreDoseAssessed
from ledger.events.base import Event
from ledger.events.dosing import DoseAdministered
from ledger.events.lifecycle import SessionClosed
from ledger.events.release import DischargeAssessed, ReleaseAuthorised
from ledger.events.supervision import SupervisionChecked
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling, Verdict
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, first
from projections.compliance.moments import as_instant, day_and_clock
from projections.compliance.rule import rule

_LOOKS: tuple[type[Event], ...] = (PreDoseAssessed, SupervisionChecked, DischargeAssessed)
_NAMES: dict[type[Event], str] = {
    PreDoseAssessed: "an assessment",
    SupervisionChecked: "a check",
    DischargeAssessed: "a discharge assessment",
}


@rule(
    id="REC-08",
    version="1",
    title="What is recorded of a person's session can have happened in that order.",
    severity="M",
    mode="F / S",
    source="operational checks of sequence: 21 CFR 11.10(f)",
    trigger="Two entries of one person's session, or of both partners, that have an order. One finding per pair.",
    window="Strictly before or after: what happened in the same minute is in order.",
    evidence=(
        "No assessment or check before the check-in; no dose before the opening, nor after that person's release, "
        "end of care or the closing; no check after the end of care; no closing before it."
    ),
    parameters=(),
    verdicts={
        "met": "none of these pairs is there",
        "breached": "this pair is there",
        "not-applicable": "there are no two entries of this person to compare",
    },
    notes=(
        "End of care: departure, transfer, leaving against advice, not coming; the first of them counts.",
        "Times count by the clocks as they are known (REC-06), and what is missing is not out of order.",
    ),
)
def rec_08(history: History) -> Iterator[Ruling]:
    """One ruling for each pair out of order, or one for each person that there is none."""
    for slot in SLOTS:
        compared = list(_pairs(history, slot))
        wrong = [(early, late, words) for early, late, words in compared if late.at < early.at]
        for early, late, words in wrong:
            yield _breach(history, slot, early, late, words)
        if not wrong:
            words = "everything is in an order in which it can have happened" if compared else "nothing to compare"
            positions = sorted({fact.position for early, late, _ in compared for fact in (early, late)})
            verdict: Verdict = "met" if compared else "not-applicable"
            yield Ruling(slot, verdict, f"{slot.upper()}: {words}.", tuple(positions))


def _pairs(history: History, slot: Slot) -> Iterator[tuple[Fact, Fact, str]]:
    """What has to come first, what has to come after it, and what is said when it does not."""
    looks = history.of(slot, *_LOOKS)
    doses = history.of(slot, DoseAdministered)
    closing = history.joint(SessionClosed)
    end = history.end_of_care(slot)
    arrival = first(history.of(slot, ParticipantCheckedIn))
    release = first(history.of(slot, ReleaseAuthorised))
    if arrival is not None:
        yield from ((arrival, look, f"{_name(look)} stands before the check-in") for look in looks)
    for dose in doses:
        if history.opening is not None:
            yield history.opening, dose, "a dose stands before the opening"
        if release is not None:
            yield dose, release, "a dose stands after the release"
        if end is not None:
            yield dose, end, "a dose stands after the end of care"
        yield from ((dose, each, "a dose stands after the closing") for each in closing)
    if end is not None:
        yield from ((look, end, f"{_name(look)} stands after the end of care") for look in looks)
        yield from ((end, each, "the closing stands before the end of care") for each in closing)


def _name(look: Fact) -> str:
    return _NAMES[type(look.event)]


def _breach(history: History, slot: Slot, asked_first: Fact, asked_then: Fact, words: str) -> Ruling:
    """A pair out of order; its times are told as they stand, the earlier one before."""
    early, late = (day_and_clock(fact.at, history.zone) for fact in (asked_then, asked_first))
    return Ruling(
        slot,
        "breached",
        f"{slot.upper()}: {words}: {early} and {late}.",
        tuple(sorted((asked_first.position, asked_then.position))),
        anchor=f"{asked_first.dig} {asked_then.dig}",
        due=as_instant(asked_first.at),
        causes=("out-of-order",),
    )
