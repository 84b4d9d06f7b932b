"""Questions about adverse events and follow-up, one a file."""

from projections.questions.adverse.q20 import q20
from projections.questions.adverse.q21 import q21
from projections.questions.adverse.q22 import q22
from projections.questions.adverse.q23 import q23
from projections.questions.question import Question

ADVERSE_QUESTIONS: tuple[Question, ...] = (
    q20,
    q21,
    q22,
    q23,
)
