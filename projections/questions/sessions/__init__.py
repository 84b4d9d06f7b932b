"""Questions about sessions and supervision, one a file."""

from projections.questions.question import Question
from projections.questions.sessions.q01 import q01
from projections.questions.sessions.q02 import q02
from projections.questions.sessions.q06 import q06
from projections.questions.sessions.q10 import q10
from projections.questions.sessions.q18 import q18

SESSION_QUESTIONS: tuple[Question, ...] = (q01, q02, q06, q10, q18)
