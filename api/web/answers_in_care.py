"""
What of a question's answer somebody may see: who reads by office all of it, who treats people what is of theirs.

An answer about sessions loses the rows of those that are not open to the reader (`api.web.care`) and says how many;
its figures stay, because they name nobody; those about one member of staff are read by office. It loses rows about
somebody's own record beside sessions as well. An answer that names people or records beside sessions is for those
whose work is the record. What is about nobody, or about staff, places and stock, is for every reader.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal, TypeAlias

from api.web.callers import READERS, Caller
from api.web.care import BY_OFFICE, Glass
from ledger.errors import Refused
from projections.questions.answer import OF_STAFF, Answer, Row
from projections.questions.called import records_in
from projections.questions.question import Question

Reach: TypeAlias = Literal["its-sessions", "by-office", "every-reader"]


_FOR_READERS: Final = frozenset({"sessions", "adverse", "stock", "views"})
"""Sections of care and stock; any other is about whole records."""


def reach_of(question: Question) -> Reach:
    """Whose answer it is, by what stands in its columns."""
    names = {column.name for column in question.columns}
    if "session" in names:
        return "its-sessions"
    return "every-reader" if question.section in _FOR_READERS and "person" not in names else "by-office"


def check_reach(question: Question, caller: Caller) -> None:
    """
    Pass when somebody may ask this question at all.

    Raises:
        Refused: `not-by-office`.
    """
    is_reader = any(role in (READERS.roles or ()) for role in caller.roles)
    by_office = reach_of(question) == "by-office" or (question.section != "stock" and not is_reader)
    if by_office and BY_OFFICE.isdisjoint(caller.roles):
        raise Refused(
            "not-by-office",
            "This question is about people whom you may not treat.",
            remedy=f"Somebody asks it by office: {', '.join(sorted(BY_OFFICE))}.",
        )


def in_their_care(answer: Answer, question: Question, caller: Caller, glass: Glass) -> Answer:
    """The answer with the rows of sessions that are open to its reader; costs one look for each of its sessions."""
    if reach_of(question) != "its-sessions":
        return answer
    if BY_OFFICE.isdisjoint(caller.roles):
        answer = replace(answer, figures=tuple(each for each in answer.figures if not each.name.startswith(OF_STAFF)))
    records = {each: glass.is_open(caller, each) for each in map(_whose, answer.rows) if each}
    rows = tuple(row for row in answer.rows if records.get(_whose(row), True))
    if len(rows) == len(answer.rows):
        return answer
    hidden = f"Not shown: {len(answer.rows) - len(rows)} of sessions that are not in your care, as far as is known."
    left = {each: answer.called[each] for each in records_in(answer.columns, rows) if each in answer.called}
    return replace(answer, rows=rows, notes=(*answer.notes, hidden), called=left)


def _whose(row: Row) -> str:
    """The session that a row is about, or the person whose own record; empty for anything else."""
    session, about = str(row.values["session"] or ""), str(row.values.get("about") or "")
    return "/".join(session.split("/")[:2]) or (about if about.startswith("person/") else "")
