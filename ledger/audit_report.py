"""What an audit found: plain answers, each with its numbers, and the first position that cannot be believed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from ledger.log_keys import LogKey
from ledger.standing import Doubt

Question: TypeAlias = Literal["signatures", "order", "complete", "keys", "content"]
"""
The five questions of an audit.

`signatures`: did the named people sign exactly these bytes?
`order`: is every record's chain unbroken, and did time run forward?
`complete`: is nothing missing, swapped or added against the signed checkpoints?
`keys`: did every key count when it signed?
`content`: is every event and sealed block the one that was signed, and well formed?
"""

QUESTIONS: tuple[Question, ...] = ("signatures", "order", "complete", "keys", "content")

_SPECIFIC_FIRST: tuple[Question, ...] = ("content", "keys", "signatures", "order", "complete")
"""Of several problems at one position, the one that says most about the cause comes first."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not hold, at the first position at which it shows."""

    position: int
    question: Question
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One question's answer: how much was looked at, and the problems found, ascending by position."""

    question: Question
    checked: int
    problems: tuple[Problem, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was found against it."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class AuditReport:
    """
    The result of an audit over `size` entries of one ledger.

    `doubts` are signatures whose keys were later suspected or had been revoked: kept, shown, not invalid by
    themselves. `custody` counts signatures by where their keys are kept. `unread` are events of types this version
    does not know. `log_keys` are those the log names, in order.
    `withheld` counts sealed blocks that were not opened; what was signed names them all the same.
    `erased` counts those that a signed erasure covers, `expired` envelopes whose retention a signed event ended.
    `checkpoints` counts those kept in the log, `held` those that were kept elsewhere: without one of these, a
    tail that was cut off together with its checkpoints leaves no trace.
    `for_persons` are the positions at which somebody signed for a participant, or one on their own record; whether
    they might is told by the records (`ledger.represented`), `unplaced` are those of which nobody can tell any more.
    """

    origin: str
    size: int
    root: bytes
    events: int
    answers: tuple[Answer, ...]
    doubts: tuple[Doubt, ...]
    custody: tuple[tuple[str, int], ...]
    log_keys: tuple[LogKey, ...]
    unread: tuple[int, ...]
    withheld: int
    checkpoints: int
    held: int
    erased: int = 0
    expired: int = 0
    for_persons: tuple[int, ...] = ()
    unplaced: tuple[int, ...] = ()

    @property
    def disputed(self) -> tuple[int, ...]:
        """Positions signed by a key that was later said to be suspect there, ascending."""
        return self._doubted("disputed")

    @property
    def quarantined(self) -> tuple[int, ...]:
        """Positions signed by a key that was revoked already, ascending."""
        return self._doubted("quarantined")

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that was found, the first position first."""
        found = [problem for answer in self.answers for problem in answer.problems]
        return tuple(sorted(found, key=lambda problem: (problem.position, _SPECIFIC_FIRST.index(problem.question))))

    @property
    def first(self) -> Problem | None:
        """The first position that cannot be believed, and why."""
        return self.problems[0] if self.problems else None

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.problems

    def _doubted(self, state: str) -> tuple[int, ...]:
        return tuple(sorted({doubt.position for doubt in self.doubts if doubt.state == state}))

    def with_problem(self, problem: Problem) -> AuditReport:
        """The same report with one more problem, found outside the audit itself."""
        answers = tuple(
            replace(answer, problems=(*answer.problems, problem)) if answer.question == problem.question else answer
            for answer in self.answers
        )
        return replace(self, answers=answers)
