"""REC-07: what was written on a device arrives in time and whole, and agrees with this log."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.devices import ChainFault, shifted
from ledger.events.parameters import RecordFigures
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS
from projections.compliance.moments import clock, day_and_clock, hours, seconds
from projections.compliance.rule import rule
from projections.compliance.written import Written, between

FAULTS = {
    "hole": "number {} is missing",
    "fork": "number {} is there twice after the same entry, as if a copy of the device went on beside it",
    "reset": "it began again from number {}, as after losing its memory",
    "break": "number {} does not follow the entry that stands before it here",
}


@rule(
    id="REC-07",
    version="1",
    title="What was written on a device arrives in time and whole, and agrees with this log.",
    severity="M",
    mode="F / W",
    source="complete records: the C of ALCOA+; 21 CFR 11.10(a); the limit is ours [D]",
    trigger=(
        "Entries of a person, or joint ones, written on a named device, or without one and received late. "
        "One finding per person and device."
    ),
    window=(
        "From when it was written (less what its clock was wrong by) to its receipt at most `offline_h`, equality met. "
        "A chain is judged as known: a hole is breached on receipt of the entry behind it."
    ),
    evidence=(
        "An unbroken chain around each entry; a device that an officer enrolled and did not revoke before; a "
        "checkpoint that is one of this log's."
    ),
    parameters=("record.clock_flag_s", "record.offline_h"),
    verdicts={
        "met": "whole, in time, by an enrolled device",
        "breached": "late, or something is missing, there twice, from an unknown device, or contradicts this log",
        "not-applicable": "nothing of this person was written on a named device",
        "cannot-judge": "there are no figures to judge by",
    },
    notes=(
        "What comes late closes its hole from then on; as known before, the hole stays.",
        "Nothing is refused for any of this: an entry of an unknown device is recorded like any other.",
        "A checkpoint that is not one of this log's is critical (C).",
        "Only the device's own copy of it, signed by the log key, stops the signing: `session-ledger hand-in`.",
    ),
)
def rec_07(history: History) -> Iterator[Ruling]:
    """One ruling for each person and device."""
    if history.figures is None:
        return
    figures = history.figures.record
    for slot in SLOTS:
        devices: dict[str, list[Written]] = {}
        for each in history.written(slot):
            if each.device is not None or _is_late(each, figures):
                devices.setdefault(each.device or "", []).append(each)
        for device, entries in devices.items():
            yield _Device(history, slot, device, entries).ruling(figures)
        if not devices:
            yield Ruling(slot, "not-applicable", f"{slot.upper()}: nothing was written on a named device.")


def _is_late(each: Written, figures: RecordFigures) -> bool:
    """The sync may be late; the clock's own error is not."""
    written = each.recorded_at if each.offset is None else shifted(each.recorded_at, -each.offset)
    return each.received_at - written > hours(figures.offline_h)


class _Device:
    """One device in one session, as far as one partner is concerned."""

    def __init__(self, history: History, slot: Slot, device: str, entries: list[Written]) -> None:
        self.history, self.slot, self.entries = history, slot, entries
        self.chain = history.device(device)
        self.named = bool(device)

    def ruling(self, figures: RecordFigures) -> Ruling:
        """What is wrong with it, all of it in one sentence."""
        size = self.history.size
        words: list[str] = []
        causes: list[str] = []
        evidence = [each.position for each in self.entries]
        late = [each for each in self.entries if _is_late(each, figures)]
        if late:
            oldest = min(late, key=lambda each: (each.recorded_at, each.position))
            zone = self.history.zone
            words.append(
                f"written {day_and_clock(oldest.recorded_at, zone)} by its clock and received "
                f"{day_and_clock(oldest.received_at, zone)}, {between(self.history.bracket(oldest), zone)}"
            )
            causes.append("late")
        for fault in self._faults():
            numbers = f"{fault.first}" if fault.first == fault.last else f"{fault.first} to {fault.last}"
            words.append(FAULTS[fault.fault].format(numbers))
            causes.append(fault.fault)
            evidence += fault.evidence
        revoked = self.chain.revoked_at(size)
        if self.named and self.chain.code(size) is None:
            words.append("nobody enrolled it")
            causes.append("not-enrolled")
        if revoked is not None and any(each.position > revoked for each in self.entries):
            words.append("it had been revoked before")
            causes.append("revoked")
            evidence.append(revoked)
        against = [each for each in self.entries if self.history.contradiction(each) is not None]
        words += [
            f"the entry at position {each.position} names a checkpoint of {each.seen.size} entries that is not one of "
            "this log's"
            for each in against
        ]
        causes += ["contradicts-log"] * bool(against)
        name = (self.chain.code(size) or "a device") if self.named else "entries of no named device"
        return Ruling(
            self.slot,
            "breached" if causes else "met",
            f"{self.slot.upper()}: {name}: {'; '.join(words) if causes else self._whole(figures)}.",
            tuple(evidence),
            anchor=self.chain.id or "no device",
            causes=tuple(dict.fromkeys(causes)),
            severity="C" if against else None,
        )

    def _faults(self) -> list[ChainFault]:
        size = self.history.size
        found: list[ChainFault | None] = []
        for each in self.entries:
            if each.link is not None:
                found += [self.chain.fault_before(each.link, size), self.chain.hole_after(each.link.seq, size)]
        return list(dict.fromkeys(fault for fault in found if fault is not None))

    def _whole(self, figures: RecordFigures) -> str:
        closed = [each for each in self.entries if each.link is not None and self.chain.came_late(each.link)]
        count = f"{len(self.entries)} entries, and nothing is missing"
        waited = [each for each in self.entries if each.received_at - each.recorded_at > seconds(figures.clock_flag_s)]
        if closed:
            last = max(closed, key=lambda each: each.position)
            return f"{count} since {clock(last.received_at, self.history.zone)}, when what was missing came"
        if waited:
            last = max(waited, key=lambda each: each.position)
            return f"{count}; offline until {day_and_clock(last.received_at, self.history.zone)}"
        return count
