"""Questions about adverse events and follow-up, one a file."""

from projections.questions.question import Question

ADVERSE_QUESTIONS: tuple[Question, ...] = ()
