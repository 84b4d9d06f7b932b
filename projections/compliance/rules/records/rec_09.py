"""REC-09: two doses that are probably one, written down twice, are flagged; both count until one is voided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.events.dosing import DoseAdministered
from ledger.events.holds import DosesConfirmedDistinct
from ledger.vocabulary import Slot
from projections.compliance.doses import Dose
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import clock, minutes, span
from projections.compliance.rule import rule


@rule(
    id="REC-09",
    version="1",
    title="Two doses that are probably one, written down twice, are flagged and never merged.",
    severity="M",
    mode="F / S",
    source="accurate records: the A of ALCOA+; the minutes are ours [D]",
    trigger=(
        "Two doses of one person with the same milligrams, from the same container or label. One finding per pair of "
        "which at least one stands in this session."
    ),
    window="At most `duplicate_min` apart, equality flagged, by adjusted times (REC-06).",
    evidence="One of the two is voided, in effect; or somebody confirmed both as distinct.",
    parameters=("dose.duplicate_min",),
    verdicts={
        "met": "no two doses are probably the same, or somebody confirmed such a pair as distinct",
        "breached": "a pair is probably one dose, until one is voided or both are confirmed as distinct",
        "not-applicable": "fewer than two doses",
        "cannot-judge": "there are no figures to judge by",
    },
    notes=(
        "Both doses count for every other rule: to leave one out would be to decide that it was not given.",
        "`doses-confirmed-distinct` confirms it; while somebody disputes that, it does not count.",
    ),
)
def rec_09(history: History) -> Iterator[Ruling]:
    """One ruling for each pair, or one that there is none."""
    if history.figures is None:
        return
    for slot in SLOTS:
        own = history.doses(slot)
        pairs = list(_pairs(history, slot, own))
        for first, second in pairs:
            yield _told(history, slot, first, second)
        if not pairs:
            evidence = tuple(dose.fact.position for dose in own)
            if any(_is_before(one, other) for one in own for other in own):
                yield Ruling(slot, "met", f"{slot.upper()}: no two doses are probably the same.", evidence)
            else:
                yield Ruling(slot, "not-applicable", f"{slot.upper()}: fewer than two doses.", evidence)


def _pairs(history: History, slot: Slot, own: Sequence[Dose]) -> Iterator[tuple[Dose, Dose]]:
    """Each pair once, the earlier one first; the person's doses in other sessions are looked at too."""
    here = {dose.fact.position for dose in own}
    theirs = {dose.fact.position: dose for dose in (*history.doses_of(history.person(slot)).theirs, *own)}
    figures = history.figures
    for first in theirs.values():
        for second in theirs.values():
            near = figures is not None and second.at - first.at <= minutes(figures.dose.duplicate_min)
            concerned = here & {first.fact.position, second.fact.position}
            if near and concerned and _is_before(first, second) and _alike(first, second):
                yield first, second


def _is_before(first: Dose, second: Dose) -> bool:
    return (first.at, first.fact.position) < (second.at, second.fact.position)


def _alike(first: Dose, second: Dose) -> bool:
    one, other = first.fact.event, second.fact.event
    if not isinstance(one, DoseAdministered) or not isinstance(other, DoseAdministered):
        return False
    same_label = one.label is not None and one.label == other.label
    return first.mg == second.mg and (one.container == other.container or same_label)


def _told(history: History, slot: Slot, first: Dose, second: Dose) -> Ruling:
    """A pair, and whether somebody has confirmed that it is two doses."""
    pair = (
        f"{slot.upper()}: two doses of {first.mg} mg from the same container or label, at "
        f"{clock(first.at, history.zone)} and {clock(second.at, history.zone)}, {span(second.at - first.at)} apart, "
    )
    evidence, anchor = (first.fact.position, second.fact.position), f"{first.fact.dig} {second.fact.dig}"
    said = _distinct(history, first, second)
    if said is None:
        why = "are probably one; both count until one is voided."
        return Ruling(slot, "breached", f"{pair}{why}", evidence, anchor=anchor, causes=("probable-duplicate",))
    words = f"{pair}are confirmed as two by {' and '.join(said.by)}."
    return Ruling(slot, "met", words, (*evidence, said.position), anchor=anchor, causes=("distinct",))


def _distinct(history: History, first: Dose, second: Dose) -> Fact | None:
    """Where somebody said last that two doses are two, on the record of either; not while somebody disputes it."""
    pair = {first.fact.dig, second.fact.dig}
    for record in dict.fromkeys((first.fact.session, second.fact.session)):
        there = history if record == history.session else history.ledger.session(record)
        disputed = {each.original.position for each in there.entries() if each.status == "disputed"}
        said = [fact for slot in SLOTS for fact in there.of(slot, DosesConfirmedDistinct)]
        for fact in reversed(said):
            named = fact.event.doses if isinstance(fact.event, DosesConfirmedDistinct) else ()
            if pair <= {dose.dig for dose in named} and fact.position not in disputed:
                return fact
    return None
