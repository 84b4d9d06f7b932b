"""Question 18: handovers that one side did not sign."""

from __future__ import annotations

from projections.questions.answer import Found
from projections.questions.asked import Asked
from projections.questions.breaches import COLUMNS, breaches
from projections.questions.question import question


@question(
    "18",
    "Which handovers are unsigned on one side?",
    section="sessions",
    columns=COLUMNS,
    empty="Every handover is signed by both.",
    reading="The breaches of SUP-10.",
)
def q18(asked: Asked) -> Found:
    """One row for each breach."""
    return breaches(asked, "SUP-10")
