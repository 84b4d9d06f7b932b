"""Questions over generated sessions: the clean ones have nothing to answer for, and one thing put wrong is found."""

from __future__ import annotations

import pytest

from projections.questions import QUESTIONS
from projections.questions.question import Question
from tests.projections.generated import (  # noqa: F401  # they list themselves
    as_records,
    before_it_begins,
    going_home,
    in_the_stock,
    while_watched,
)
from tests.projections.generated.clean import clean
from tests.projections.generated.seeding import VIOLATIONS, Violation, seeded
from tests.projections.questions.words import asked, counted

NOTHING_WRONG = (
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "8",
    "9",
    "10",
    "18",
    "23",
    "29",
    "31",
    "32",
    "36",
    "37",
    "39",
    "40",
    "45",
    "46",
    "47",
)
"""Questions that have no row where nothing is wrong."""

COUNTED = {
    "7": "undecided",
    "11": "concerns",
    "16": "too_long",
    "19": "retired",
    "21": "missed",
    "27": "count",
    "28": "overdue",
    "30": "count",
    "33": "count",
    "34": "late",
    "35": "changed",
    "43": "doubted",
    "44": "uncertain",
    "adverse-events": "missed",
    "course-progress": "beyond",
    "staff-credentials": "not_valid",
    "supervision-coverage": "too_long",
}
"""Questions that have rows all the same, and the figure that is zero then."""

ASKED_BY = {
    "AE-02": ("21", "missed"),
    "CS-03": ("28", "overdue"),
    "CS-07": ("29", "count"),
    "CS-08": ("30", "count"),
    "CS-12": ("32", "count"),
    "ELIG-02": ("4", "count"),
    "FU-01": ("23", "missed"),
    "ORD-01": ("8", "count"),
    "ORD-02": ("8", "count"),
    "PRE-02": ("7", "undecided"),
    "PRE-06": ("9", "count"),
    "REC-09": ("45", "open"),
    "REL-01": ("1", "count"),
    "REL-02": ("10", "count"),
    "REL-03": ("10", "count"),
    "REL-04": ("10", "count"),
    "REL-08": ("11", "concerns"),
    "REL-11": ("12", "count"),
    "SUP-01": ("3", "count"),
    "SUP-02": ("4", "count"),
    "SUP-03": ("5", "count"),
    "SUP-04": ("6", "count"),
    "SUP-06": ("2", "count"),
    "SUP-10": ("18", "count"),
    "SUP-11": ("37", "unsigned"),
}
"""Which question finds a violation of a rule, in which figure."""


@pytest.mark.parametrize("seed", range(12))
def test_a_clean_session_has_nothing_to_answer_for(seed: int) -> None:
    day = clean(seed)
    end = day.end()

    for name in NOTHING_WRONG:
        assert asked(day, name, as_of=end).rows == (), f"question {name}"
    for name, figure in COUNTED.items():
        assert counted(asked(day, name, as_of=end), figure) == 0, f"question {name}"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.name)
def test_every_question_can_be_asked_at_every_moment_of_a_session(question: Question) -> None:
    day = clean(3, "staggered", "redose")

    for size in range(0, len(day.placed) + 1, 7):
        asked(day, question.name, as_of=day.end(), known_at=size)


@pytest.mark.parametrize(
    "violation", [each for each in VIOLATIONS if each.rule in ASKED_BY], ids=lambda violation: violation.name
)
def test_what_was_put_wrong_is_found_by_the_question_about_it(violation: Violation) -> None:
    name, figure = ASKED_BY[violation.rule]
    case = seeded(violation, 0)

    assert counted(asked(case.day, name, as_of=case.day.end()), figure) not in (None, 0)
