"""Question 5: sessions in which one monitor watched more dosed people than allowed, at retreats too."""

from __future__ import annotations

from ledger.events.authority import LocationRegistered
from projections.compliance.finding import Finding
from projections.compliance.moments import to_second
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, minutes_begun, unread_note


@question(
    "5",
    "In which sessions did a monitor watch more dosed people than allowed, at clinics and at retreats?",
    section="sessions",
    columns=(
        Column("session", "Session", "record"),
        Column("place", "Place"),
        Column("kind", "Kind"),
        Column("monitor", "Monitor"),
        Column("start", "Too many from", "instant"),
        Column("end", "To", "instant"),
        Column("minutes", "Minutes", "number"),
        Column("declared", "Overridden beforehand", "yes-no"),
        Column("sentence", "In words"),
    ),
    empty="No monitor watched more dosed people than allowed.",
    reading=(
        "The breaches of SUP-03, which counts over all sessions at a place, also the couples of a retreat, and stands "
        "with the session in which it began. A minute begun counts as a whole minute; what is still so lasts up to the "
        "moment of the question."
    ),
)
def q05(asked: Asked) -> Found:
    """One row for each monitor and stretch, in the order of the sessions."""
    rows = [_of(asked, each) for each in asked.findings("SUP-03")]
    unread = asked.findings("SUP-03", verdicts=("cannot-judge",))
    evidence = everything(each.evidence for each in rows)
    notes = unread_note(len(unread), "how many were allowed")
    return Found(tuple(rows), (figure("count", "Found", len(rows), evidence),), notes)


def _of(asked: Asked, finding: Finding) -> Row:
    history = asked.ledger.session(finding.session)
    end = history.as_of if finding.made_at is None else to_second(finding.made_at)
    return row(
        finding.evidence,
        session=finding.session,
        place=None if history.location is None else asked.codes.code(history.location),
        kind=_kind(asked, history.location),
        monitor=None if finding.staff is None else asked.codes.code(finding.staff),
        start=finding.limit,
        end=finding.made_at,
        minutes=None if finding.limit is None else minutes_begun(end - to_second(finding.limit)),
        declared=finding.declared_by is not None,
        sentence=asked.codes.in_words(finding.sentence),
    )


def _kind(asked: Asked, location: str | None) -> str | None:
    kinds = [
        fact.event.kind for fact in asked.ledger.registered(location) if isinstance(fact.event, LocationRegistered)
    ]
    return kinds[-1] if kinds else None
