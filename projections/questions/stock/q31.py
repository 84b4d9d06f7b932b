"""Question 31: thefts and significant losses, and when each was reported."""

from __future__ import annotations

from datetime import date, datetime

from ledger.events.base import Event
from ledger.events.losses import DiscrepancyFound, DiscrepancyInvestigated, Form106Filed, LossReportedToDea
from projections.compliance.apart import Apart, days_later, end_of, judged_by
from projections.compliance.business_days import business_days_later
from projections.compliance.containers import Held
from projections.compliance.discrepancies import Classed, classed, reported
from projections.compliance.known import Fact
from projections.compliance.moments import as_instant, days, hours
from projections.questions.answer import Cell, Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.stock.chosen import STOCK, chosen
from projections.questions.told import positions

_HOUR, _DAY = hours(1), days(1)


@question(
    "31",
    "Of each theft or significant loss: when was it discovered, told to the DEA, and reported on Form 106?",
    section="stock",
    columns=(
        Column("container", "Container"),
        Column("difference", "Counted less expected, mg", "number"),
        Column("taken_for", "Taken for"),
        Column("discovered", "Discovered", "instant"),
        Column("notice_due", "Notice due", "instant"),
        Column("notice", "Notice", "instant"),
        Column("notice_hours", "Hours to the notice", "number"),
        Column("form_due", "Form 106 due", "instant"),
        Column("form", "Form 106", "instant"),
        Column("form_days", "Days to Form 106", "number"),
        Column("in_time", "Both in time", "yes-no"),
        Column("otherwise", "Since then taken for something else", "instant"),
    ),
    takes=STOCK,
    empty="Nothing was taken for a theft or a significant loss.",
    reading=(
        "Discovered is when it was first taken for one (CS-06). Whole hours and days from then; both in time is open "
        "while one is neither done nor overdue."
    ),
)
def q31(asked: Asked) -> Found:
    """One row for each discrepancy that was ever taken for one."""
    found = [(held, each) for held in chosen(asked) for each in classed(asked.ledger, held.state.id)]
    found = [(held, each) for held, each in found if _is_within(asked, each)]
    found.sort(key=lambda each: (each[1].since.at, each[1].since.position))
    rows = [_of(asked, held, each) for held, each in found]
    late = [each for each in rows if each.values["in_time"] is False]
    return Found(
        tuple(rows),
        (
            figure("count", "Thefts and significant losses", len(rows), [p for each in rows for p in each.evidence]),
            figure("late", "Reported late or not at all", len(late), [p for each in late for p in each.evidence]),
        ),
    )


def _is_within(asked: Asked, each: Classed) -> bool:
    return asked.filters.within(each.since.at, lambda at: _day(asked, each, at))


def _day(asked: Asked, each: Classed, at: datetime) -> str:
    judged = judged_by(asked.ledger, each.since)
    return asked.ledger.day(None, at) if judged is None else judged.day(at)


def _of(asked: Asked, held: Held, each: Classed) -> Row:
    ledger, judged = asked.ledger, judged_by(asked.ledger, each.since)
    notice, form = (reported(ledger, each, kind) for kind in (LossReportedToDea, Form106Filed))
    notice_due, form_due = (None, None) if judged is None else _due(judged, each)
    event = each.found.event
    return row(
        positions(each.found, each.since, notice, form, each.until),
        container=held.code,
        difference=event.difference.value if isinstance(event, DiscrepancyFound) else None,
        taken_for=_suspicion(each.since.event),
        discovered=as_instant(each.since.at),
        notice_due=as_instant(notice_due),
        notice=None if notice is None else as_instant(notice.at),
        notice_hours=None if notice is None else (notice.at - each.since.at) // _HOUR,
        form_due=as_instant(form_due),
        form=None if form is None else as_instant(form.at),
        form_days=None if form is None else (form.at - each.since.at) // _DAY,
        in_time=_in_time(asked, each, ((notice, notice_due), (form, form_due))),
        otherwise=None if each.until is None else as_instant(each.until.at),
    )


def _due(judged: Apart, each: Classed) -> tuple[datetime, datetime]:
    day, figures = date.fromisoformat(judged.day(each.since.at)), judged.figures.substance
    notice = business_days_later(day, figures.notice_business_days)
    return end_of(notice, judged.zone), end_of(days_later(day, figures.form_106_days), judged.zone)


def _in_time(asked: Asked, each: Classed, both: tuple[tuple[Fact | None, datetime | None], ...]) -> Cell:
    """Whether both were, None while one is still open."""
    answers = [_one(asked, each, made, due) for made, due in both]
    if False in answers:
        return False
    return None if None in answers else True


def _one(asked: Asked, each: Classed, made: Fact | None, due: datetime | None) -> bool | None:
    if due is None:
        return None
    if made is not None:
        return made.at <= due
    if each.until is not None and each.until.at <= due:
        return True
    return None if asked.ledger.as_of <= due else False


def _suspicion(event: Event) -> str | None:
    return event.suspicion if isinstance(event, DiscrepancyFound | DiscrepancyInvestigated) else None
