"""Question 17: how soon something was done about a low oxygen saturation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from ledger.events.emergencies import InterventionPerformed
from ledger.vocabulary import Slot
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import minutes
from projections.compliance.readings import first_from, numbers
from projections.questions.answer import Column, Figure, Found, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.small_groups import NOTE, SMALLEST, WHERE, large_enough
from projections.questions.told import everything, positions, unread_note

_STEPS = (1, 2, 5, 10)
_NOTHING = "nothing was done"


@dataclass(frozen=True, slots=True)
class _Low:
    """One low reading, and after how long something was done; None when nothing was."""

    after: timedelta | None
    evidence: tuple[int, ...]


@question(
    "17",
    "How soon was something done about an oxygen saturation below the limit?",
    section="sessions",
    columns=(
        Column("within", "Something was done"),
        Column("count", "Low readings", "number"),
    ),
    takes=WHERE,
    empty="Too few readings were low for anything to be shown, or none.",
    reading=(
        "Every reading of a dosed person from the first dose to the end of care that is below the protocol's limit, by "
        "default 92 % [D], and the first `intervention-performed` for this person from the second of the reading to "
        "the end of care; one intervention may answer several readings. Only in groups of at least five [D], and "
        "without session or person."
    ),
)
def q17(asked: Asked) -> Found:
    """How many readings there are in each step of time."""
    low = [found for history in asked.sessions for slot in SLOTS for found in _low(history, slot)]
    unread = sum(
        each.value is None
        for history in asked.sessions
        for slot in SLOTS
        if history.doses(slot)
        for each in numbers(history, slot, "spo2")
    )
    groups: dict[str, list[_Low]] = {name: [] for name in (*map(_name, _STEPS), f"after {_STEPS[-1]} min", _NOTHING)}
    for each in low:
        groups[_step(each.after)].append(each)
    shown = large_enough(groups)
    rows = [
        row(everything(each.evidence for each in items), within=name, count=len(items)) for name, items in shown.items()
    ]
    whole = len(shown) == sum(bool(items) for items in groups.values())
    lengths = [each.after for each in low if each.after is not None]
    figures = [
        *([figure("count", "Low readings", len(low), _evidence(low))] if whole and low else []),
        *([_median(lengths, low)] if len(lengths) >= SMALLEST else []),
    ]
    return Found(tuple(rows), tuple(figures), (NOTE, *unread_note(unread, "the oxygen saturation")))


def _low(history: History, slot: Slot) -> Iterator[_Low]:
    first = next(iter(history.doses(slot)), None)
    if first is None or history.figures is None:
        return
    end, limit = history.end_of_care(slot), history.figures.supervision.spo2_act
    for each in numbers(history, slot, "spo2"):
        if each.value is not None and each.value < limit and each.at >= first.at and (not end or each.at <= end.at):
            done = _done(history, slot, each.fact, end)
            yield _Low(None if done is None else done.at - each.at, tuple(positions(each.fact, done)))


def _done(history: History, slot: Slot, reading: Fact, end: Fact | None) -> Fact | None:
    done = first_from(history.of(slot, InterventionPerformed), reading.at)
    return None if done is None or (end is not None and done.at > end.at) else done


def _step(after: timedelta | None) -> str:
    if after is None:
        return _NOTHING
    return next((_name(step) for step in _STEPS if after <= minutes(step)), f"after {_STEPS[-1]} min")


def _name(step: int) -> str:
    before = next((each for each in reversed(_STEPS) if each < step), None)
    return f"within {step} min" if before is None else f"after {before}, within {step} min"


def _median(lengths: Sequence[timedelta], low: Sequence[_Low]) -> Figure:
    seconds = median(length.total_seconds() for length in lengths)
    evidence = _evidence([each for each in low if each.after is not None])
    return figure("median", "Median where something was done, minutes", f"{seconds / 60:.1f}", evidence)


def _evidence(low: Sequence[_Low]) -> list[int]:
    return everything(each.evidence for each in low)
