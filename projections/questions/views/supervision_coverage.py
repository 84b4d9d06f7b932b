"""Supervision coverage: who watched each dosed person from when to when, and when nobody did, over all couples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ledger.vocabulary import Slot
from projections.compliance.cover import watching
from projections.compliance.crowds import Load, loads_of
from projections.compliance.history import History
from projections.compliance.moments import as_instant, minutes
from projections.compliance.watched import all_at_once
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, minutes_begun, minutes_over, positions


@question(
    "supervision-coverage",
    "Who watched each dosed person from when to when, when did nobody, and how many did one monitor have at once?",
    section="views",
    columns=(
        Column("place", "Place"),
        Column("couple", "Couple"),
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("start", "From", "instant"),
        Column("end", "To", "instant"),
        Column("minutes", "Minutes", "number"),
        Column("watched_by", "Watched by"),
        Column("gap", "Nobody watched", "yes-no"),
        Column("too_long", "Longer than allowed", "yes-no"),
        Column("at_once", "Dosed persons one of them had at once", "number"),
        Column("allowed", "Allowed then", "number"),
        Column("too_many", "More than allowed", "yes-no"),
    ),
    empty="Nobody was dosed in these sessions.",
    reading=(
        "From a person's first dose to the end of their care, in person; by video covers nobody. In the order of place "
        "and time, so the couples of a retreat stand side by side. Persons at once are those that SUP-03 counts: "
        "over all sessions at the place, also those that the filters leave out, from first dose to release, beside how "
        "many were allowed when they were most above it, told of two or more; where one participant is asked for, "
        "nothing of that is told. "
        "Whole minutes; in a gap a minute begun counts. How long a gap may be is the protocol's figure, by default 5 "
        "minutes [D]."
    ),
)
def supervision_coverage(asked: Asked) -> Found:
    """One row for each person and stretch, by place and time."""
    found = [
        (history, slot, stretch)
        for history in asked.sessions
        for slot in asked.slots(history)
        for stretch in _stretches(history, slot)
    ]
    found.sort(key=lambda each: (_place(asked, each[0]) or "", each[2].start, each[0].session, each[1]))
    sessions = {} if asked.person is not None else {history.session: history for history, _, _ in found}
    loads = {name: loads_of(all_at_once(history), history.as_of, trusting=True) for name, history in sessions.items()}
    rows = [_of(asked, history, slot, stretch, loads.get(history.session, {})) for history, slot, stretch in found]
    gaps = [each for each in rows if each.values["gap"]]
    long = [each for each in gaps if each.values["too_long"]]
    most = max((count for each in rows if isinstance(count := each.values["at_once"], int)), default=None)
    fullest = [each for each in rows if most is not None and each.values["at_once"] == most]
    crowded = [each for each in rows if each.values["too_many"]]
    too_many = len(crowded) if asked.person is None else None
    return Found(
        tuple(rows),
        (
            figure("gaps", "Gaps", len(gaps), everything(each.evidence for each in gaps)),
            figure("too_long", "Gaps longer than allowed", len(long), everything(each.evidence for each in long)),
            figure("most", "Most dosed persons at once", most, everything(each.evidence for each in fullest)),
            figure("too_many", "Stretches with too many", too_many, everything(each.evidence for each in crowded)),
        ),
        _unjudged(found),
    )


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The same people watched from `start` to `end`, None while they do; `rests_on` began and ended it."""

    start: datetime
    end: datetime | None
    monitors: frozenset[str]
    rests_on: tuple[int, ...]


def _stretches(history: History, slot: Slot) -> Iterator[_Stretch]:
    dose = next(iter(history.doses(slot)), None)
    if dose is None:
        return
    until, there = history.end_of_care(slot), frozenset[str]()
    start, began = dose.at, [dose.fact]
    for fact, monitors in watching(history, slot):
        if until is not None and fact.at >= until.at:
            break
        if fact.at <= start:
            there, began = monitors, [began[0], fact]
        elif monitors != there:
            yield _Stretch(start, fact.at, there, tuple(positions(*began, fact)))
            start, there, began = fact.at, monitors, [fact]
    if until is None or until.at > start:
        yield _Stretch(start, None if until is None else until.at, there, tuple(positions(*began, until)))


def _of(asked: Asked, history: History, slot: Slot, stretch: _Stretch, loads: dict[str, list[Load]]) -> Row:
    length = (stretch.end or history.as_of) - stretch.start
    gap = not stretch.monitors
    figures = history.figures
    worst = _worst(stretch, loads)
    return row(
        stretch.rests_on,
        place=_place(asked, history),
        couple=None if history.couple is None else asked.codes.code(history.couple),
        session=history.session,
        partner=slot.upper(),
        start=as_instant(stretch.start),
        end=as_instant(stretch.end),
        minutes=minutes_begun(length) if gap else minutes_over(length),
        watched_by=", ".join(sorted(map(asked.codes.code, stretch.monitors))) or "nobody",
        gap=gap,
        too_long=length > minutes(figures.supervision.gap_max_min) if gap and figures is not None else None,
        at_once=None if worst is None else worst.count,
        allowed=worst.most if worst is not None and worst.are_several else None,
        too_many=None if worst is None else worst.is_too_much,
    )


def _worst(stretch: _Stretch, loads: dict[str, list[Load]]) -> Load | None:
    """When one of these monitors had most above what is allowed, else most of all; None while they had nobody."""
    found: list[Load] = []
    for monitor in stretch.monitors:
        own = loads.get(monitor, [])
        before = [load for load in own if load.start <= stretch.start]
        found += before[-1:]
        found += [load for load in own if load.start > stretch.start and _is_before(load, stretch)]
    return max((load for load in found if load.count), key=lambda load: (load.excess, load.count), default=None)


def _is_before(load: Load, stretch: _Stretch) -> bool:
    return stretch.end is None or load.start < stretch.end


def _place(asked: Asked, history: History) -> str | None:
    return None if history.location is None else asked.codes.code(history.location)


def _unjudged(found: list[tuple[History, Slot, _Stretch]]) -> tuple[str, ...]:
    without = {history.session for history, _, _ in found if history.figures is None}
    words = f"{len(without)} sessions name no published protocol: how long a gap may be is not known there."
    return (words,) if without else ()
