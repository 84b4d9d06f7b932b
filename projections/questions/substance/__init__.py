"""Questions about controlled drugs, one a file."""

from projections.questions.question import Question

SUBSTANCE_QUESTIONS: tuple[Question, ...] = ()
