"""Questions about controlled drugs: where every mg went, who gave it, wasted it, counted it, and what is missing."""

from __future__ import annotations

from typing import Final

from projections.questions.question import Question
from projections.questions.stock.q24 import q24
from projections.questions.stock.q25 import q25
from projections.questions.stock.q26 import q26
from projections.questions.stock.q27 import q27
from projections.questions.stock.q28 import q28
from projections.questions.stock.q29 import q29
from projections.questions.stock.q30 import q30
from projections.questions.stock.q31 import q31
from projections.questions.stock.q32 import q32
from projections.questions.stock.q33 import q33

STOCK_QUESTIONS: Final[tuple[Question, ...]] = (q24, q25, q26, q27, q28, q29, q30, q31, q32, q33)
