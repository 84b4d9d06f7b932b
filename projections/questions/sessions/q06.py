"""Question 6: sessions whose prescriber was neither on the site nor answering."""

from __future__ import annotations

from projections.questions.answer import Found
from projections.questions.asked import Asked
from projections.questions.breaches import COLUMNS, breaches
from projections.questions.question import question


@question(
    "6",
    "In which sessions was the prescriber neither on the site nor reachable?",
    section="sessions",
    columns=COLUMNS,
    empty="A prescriber was there, or answered, in every session.",
    reading="The breaches of SUP-04.",
)
def q06(asked: Asked) -> Found:
    """One row for each breach."""
    return breaches(asked, "SUP-04")
