"""Question 7: doses given on a high blood pressure, who decided so, and why."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.fields import Gone
from ledger.events.holds import HoldReleased
from ledger.events.measures import BloodPressure
from ledger.events.parameters import PressureLimit
from ledger.vocabulary import Slot
from projections.compliance.doses import Dose
from projections.compliance.history import History
from projections.compliance.known import last
from projections.compliance.moments import as_instant
from projections.compliance.pressures import Reading, readings
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, minutes_over, positions, told, unread_note


@question(
    "7",
    "Which doses were given on a high blood pressure, who decided so, and why?",
    section="sessions",
    columns=(
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("dosed", "Dose", "instant"),
        Column("mg", "mg"),
        Column("pressure", "Last blood pressure before, mm[Hg]"),
        Column("limit", "Limit, mm[Hg]"),
        Column("age", "Minutes before the dose", "number"),
        Column("decision", "Decision"),
        Column("decided_by", "Who decided"),
        Column("role", "As"),
        Column("reason", "Why"),
    ),
    empty="No dose was given on a blood pressure above the limit.",
    reading=(
        "The last reading at or before each dose in its session, however old, above the protocol's limit in either "
        "number, by default 140/90 (the label of ketamine products). The decision is the last `hold-released` between "
        "that reading and the dose, whoever signed it; none is left empty. Whether it was enough, PRE-02 says."
    ),
)
def q07(asked: Asked) -> Found:
    """One row for each dose, in the order of the sessions."""
    given = [
        (history, slot, dose)
        for history in asked.sessions
        for slot in asked.slots(history)
        for dose in history.doses(slot)
    ]
    unread = [each for each in given if _is_gone(_latest(*each))]
    rows = [found for each in given for found in _of(asked, *each)]
    undecided = [each for each in rows if each.values["decided_by"] is None]
    figures = (
        figure("count", "Doses on a high blood pressure", len(rows), everything(each.evidence for each in rows)),
        figure("undecided", "Without a decision", len(undecided), everything(each.evidence for each in undecided)),
    )
    return Found(tuple(rows), figures, unread_note(len(unread), "the last blood pressure before the dose"))


def _of(asked: Asked, history: History, slot: Slot, dose: Dose) -> Iterator[Row]:
    reading = _latest(history, slot, dose)
    if reading is None or history.figures is None or isinstance(reading.pressure, Gone):
        return
    limit = history.figures.before_dose.hold_bp
    if not _is_above(reading.pressure, limit):
        return
    decided = last([fact for fact in history.of(slot, HoldReleased) if reading.at <= fact.at <= dose.at])
    event = None if decided is None else decided.event
    signer = None if decided is None else next(iter(decided.signed), None)
    yield row(
        positions(reading.fact, decided, dose.fact),
        session=history.session,
        partner=slot.upper(),
        dosed=as_instant(dose.at),
        mg=str(dose.mg),
        pressure=reading.words,
        limit=f"{limit.systolic}/{limit.diastolic}",
        age=minutes_over(dose.at - reading.at),
        decision=told(event.decision) if isinstance(event, HoldReleased) else None,
        decided_by=None if signer is None else asked.codes.code(signer.by),
        role=None if signer is None else signer.role,
        reason=told(event.reason) if isinstance(event, HoldReleased) else None,
    )


def _latest(history: History, slot: Slot, dose: Dose) -> Reading | None:
    taken = [reading for reading in readings(history, slot) if reading.at <= dose.at]
    return taken[-1] if taken else None


def _is_gone(reading: Reading | None) -> bool:
    return reading is not None and isinstance(reading.pressure, Gone)


def _is_above(pressure: BloodPressure, limit: PressureLimit) -> bool:
    return pressure.systolic > limit.systolic or pressure.diastolic > limit.diastolic
