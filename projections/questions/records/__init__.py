"""Questions about the record itself, one a file."""

from projections.questions.question import Question

RECORD_QUESTIONS: tuple[Question, ...] = ()
