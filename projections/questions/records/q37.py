"""Question 37: entries that somebody typed for somebody else, and who did it has not signed."""

from __future__ import annotations

from projections.questions.answer import Column, Found, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything


@question(
    "37",
    "Which entries that were written down for somebody else has that person not signed, or not in time?",
    section="records",
    columns=(
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("whose", "Who did it"),
        Column("limit", "To be signed by", "instant"),
        Column("signed", "Signed", "instant"),
        Column("state", "State"),
        Column("sentence", "In words"),
    ),
    empty="Everything that was written down for somebody else is signed.",
    reading="The breaches of SUP-11, and what it still waits for; one that was signed late is told with its time.",
)
def q37(asked: Asked) -> Found:
    """One row for each signature."""
    found = asked.findings("SUP-11", verdicts=("breached", "pending"))
    rows = [
        row(
            each.evidence,
            session=each.session,
            partner=each.slot.upper() or None,
            whose=None if each.staff is None else asked.codes.code(each.staff),
            limit=each.limit,
            signed=each.made_at,
            state="waits" if each.verdict == "pending" else "missing" if each.made_at is None else "signed late",
            sentence=asked.codes.in_words(each.sentence),
        )
        for each in found
    ]
    unsigned = [each for each in rows if each.values["signed"] is None]
    figures = (
        figure("count", "Found", len(rows), everything(each.evidence for each in rows)),
        figure("unsigned", "Not signed", len(unsigned), everything(each.evidence for each in unsigned)),
    )
    return Found(tuple(rows), figures)
