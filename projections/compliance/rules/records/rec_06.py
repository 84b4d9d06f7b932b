"""REC-06: what a device's clock showed is known, and it was right to within the limit."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.devices import Sync
from ledger.events.parameters import RecordFigures
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling, Severity
from projections.compliance.history import History
from projections.compliance.known import SLOTS
from projections.compliance.moments import clock, seconds
from projections.compliance.rule import rule
from projections.compliance.written import Written, ahead, between, within


@rule(
    id="REC-06",
    version="1",
    title="What the clock of each device showed is known, and it was right to within the limit.",
    severity="M",
    mode="F / I",
    source="time-stamped audit trails: 21 CFR 11.10(e); the limits are ours [D]",
    trigger=(
        "Entries of a person, or joint ones, written on a named device. One finding per person, device and batch; "
        "what came by itself, in the moment it was written, counts as one batch."
    ),
    window=(
        "The clock of a batch is its device's time less the ledger's when it was handed in "
        "(`sys-sync-received`): more than `clock_flag_s` either way is minor, more than `clock_major_s` is major. "
        "An entry that came without one shows its clock by its own receipt, when both are at most `clock_flag_s` "
        "apart; else its clock is unknown, which is major."
    ),
    evidence="The reading of the clock at the sync, recorded before the batch.",
    parameters=("record.clock_flag_s", "record.clock_major_s"),
    verdicts={
        "met": "the clock was read, or showed itself at receipt, and was right to within the limit",
        "breached": "the clock was further off than the limit, or nobody knows what it showed",
        "not-applicable": "nothing of this person was written on a named device",
        "cannot-judge": "there are no figures to judge by",
    },
    notes=(
        "A time of the batch counts less the offset; what was signed stays as it is, and both are shown.",
        "The finding names the bracket: not before the last entry the device had seen, not after its receipt.",
        "The offset is too small by at most the round trip that the device reports.",
    ),
)
def rec_06(history: History) -> Iterator[Ruling]:
    """One ruling for each person, device and batch."""
    if history.figures is None:
        return
    for slot in SLOTS:
        batches: dict[tuple[str, Sync | None, bool], list[Written]] = {}
        for each in history.written(slot):
            if each.device is not None:
                at_once = each.sync is None and _came_at_once(each, history.figures.record)
                batches.setdefault((each.device, each.sync, at_once), []).append(each)
        for (device, sync, at_once), entries in batches.items():
            yield _of(history, slot, device, sync, at_once, entries)
        if not batches:
            yield Ruling(slot, "not-applicable", f"{slot.upper()}: nothing was written on a named device.")


def _came_at_once(each: Written, figures: RecordFigures) -> bool:
    return abs(each.received_at - each.recorded_at) <= seconds(figures.clock_flag_s)


def _of(history: History, slot: Slot, device: str, sync: Sync | None, at_once: bool, entries: list[Written]) -> Ruling:
    name = history.device(device).code(history.size) or "a device nobody enrolled"
    first, *_ = entries
    count = f"{len(entries)} {'entry' if entries == [first] else 'entries'}"
    positions = tuple(each.position for each in entries)
    bounds = between(history.bracket(first), history.zone)
    anchor = f"{device} {first.dig}"
    if at_once:
        sentence = f"{slot.upper()}: {count} of {name} came as they were written."
        return Ruling(slot, "met", sentence, positions, anchor=anchor)
    evidence = positions if sync is None else (sync.position, *positions)
    when = f"received at {clock(first.received_at, history.zone)}"
    if sync is None or sync.offset is None:
        sentence = f"{slot.upper()}: {count} of {name}, {when}: nobody knows what its clock showed; {bounds}."
        return Ruling(slot, "breached", sentence, evidence, anchor=anchor, causes=("unknown",))
    figures = history.figures.record if history.figures is not None else RecordFigures()
    wrong = abs(sync.offset) > seconds(figures.clock_flag_s)
    severity: Severity = "M" if abs(sync.offset) > seconds(figures.clock_major_s) else "m"
    known = "" if sync.round_trip is None else f", to within {within(sync.round_trip)}"
    sentence = f"{slot.upper()}: {count} of {name}, {when}, by a clock that was {ahead(sync.offset)}{known}"
    if wrong:
        adjusted = f"{clock(first.claimed, history.zone)} counts as {clock(first.at, history.zone)}"
        sentence += f"; their times count that much {'earlier' if ahead(sync.offset).endswith('ahead') else 'later'}: "
        sentence += f"{adjusted}; {bounds}"
    return Ruling(
        slot,
        "breached" if wrong else "met",
        f"{sentence}.",
        evidence,
        anchor=anchor,
        causes=("clock",) if wrong else (),
        severity=severity if wrong else None,
    )
