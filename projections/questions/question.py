"""
A question: its number or name, the sentence, the filters it takes, its columns, and the function that answers.

    @question("1", "Which releases or departures came before the minimum observation was over?", …)
    def short_observation(asked: Asked) -> Found: …

Numbers are those of the auditors' questions; a view has a name instead, such as `release-register`.
The words given here are the question's page: `docs/questions.md` is made from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from projections.questions.answer import Column, Found
from projections.questions.asked import Asked

Solve: TypeAlias = Callable[[Asked], Found]
Section: TypeAlias = Literal["sessions", "adverse", "stock", "records", "views"]

SESSIONS = ("from", "to", "location", "session", "couple", "person")
"""The filters by which sessions are chosen (`Asked.sessions`)."""


@dataclass(frozen=True, slots=True)
class Question:
    """
    One question.

    `takes` are its filters; `empty` is what an answer without rows says; `reading` says how the question was read
    where that is not plain. `view` is the name of the view it is as well, such as `dispensing-log`.
    """

    name: str
    title: str
    section: Section
    columns: tuple[Column, ...]
    takes: tuple[str, ...]
    empty: str
    reading: str
    solve: Solve
    view: str = ""


def question(
    name: str,
    title: str,
    *,
    section: Section,
    columns: tuple[Column, ...],
    takes: tuple[str, ...] = SESSIONS,
    empty: str = "None.",
    reading: str = "",
    view: str = "",
) -> Callable[[Solve], Question]:
    """The decorator that makes a question of its function."""
    return lambda solve: Question(name, title, section, columns, takes, empty, reading, solve, view)
