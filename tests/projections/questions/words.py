"""The words of the questions' stories: a day is asked, as of both times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.store.memory import MemoryStore
from projections.compliance.judge import judge
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.reader import Compliance
from projections.findings.register import Register
from projections.questions.answer import Cell, Found
from projections.questions.asked import Asked
from projections.questions.asking import named
from projections.questions.filters import checked
from tests.ledger.clinic import ORIGIN
from tests.projections.rules.day import Day, instant
from tests.projections.rules.day import local as clock


def asked(
    day: Day,
    name: str,
    *,
    as_of: str = "18:00",
    known_at: int | None = None,
    since: str = "",
    unread: Sequence[str] = (),
    **filters: str,
) -> Found:
    """What a question finds in a day, as of an instant and as known at a number of entries; `since` is `from`."""
    filters |= {"from": since} if since else {}
    size = len(day.placed) if known_at is None else known_at
    ledger = LedgerAt(day.known(), size=size, as_of=to_second(instant(as_of)))
    question = named(name)
    compliance = Compliance(MemoryStore(ORIGIN), None)
    compliance._known = ledger.known
    register = Register(compliance)
    found = question.solve(
        Asked(
            ledger,
            checked(question.takes, filters),
            lambda session, _: judge(ledger.session(session)),
            unread,
            lambda sessions: register.of_sessions(ledger, sessions),
        )
    )
    for each in found.rows:
        assert set(each.values) == {column.name for column in question.columns}
        assert each.evidence
        assert all(0 <= position < size for position in each.evidence)
    return found


def told(found: Found, *names: str) -> list[tuple[Any, ...]]:
    """Of each row these cells, an instant as the clock on the wall showed it."""
    return [tuple(_shown(each.values[name]) for name in names) for each in found.rows]


def counted(found: Found, name: str) -> Cell:
    """The figure of this name."""
    return next(each.value for each in found.figures if each.name == name)


def _shown(value: Cell) -> Any:
    return clock(value) if isinstance(value, str) and value.endswith("Z") and value[:4].isdigit() else value
