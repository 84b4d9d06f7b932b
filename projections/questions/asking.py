"""Asking a question of a ledger: by its number or name, with filters, as of both times."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ledger.encoding import to_instant
from ledger.errors import Refused
from projections.compliance.reader import Compliance
from projections.findings.register import Register
from projections.questions import QUESTIONS
from projections.questions.answer import Answer
from projections.questions.asked import Asked
from projections.questions.called import called, zone_of_all
from projections.questions.filters import checked
from projections.questions.question import Question
from projections.snapshot import NOW, AsOf


def named(name: str) -> Question:
    """
    The question of this number or name.

    Raises:
        Refused: `not-found`.
    """
    found = next((each for each in QUESTIONS if name and name in (each.name, each.view)), None)
    if found is None:
        raise Refused(
            "not-found",
            f"There is no question {name}.",
            field="question",
            remedy="Ask for the list: session-ledger ask, or GET /v1/questions.",
        )
    return found


def ask(
    compliance: Compliance,
    name: str,
    filters: Mapping[str, str],
    *,
    now: str,
    when: AsOf = NOW,
    unread: Collection[str] = (),
    register: Register | None = None,
) -> Answer:
    """
    The answer to a question; `now` is the instant it is about where `when` names none.

    `unread` are rules whose findings are not for who asks: a view of tasks says nothing of them.
    `register` is one over the same reader of the rules that remembers what it was asked; else the past is judged anew.

    Raises:
        Refused: `not-found` (question, or a record that a filter names), `unknown-filter`, `not-known-yet`.
        Invalid: `filter-value`, `instant`, `naive-time`.
    """
    question = named(name)
    asked_for = checked(question.takes, filters)
    ledger = compliance.at(as_of=when.happened_up_to or now, known_at=when.known_at)
    known = register or Register(compliance)
    found = question.solve(
        Asked(
            ledger,
            asked_for,
            lambda session, rules: compliance.judged(ledger, session, rules),
            unread,
            lambda sessions: known.of_sessions(ledger, sessions),
            compliance.rules,
        )
    )
    return Answer(
        name=question.name,
        title=question.title,
        filters=asked_for.values,
        position=ledger.size,
        as_of=to_instant(ledger.as_of),
        columns=question.columns,
        rows=found.rows,
        figures=found.figures,
        notes=found.notes,
        called=called(ledger, question.columns, found.rows),
        zone=zone_of_all(ledger),
    )
