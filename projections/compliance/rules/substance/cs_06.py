"""CS-06: what is missing is looked into within a day, and a theft or a significant loss is reported in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from ledger.events.base import Event
from ledger.events.losses import Form106Filed, LossReportedToDea
from projections.compliance.apart import Apart, Deadline, days_later, end_of, judged_by, no_protocol
from projections.compliance.business_days import business_days_later
from projections.compliance.containers import Held
from projections.compliance.counts import Count
from projections.compliance.discrepancies import Classed, begun, classed, opened, reported
from projections.compliance.finding import Ruling
from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import day_and_clock, hours
from projections.compliance.rule import ledger_rule
from projections.said import exact


@ledger_rule(
    id="CS-06",
    version="1",
    title="What is missing is looked into within a day, and a theft or a significant loss is reported in time.",
    severity="C",
    mode="F / W",
    source="theft or significant loss: 21 CFR 1301.76(b), 88 FR 40707; the hours to open it are ours [D]",
    trigger=(
        "A count beyond its tolerance (CS-01); a discrepancy that is taken for a theft or a significant loss. One "
        "finding per discrepancy and clock, about the container."
    ),
    window=(
        "To open it: `discrepancy_h` from the count. From the first time it is taken for a theft or a significant "
        "loss: to tell the DEA by the end of the `notice_business_days`-th business day after that day, and to file "
        "Form 106 by the end of the day `form_106_days` later, by the clock where that was written down."
    ),
    evidence="A `discrepancy-found` of that count; a `loss-reported-to-dea`; a `form106-filed`.",
    parameters=(
        "substance.discrepancy_h",
        "substance.form_106_days",
        "substance.notice_business_days",
    ),
    verdicts={
        "met": "done in time",
        "breached": "the limit has passed; what comes later stays in the finding, as made late",
        "pending": "not done, and the limit has not passed",
        "not-applicable": "by the limit it was taken for something else",
        "cannot-judge": "no protocol was in effect on the day it was classed",
    },
    notes=(
        (
            "A discrepancy need not be opened when by the limit a correction, or an entry that was missing, explains "
            "it. What is explained later stays a finding."
        ),
        "A later count that finds the same difference again is of the same discrepancy.",
        (
            "A business day is Monday to Friday and no federal holiday; one on a Saturday is kept on the Friday "
            "before, one on a Sunday on the Monday after."
        ),
    ),
)
def cs_06(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each discrepancy to be opened, and for each report that is due."""
    if ledger.proposed is not None:
        return
    for held in ledger.containers.all():
        yield from _to_open(ledger, held)
        for each in classed(ledger, held.state.id):
            judged = judged_by(ledger, each.since)
            if judged is None:
                yield no_protocol(each.since, f"A discrepancy of {held.code}")
            else:
                yield from _to_report(ledger, held, each, judged)


def _to_open(ledger: LedgerAt, held: Held) -> Iterator[Ruling]:
    if held.is_gone or not held.counts():
        return
    now = ledger.protocol_on(ledger.day(held.state.home or None, ledger.as_of))
    figures = ledger.figures_of(now)
    if figures is None:
        return  # CS-01 says that these counts cannot be judged
    counts = begun(ledger, held, hours(figures.substance.discrepancy_h))
    for index, count in enumerate(counts):
        yield _opening(ledger, held, count, opened(ledger, held, counts, index))


def _opening(ledger: LedgerAt, held: Held, count: Count, made: Fact | None) -> Ruling:
    fact, figures = count.step.fact, ledger.figures_of(count.protocol)
    judged = judged_by(ledger, fact)
    if judged is None or figures is None:
        return replace(no_protocol(fact, f"A count of {held.code}"), about=held.state.id)
    within = figures.substance.discrepancy_h
    due = Deadline(fact.at + hours(within), made, ledger.as_of)
    short = f"{exact(abs(count.difference))} mg {'missing' if count.counted < count.expected else 'too many'}"
    words = f"{held.code}, counted {count.when()}: {short}; a discrepancy is opened within {within} h"
    sentence = f"{words}{_done(made, due, judged, 'opened')}."
    ruling = due.ruling(judged, sentence, (*held.moved_up_to(count.step), *_position(made)))
    return replace(ruling, about=held.state.id)


def _to_report(ledger: LedgerAt, held: Held, each: Classed, judged: Apart) -> Iterator[Ruling]:
    figures, day = judged.figures.substance, date.fromisoformat(judged.day(each.since.at))
    notice = end_of(business_days_later(day, figures.notice_business_days), judged.zone)
    yield _report(ledger, held, each, judged, notice, LossReportedToDea, "the DEA is told", "notice")
    form = end_of(days_later(day, figures.form_106_days), judged.zone)
    yield _report(ledger, held, each, judged, form, Form106Filed, "Form 106 is filed", "form-106")


def _report(
    ledger: LedgerAt,
    held: Held,
    each: Classed,
    judged: Apart,
    limit: datetime,
    kind: type[Event],
    duty: str,
    clock: str,
) -> Ruling:
    made = reported(ledger, each, kind)
    due = Deadline(limit, made, ledger.as_of)
    taken = f"{held.code}: taken for a theft or a significant loss {day_and_clock(each.since.at, judged.zone)}"
    anchor = f"{each.found.dig} {clock}"
    evidence = (each.found.position, each.since.position, *_position(made))
    lapsed = each.until
    if due.verdict != "met" and lapsed is not None and lapsed.at <= limit:
        words = f"{taken}, and for something else {day_and_clock(lapsed.at, judged.zone)}."
        positions = (*evidence, lapsed.position)
        return Ruling("", "not-applicable", words, positions, anchor, about=held.state.id)
    sentence = f"{taken}; {duty} by {day_and_clock(limit, judged.zone)}{_done(made, due, judged, 'done')}."
    return replace(due.ruling(judged, sentence, evidence), anchor=anchor, about=held.state.id)


def _done(made: Fact | None, due: Deadline, judged: Apart, done: str) -> str:
    if made is None:
        return f"; not {done}"
    return f"; {done} {day_and_clock(made.at, judged.zone)}{due.late_by}"


def _position(fact: Fact | None) -> tuple[int, ...]:
    return () if fact is None else (fact.position,)
