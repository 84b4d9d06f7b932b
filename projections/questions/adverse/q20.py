"""Question 20: all adverse events by how they are classed, by route and by dose, and how soon they were recognised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil
from statistics import median
from typing import TypeAlias

from ledger.events.adverse import AdverseEventRecorded
from ledger.events.fields import Gone
from projections.compliance.adverse import AdverseEvent, adverse_events, latest
from projections.compliance.history import History
from projections.compliance.moments import to_second
from projections.compliance.occasions import route_of
from projections.questions.answer import Column, Figure, Found, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.small_groups import NOTE, SMALLEST, WHERE, large_enough
from projections.questions.told import everything

_Case: TypeAlias = tuple[History, AdverseEvent]
_STEP_MG = 100


@question(
    "20",
    "How many adverse events were there by severity, seriousness and relatedness, by route and by dose, and how soon "
    "were they recognised?",
    section="adverse",
    columns=(
        Column("by", "By"),
        Column("group", "Group"),
        Column("count", "Adverse events", "number"),
    ),
    takes=WHERE,
    empty="Too few adverse events are on record for anything to be shown, or none.",
    reading=(
        "As classed by the last that was said of each: severity by CTCAE 1 to 5. Route and mg are those given to this "
        "person in the session up to when the event began, else was noticed; mg in steps of 100. Recognition is from "
        "`onset` to when the clinic was aware of it, else to when it was noticed; only of events with an onset. Only "
        "in groups of at least five [D], and without session or person."
    ),
)
def q20(asked: Asked) -> Found:
    """The counts of each breakdown."""
    cases = [
        (history, each)
        for history in asked.sessions
        for slot in asked.slots(history)
        for each in adverse_events(history, slot)
    ]
    parted = {by: _parted(cases, name) for by, name in _BREAKDOWNS.items()}
    rows = [
        row(everything(_evidence(items)), by=by, group=name, count=len(items))
        for by, groups in parted.items()
        for name, items in large_enough(groups).items()
    ]
    whole = bool(cases) and all(_is_whole(groups) for groups in parted.values())
    figures = [figure("count", "Adverse events", len(cases), everything(_evidence(cases)))] if whole else []
    return Found(tuple(rows), (*figures, *_recognition(cases)), (NOTE,))


def _parted(cases: Sequence[_Case], name: Callable[[_Case], str]) -> dict[str, list[_Case]]:
    groups: dict[str, list[_Case]] = {}
    for each in cases:
        groups.setdefault(name(each), []).append(each)
    return dict(sorted(groups.items(), key=lambda group: (len(group[0]), group[0])))


def _is_whole(groups: dict[str, list[_Case]]) -> bool:
    """Whether every group is shown."""
    return len(large_enough(groups)) == len(groups)


def _evidence(cases: Sequence[_Case]) -> list[tuple[int, ...]]:
    return [tuple(fact.position for fact in each.told) for _, each in cases]


def _classed(name: str) -> Callable[[_Case], str]:
    def of(case: _Case) -> str:
        value = latest(case[1], name)
        if isinstance(value, Gone):
            return f"cannot be read: {value.why}"
        return "not said" if value is None else str(value)

    return of


def _route(case: _Case) -> str:
    history, each = case
    given = [dose for dose in history.doses(each.slot) if dose.at <= _began(each)]
    return route_of(given[-1].fact) or "" if given else "before a dose"


def _dose(case: _Case) -> str:
    history, each = case
    mg = sum((dose.mg for dose in history.doses(each.slot) if dose.at <= _began(each)), Decimal())
    if not mg:
        return "before a dose"
    top = ceil(mg / _STEP_MG) * _STEP_MG
    return f"over {top - _STEP_MG} to {top} mg" if top > _STEP_MG else f"up to {top} mg"


_BREAKDOWNS: dict[str, Callable[[_Case], str]] = {
    "severity": _classed("severity"),
    "seriousness": _classed("seriousness"),
    "relatedness": _classed("relatedness"),
    "route": _route,
    "mg": _dose,
}


def _began(each: AdverseEvent) -> datetime:
    return _onset(each) or each.recorded.at


def _onset(each: AdverseEvent) -> datetime | None:
    event = each.recorded.event
    onset = event.onset if isinstance(event, AdverseEventRecorded) else None
    return to_second(onset) if isinstance(onset, str) else None


def _recognised(each: AdverseEvent) -> datetime:
    event = each.recorded.event
    aware = event.aware_at if isinstance(event, AdverseEventRecorded) else None
    return to_second(aware) if isinstance(aware, str) else each.recorded.at


def _recognition(cases: Sequence[_Case]) -> list[Figure]:
    """How long it took, when enough of them say when they began."""
    timed = [(case, _recognised(case[1]) - onset) for case in cases if (onset := _onset(case[1])) is not None]
    if len(timed) < SMALLEST:
        return []
    middle = median(max(length, timedelta()).total_seconds() for _, length in timed)
    evidence = everything(_evidence([case for case, _ in timed]))
    return [figure("recognition", "Median time to recognition, minutes", f"{middle / 60:.1f}", evidence)]
