"""Question 2: sessions without a blood pressure in the window after the first dose."""

from __future__ import annotations

from projections.questions.answer import Found
from projections.questions.asked import Asked
from projections.questions.breaches import COLUMNS, breaches
from projections.questions.question import question


@question(
    "2",
    "In which sessions was no blood pressure taken in the window after the first dose?",
    section="sessions",
    columns=COLUMNS,
    empty="A blood pressure stands in the window of every dosed person.",
    reading=(
        "The breaches of SUP-06; the window is the protocol's, by default 30 to 50 minutes after the first dose [D]."
    ),
)
def q02(asked: Asked) -> Found:
    """One row for each breach."""
    return breaches(asked, "SUP-06")
