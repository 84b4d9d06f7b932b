"""Question 14: how long after the dose somebody was ready to leave, and how many before two hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from statistics import median

from ledger.events.fields import Gone
from ledger.events.parameters import ReleaseFigures
from ledger.events.release import DischargeAssessed, ReleaseAuthorised
from ledger.vocabulary import Slot
from projections.compliance.history import History
from projections.compliance.known import Fact, first
from projections.compliance.moments import as_instant, minutes
from projections.compliance.recovery import ORIENTED, is_awake, is_recovered
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, minutes_over, positions

REMS_MIN = 120
"""The minimum observation of the Spravato REMS, which this question is about, in minutes."""


@question(
    "14",
    "How many minutes after the dose was each person ready to leave, and how many would have been before two hours?",
    section="sessions",
    columns=(
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("last_dose", "Last dose", "instant"),
        Column("ready", "Ready", "instant"),
        Column("minutes", "Minutes after the dose", "number"),
        Column("before", "Before two hours", "yes-no"),
        Column("how", "By"),
        Column("released", "Released after, minutes", "number"),
    ),
    empty="Nobody who was dosed has been found ready yet.",
    reading=(
        "Everybody who was dosed and found ready after their last dose. The earliest that an assessment says itself "
        "(`ready_min`); else the first assessment whose scores and signs would have let them go by REL-03 and REL-04 "
        "under the protocol of the session. Minutes that are over count, from the last dose, of an infusion from its "
        "stop; two hours are those of the Spravato REMS. Who was looked at late may have been ready earlier."
    ),
)
def q14(asked: Asked) -> Found:
    """One row for each person and session, in the order of the sessions."""
    parts = [(history, slot) for history in asked.sessions for slot in asked.slots(history) if history.doses(slot)]
    rows = [found for history, slot in parts if (found := _of(history, slot)) is not None]
    early = [each for each in rows if each.values["before"]]
    lengths = [value for each in rows if isinstance(value := each.values["minutes"], int)]
    evidence = everything(each.evidence for each in rows)
    missing = len(parts) - len(rows)
    return Found(
        tuple(rows),
        (
            figure("count", "Found ready", len(rows), evidence),
            figure("median", "Median, minutes", _median(lengths), evidence),
            figure("before", "Ready before two hours", len(early), everything(each.evidence for each in early)),
        ),
        (f"{missing} who were dosed were never found ready on record.",) if missing else (),
    )


def _of(history: History, slot: Slot) -> Row | None:
    *_, dose = history.doses(slot)
    looked = [fact for fact in history.of(slot, DischargeAssessed) if fact.at >= dose.counts_from]
    found = _said(looked, dose.counts_from) or _by_scores(history, looked)
    if found is None:
        return None
    at, fact, how = found
    released = first([each for each in history.of(slot, ReleaseAuthorised) if each.at >= dose.counts_from])
    return row(
        positions(dose.fact, fact, released),
        session=history.session,
        partner=slot.upper(),
        last_dose=as_instant(dose.counts_from),
        ready=as_instant(at),
        minutes=minutes_over(at - dose.counts_from),
        before=at - dose.counts_from < minutes(REMS_MIN),
        how=how,
        released=None if released is None else minutes_over(released.at - dose.counts_from),
    )


def _said(looked: Sequence[Fact], since: datetime) -> tuple[datetime, Fact, str] | None:
    """The earliest time that an assessment says they would have been ready."""
    said = [
        (since + minutes(fact.event.ready_min), fact, "what the assessment says")
        for fact in looked
        if isinstance(fact.event, DischargeAssessed) and isinstance(fact.event.ready_min, int)
    ]
    return min(said, key=lambda each: (each[0], each[1].position), default=None)


def _by_scores(history: History, looked: Sequence[Fact]) -> tuple[datetime, Fact, str] | None:
    if history.figures is None:
        return None
    figures = history.figures.release
    fit = [fact for fact in looked if isinstance(fact.event, DischargeAssessed) and _is_ready(fact.event, figures)]
    return (fit[0].at, fit[0], "its scores") if fit else None


def _median(lengths: Sequence[int]) -> str | None:
    return f"{median(lengths):g}" if lengths else None


def _is_ready(event: DischargeAssessed, figures: ReleaseFigures) -> bool | None:
    """Whether the scores of REL-03 and the signs of REL-04 would all have let somebody go; None if one is gone."""
    scores = (event.aldrete, event.aldrete_items, event.padss, event.moaas, event.rass)
    if any(isinstance(each, Gone) for each in (*scores, event.cadss6, event.orientation, event.gait_steady)):
        return None
    present = isinstance(event.cadss6, int) and event.cadss6 <= figures.cadss6_max
    steady = event.orientation == ORIENTED and event.gait_steady is True
    return is_recovered(event, figures) and is_awake(event, figures) and present and steady
