"""Questions about controlled drugs: where every mg went, who gave it, wasted it, counted it, and what is missing."""

from __future__ import annotations

from typing import Final

from projections.questions.question import Question
from projections.questions.stock.q24 import q24
from projections.questions.stock.q25 import q25
from projections.questions.stock.q26 import q26
from projections.questions.stock.q27 import q27

STOCK_QUESTIONS: Final[tuple[Question, ...]] = (q24, q25, q26, q27)
