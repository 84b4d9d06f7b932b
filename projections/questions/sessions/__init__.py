"""Questions about sessions and supervision, one a file."""

from projections.questions.question import Question
from projections.questions.sessions.q01 import q01

SESSION_QUESTIONS: tuple[Question, ...] = (q01,)
