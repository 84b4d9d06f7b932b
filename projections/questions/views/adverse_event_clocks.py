"""Adverse events with their clocks: how each is classed by now, what has to happen by when, and what did."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.adverse import AdverseEventRecorded, AdverseEventResolved
from ledger.events.fields import Gone
from projections.compliance.adverse import AdverseEvent, adverse_events, latest
from projections.compliance.finding import Finding
from projections.compliance.history import History
from projections.compliance.known import last
from projections.compliance.moments import as_instant, to_second
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, minutes_over, told

_CLOCKS = {
    "classed": ("AE-01", ""),
    "prescriber": ("AE-02", " prescriber"),
    "report": ("AE-02", " report"),
    "outcome or plan": ("AE-04", ""),
}
"""Each clock with its rule, and how that tells several of one adverse event apart."""
_ONLY_SERIOUS = ("prescriber", "report")


@question(
    "adverse-events",
    "How does each adverse event stand, and how do its clocks?",
    section="views",
    columns=(
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("noticed", "Noticed", "instant"),
        Column("term", "What"),
        Column("severity", "Severity", "number"),
        Column("seriousness", "Seriousness"),
        Column("relatedness", "Relatedness"),
        Column("outcome", "Outcome"),
        Column("resolved", "Resolved", "instant"),
        Column("clock", "Clock"),
        Column("limit", "At the latest", "instant"),
        Column("done", "Done", "instant"),
        Column("verdict", "Verdict"),
        Column("minutes_left", "Minutes left", "number"),
    ),
    empty="No adverse event is on record.",
    reading=(
        "As classed by the last that was said of each; severity by CTCAE 1 to 5. The clocks are those of the rules: "
        "all four classes said (AE-01), of a serious one a prescriber told and reported outside where the regime asks "
        "for it (AE-02), an outcome or a plan before the session is closed (AE-04). Minutes left are whole ones, to "
        "the limit of a clock that still runs."
    ),
)
def adverse_event_clocks(asked: Asked) -> Found:
    """One row for each adverse event and clock, in the order of the sessions."""
    findings = asked.findings(
        *dict.fromkeys(rule for rule, _ in _CLOCKS.values()), verdicts=("met", "breached", "pending", "cannot-judge")
    )
    events = [
        (history, each)
        for history in asked.sessions
        for slot in asked.slots(history)
        for each in adverse_events(history, slot)
    ]
    rows = [found for history, each in events for found in _of(history, each, findings)]
    running = [each for each in rows if each.values["verdict"] == "pending"]
    missed = [each for each in rows if each.values["verdict"] == "breached"]
    open_still = [each for _, each in events if latest(each, "outcome") in (None, "pending", "recovering")]
    return Found(
        tuple(rows),
        (
            figure("events", "Adverse events", len(events), everything(_told(each) for _, each in events)),
            figure("open", "Without an outcome", len(open_still), everything(map(_told, open_still))),
            figure("running", "Clocks that run", len(running), everything(each.evidence for each in running)),
            figure("missed", "Clocks not met", len(missed), everything(each.evidence for each in missed)),
        ),
    )


def _of(history: History, each: AdverseEvent, findings: list[Finding]) -> Iterator[Row]:
    clocks = [
        (clock, finding)
        for clock, (rule, ending) in _CLOCKS.items()
        for finding in findings
        if finding.rule == rule and finding.anchor == f"{each.recorded.dig}{ending}"
        if each.serious is not None or clock not in _ONLY_SERIOUS
    ]
    for clock, finding in clocks:
        yield _row(history, each, clock, finding)
    if not clocks:
        yield _row(history, each, None, None)


def _row(history: History, each: AdverseEvent, clock: str | None, finding: Finding | None) -> Row:
    resolved = last([fact for fact in each.told if isinstance(fact.event, AdverseEventResolved)])
    limit = None if finding is None else finding.limit
    runs = finding is not None and finding.verdict == "pending"
    return row(
        [*_told(each), *(() if finding is None else finding.evidence)],
        session=history.session,
        partner=each.slot.upper(),
        noticed=as_instant(each.recorded.at),
        term=_term(each),
        **{name: told(latest(each, name)) for name in ("severity", "seriousness", "relatedness", "outcome")},
        resolved=None if resolved is None else as_instant(resolved.at),
        clock=clock,
        limit=limit,
        done=None if finding is None else finding.made_at,
        verdict=None if finding is None else finding.verdict,
        minutes_left=minutes_over(to_second(limit) - history.as_of) if runs and limit is not None else None,
    )


def _term(each: AdverseEvent) -> str | None:
    event = each.recorded.event
    if not isinstance(event, AdverseEventRecorded):
        return None
    return event.term.why if isinstance(event.term, Gone) else event.term


def _told(each: AdverseEvent) -> tuple[int, ...]:
    return tuple(fact.position for fact in each.told)
