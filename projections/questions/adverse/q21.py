"""Question 21: serious adverse events, and when each clock was met."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.adverse import AdverseEventRecorded, AdverseEventReported
from ledger.events.fields import Gone
from projections.compliance.adverse import AdverseEvent, adverse_events
from projections.compliance.finding import Finding
from projections.compliance.history import History
from projections.compliance.moments import as_instant
from projections.compliance.rules.afterwards.ae_02 import RECEIVER
from projections.questions.answer import Cell, Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, told, unread_note


@question(
    "21",
    "Which adverse events were serious, and when was each clock met: prescriber, programme or agency, state?",
    section="adverse",
    columns=(
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("term", "What"),
        Column("aware", "Known since", "instant"),
        Column("clock", "Clock"),
        Column("limit", "At the latest", "instant"),
        Column("met_at", "Done", "instant"),
        Column("verdict", "Verdict"),
    ),
    empty="No adverse event is known to be serious.",
    reading=(
        "The clocks are those of AE-02: a prescriber, and the report outside that the regime of the protocol asks for "
        "(`rems` or `fda`; off label there is none). Every other report outside, such as one to the state, is told "
        "with its time and no limit: the protocol has no figure for it."
    ),
)
def q21(asked: Asked) -> Found:
    """One row for each serious adverse event and clock or report."""
    findings = asked.findings("AE-02", verdicts=("met", "breached", "pending"))
    events = [
        (history, each)
        for history in asked.sessions
        for slot in asked.slots(history)
        for each in adverse_events(history, slot)
    ]
    rows = [found for history, each in events for found in _of(history, each, findings)]
    late = [each for each in rows if each.values["verdict"] == "breached"]
    unread = sum(each.unread_of(history.as_of, "seriousness") is not None for history, each in events)
    figures = (
        figure("count", "Serious adverse events", sum(each.serious is not None for _, each in events), _all(rows)),
        figure("missed", "Clocks not met", len(late), _all(late)),
    )
    return Found(tuple(rows), figures, unread_note(unread, "whether they are serious"))


def _of(history: History, each: AdverseEvent, findings: list[Finding]) -> Iterator[Row]:
    if each.serious is None:
        return
    said, aware = each.serious
    asked_for = {
        each_clock: finding
        for finding in findings
        for each_clock in ("prescriber", "report")
        if finding.anchor == f"{each.recorded.dig} {each_clock}"
    }
    since = as_instant(aware)
    for clock, finding in asked_for.items():
        name = _receiver(history) if clock == "report" else clock
        evidence = (said.position, *finding.evidence)
        yield _row(history, each, since, name, evidence, (finding.limit, finding.made_at, finding.verdict))
    counted = {position for finding in asked_for.values() for position in finding.evidence}
    for report in each.reports:
        if report.position not in counted and isinstance(report.event, AdverseEventReported):
            evidence = (said.position, report.position)
            receiver = told(report.event.receiver)
            yield _row(history, each, since, receiver, evidence, (None, as_instant(report.at), None))
    if not asked_for and not each.reports:
        yield _row(history, each, since, None, (said.position,), (None, None, None))


def _receiver(history: History) -> Cell:
    return None if history.figures is None else RECEIVER.get(history.figures.choices.serious_regime)


def _row(
    history: History,
    each: AdverseEvent,
    aware: str | None,
    clock: Cell,
    evidence: tuple[int, ...],
    state: tuple[str | None, str | None, str | None],
) -> Row:
    limit, met_at, verdict = state
    return row(
        evidence,
        session=history.session,
        partner=each.slot.upper(),
        term=_term(each),
        aware=aware,
        clock=clock,
        limit=limit,
        met_at=met_at,
        verdict=verdict,
    )


def _term(each: AdverseEvent) -> Cell:
    event = each.recorded.event
    value: str | Gone | None = event.term if isinstance(event, AdverseEventRecorded) else None
    return told(value)


def _all(rows: list[Row]) -> list[int]:
    return everything(each.evidence for each in rows)
