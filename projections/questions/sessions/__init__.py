"""Questions about sessions and supervision, one a file."""

from projections.questions.question import Question
from projections.questions.sessions.q01 import q01
from projections.questions.sessions.q02 import q02
from projections.questions.sessions.q03 import q03
from projections.questions.sessions.q04 import q04
from projections.questions.sessions.q05 import q05
from projections.questions.sessions.q06 import q06
from projections.questions.sessions.q07 import q07
from projections.questions.sessions.q08 import q08
from projections.questions.sessions.q09 import q09
from projections.questions.sessions.q10 import q10
from projections.questions.sessions.q11 import q11
from projections.questions.sessions.q12 import q12
from projections.questions.sessions.q13 import q13
from projections.questions.sessions.q14 import q14
from projections.questions.sessions.q15 import q15
from projections.questions.sessions.q16 import q16
from projections.questions.sessions.q17 import q17
from projections.questions.sessions.q18 import q18
from projections.questions.sessions.q19 import q19

SESSION_QUESTIONS: tuple[Question, ...] = (
    q01,
    q02,
    q03,
    q04,
    q05,
    q06,
    q07,
    q08,
    q09,
    q10,
    q11,
    q12,
    q13,
    q14,
    q15,
    q16,
    q17,
    q18,
    q19,
)
