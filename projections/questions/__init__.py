"""
The questions of auditors, by number, and the views of a clinic, by name: each one a function, and where it is listed.

A question reads the ledger as it stood and answers with rows, each with the signed events behind it.
"""

from projections.questions.adverse import ADVERSE_QUESTIONS
from projections.questions.question import Question
from projections.questions.records import RECORD_QUESTIONS
from projections.questions.sessions import SESSION_QUESTIONS
from projections.questions.stock import STOCK_QUESTIONS
from projections.questions.views import VIEW_QUESTIONS

QUESTIONS: tuple[Question, ...] = (
    *SESSION_QUESTIONS,
    *ADVERSE_QUESTIONS,
    *STOCK_QUESTIONS,
    *RECORD_QUESTIONS,
    *VIEW_QUESTIONS,
)
"""Every question, in the order of the auditors' list, then the views."""
