"""Questions about the record itself, one a file: lateness, corrections, access, disclosure, keys, retention."""

from projections.questions.question import Question
from projections.questions.records.q34 import q34
from projections.questions.records.q35 import q35
from projections.questions.records.q36 import q36
from projections.questions.records.q37 import q37
from projections.questions.records.q38 import q38
from projections.questions.records.q39 import q39
from projections.questions.records.q40 import q40
from projections.questions.records.q41 import q41
from projections.questions.records.q42 import q42
from projections.questions.records.q43 import q43
from projections.questions.records.q44 import q44
from projections.questions.records.q45 import q45
from projections.questions.records.q46 import q46
from projections.questions.records.q47 import q47
from projections.questions.records.q48 import q48
from projections.questions.records.q49 import q49
from projections.questions.records.q50 import q50
from projections.questions.records.q51 import q51
from projections.questions.records.q52 import q52

RECORD_QUESTIONS: tuple[Question, ...] = (
    q34,
    q35,
    q36,
    q37,
    q38,
    q39,
    q40,
    q41,
    q42,
    q43,
    q44,
    q45,
    q46,
    q47,
    q48,
    q49,
    q50,
    q51,
    q52,
)
