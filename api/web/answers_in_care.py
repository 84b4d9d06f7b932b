"""
What of a question's answer somebody may see: who reads by office all of it, who treats people what is of theirs.

An answer about sessions loses the rows of those that are not open to the reader (`api.web.care`) and says how many;
its figures stay, because they name nobody. An answer that names people or records beside sessions is for those whose
work is the record. What is about nobody, or about staff and places, is for every reader.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal, TypeAlias

from api.web.callers import Caller
from api.web.care import BY_OFFICE, Glass
from ledger.errors import Refused
from projections.questions.answer import Answer
from projections.questions.question import Question

Reach: TypeAlias = Literal["its-sessions", "by-office", "every-reader"]

_BY_OFFICE: Final = frozenset({"records", "substance"})
"""Sections that are about whole records and stocks, and not about one couple's care."""


def reach_of(question: Question) -> Reach:
    """Whose answer it is, by what stands in its columns."""
    names = {column.name for column in question.columns}
    if "session" in names:
        return "its-sessions"
    return "by-office" if question.section in _BY_OFFICE or "person" in names else "every-reader"


def check_reach(question: Question, caller: Caller) -> None:
    """
    Pass when somebody may ask this question at all.

    Raises:
        Refused: `not-by-office`.
    """
    if reach_of(question) == "by-office" and BY_OFFICE.isdisjoint(caller.roles):
        raise Refused(
            "not-by-office",
            "This question is about people whom you may not treat.",
            remedy=f"Somebody asks it by office: {', '.join(sorted(BY_OFFICE))}.",
        )


def in_their_care(answer: Answer, question: Question, caller: Caller, glass: Glass) -> Answer:
    """The answer with the rows of sessions that are open to its reader; costs one look for each of its sessions."""
    if reach_of(question) != "its-sessions":
        return answer
    sessions = {str(row.values["session"]) for row in answer.rows if row.values["session"]}
    closed = {each for each in sessions if not glass.is_open(caller, "/".join(each.split("/")[:2]))}
    rows = tuple(row for row in answer.rows if row.values["session"] not in closed)
    if len(rows) == len(answer.rows):
        return answer
    hidden = f"Not shown: {len(answer.rows) - len(rows)} of sessions that are not in your care, as far as is known."
    return replace(answer, rows=rows, notes=(*answer.notes, hidden))
