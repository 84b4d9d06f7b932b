"""Question 1: who was released, or left, before the minimum observation since the last dose was over."""

from __future__ import annotations

from projections.compliance.moments import minutes, to_second
from projections.questions.answer import Column, Found, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question

_MINUTE = minutes(1)


@question(
    "1",
    "Which releases or departures came before the minimum observation since that person's last dose was over, "
    "and by how many minutes?",
    section="sessions",
    columns=(
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("acted_at", "Released or left", "instant"),
        Column("earliest", "Earliest moment", "instant"),
        Column("minutes_short", "Minutes short", "number"),
        Column("declared", "Overridden beforehand", "yes-no"),
        Column("sentence", "In words"),
    ),
    empty="Nobody was released or left before the minimum observation was over.",
    reading="The breaches of REL-01; a minute begun counts as a whole minute short.",
)
def q01(asked: Asked) -> Found:
    """One row for each person and session, the first act that came too early."""
    findings = asked.findings("REL-01")
    unread = asked.findings("REL-01", verdicts=("cannot-judge",))
    rows = [
        row(
            each.evidence,
            session=each.session,
            partner=each.slot.upper(),
            acted_at=each.made_at,
            earliest=each.due,
            minutes_short=_short(each.due, each.made_at),
            declared=each.declared_by is not None,
            sentence=each.sentence,
        )
        for each in findings
    ]
    notes = [f"{len(unread)} cannot be judged: what they rest on cannot be read."] if unread else []
    evidence = [position for each in findings for position in each.evidence]
    return Found(tuple(rows), (figure("count", "Releases or departures too early", len(rows), evidence),), tuple(notes))


def _short(due: str | None, made_at: str | None) -> int | None:
    if due is None or made_at is None:
        return None
    length = to_second(due) - to_second(made_at)
    return -(-length // _MINUTE)
