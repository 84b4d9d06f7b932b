"""Question 10: people released below the scores or above the limits."""

from __future__ import annotations

from projections.questions.answer import Found
from projections.questions.asked import Asked
from projections.questions.breaches import COLUMNS, breaches
from projections.questions.question import question


@question(
    "10",
    "Who was released below the recovery scores, or with values outside the limits?",
    section="sessions",
    columns=COLUMNS,
    empty="Nobody was released below the scores or outside the limits.",
    reading=(
        "The breaches of REL-02 (values), REL-03 (recovery score) and REL-04 (themselves again); "
        "scores and limits are the protocol's."
    ),
)
def q10(asked: Asked) -> Found:
    """One row for each breach."""
    return breaches(asked, "REL-02", "REL-03", "REL-04")
