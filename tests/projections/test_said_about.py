"""Only what was said about the entries of an answer is read for it, and the answer is the one that all of it gives."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger.follow import place
from projections import VIEWS
from projections.couple_history import couple_history
from projections.couple_history_rows import COUPLE_HISTORY
from projections.names import Names
from projections.own_medication import container
from projections.pending import pending
from projections.runner import Runner
from projections.search import search
from projections.search_rows import SEARCH
from projections.search_ties import planned, tied
from projections.session_list import sessions
from projections.session_rows import SESSIONS
from projections.session_timeline import timeline
from projections.snapshot import END_OF_TIME, Snapshot
from projections.stock_rows import STOCK
from projections.tables import ViewDatabase
from projections.view import View
from tests.ledger.chart import Chart, correction
from tests.ledger.clinic import COUPLE, MD1, OWN_A, PLACE, RN1, SESSION, check, uuid
from tests.projections.anything_said import (
    BOTTLES,
    COUPLES,
    PEOPLE,
    PLACES,
    SESSIONS_OF,
    STEPS,
    TIMES,
    Step,
    couple,
    plan,
    played,
)
from tests.projections.house import OWN_B, House


@contextmanager
def kept(chart: Chart, view: View) -> Iterator[sqlite3.Connection]:
    """A view of this history."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    view.create(connection, 1)
    for placed in chart.placed:
        for statement in view.statements(placed):
            connection.execute(view.sql(statement.sql, 1), statement.parameters)
    yield connection
    connection.close()


def _rows(rows: list[sqlite3.Row]) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in rows]


Asked = Callable[[Snapshot], object]


def narrow_questions(view: View, size: int) -> Iterator[Asked]:
    """Everything that answers ask of these views."""
    yield from (lambda seen, at=each: seen.standing(at) for each in range(size))
    if view is STOCK:
        yield from (_facts("fact", "container = ?", bottle, struck=True) for bottle in BOTTLES)
    if view is SEARCH:
        yield from (lambda seen, who=person: set(tied(seen, who)) for person in PEOPLE)
        for kind, named in (("couple", COUPLES), ("location", PLACES)):
            yield from (lambda seen, of=kind, it=each: set(planned(seen, of, it)) for each in named)
        return
    for each in COUPLES:
        yield _facts("session", "couple = ?", each)
        yield lambda seen, of=each: Names(seen).code(of)  # type: ignore[misc]
    yield lambda seen: Names(seen).codes("couple")
    if view is SESSIONS:
        yield lambda seen: _rows(seen.facts("session", fixed=True))
        yield from (_facts("session", "location = ?", place) for place in PLACES)
        for session in SESSIONS_OF:
            yield _facts("row", "session IN (SELECT value FROM json_each(?))", json.dumps([session]), struck=True)
            yield lambda seen, of=session: seen.lacking(of)  # type: ignore[misc]
    for session in SESSIONS_OF:
        table = {SESSIONS: "row"}.get(view, "fact")
        yield from (_facts(table, "session = ?", session, struck=struck) for struck in (False, True))


def _facts(table: str, where: str, parameter: str, *, struck: bool = False) -> Asked:
    return lambda seen: _rows(seen.facts(table, where, parameter, struck=struck))


@example([("dose", 1, 0, 0), ("key", 2, 0, 1)], 0, END_OF_TIME)
@given(STEPS, st.integers(0, 30), st.sampled_from((END_OF_TIME, *TIMES)))
@settings(max_examples=20, deadline=None)
def test_a_narrow_question_gets_the_rows_that_everything_ever_said_gives(
    steps: list[Step], back: int, until: str
) -> None:
    chart = played(steps)
    position = max(1, len(chart.placed) - back)
    for view in (SESSIONS, COUPLE_HISTORY, STOCK, SEARCH):
        with kept(chart, view) as connection:
            for ask in narrow_questions(view, len(chart.placed)):
                narrow, whole = (Snapshot(connection, view, 1, position, until) for _ in range(2))
                whole.said_about.everything()
                assert ask(narrow) == ask(whole)
                narrow.close()
                whole.close()


@given(STEPS, st.integers(0, 3), st.integers(1, 5), st.sampled_from((END_OF_TIME, *TIMES)))
@settings(max_examples=20, deadline=None)
def test_pages_of_a_search_are_those_that_everything_ever_said_gives(
    steps: list[Step], start: int, limit: int, until: str
) -> None:
    chart = played(steps)
    term = "position IN (SELECT position FROM [term] WHERE value = ? AND kind = ?)"
    asked: list[tuple[str, tuple[str, ...]]] = [
        ("type = ?", ("dose-administered/1",)),
        (term, (OWN_B, "container")),
        (term, (COUPLES[1], "couple")),
    ]
    with kept(chart, SEARCH) as connection:
        for where, parameters in asked:
            narrow, whole = (Snapshot(connection, SEARCH, 1, len(chart.placed), until) for _ in range(2))
            narrow.said_about.naming(parameters)
            whole.said_about.everything()
            found, expected = (
                _rows(each.recorded("row", where, *parameters, start=start, limit=limit)) for each in (narrow, whole)
            )
            assert found == expected
            narrow.close()
            whole.close()


# -- how much is read -----------------------------------------------------------------------------------


class Clinics(House):
    """A clinic in whose other sessions entries are corrected, one after another."""

    others = 0

    def corrected_elsewhere(self, count: int) -> None:
        for _ in range(count):
            self.others += 1
            session = f"session/{uuid(7000 + self.others)}"
            slot = f"{session}/a"
            self.record(plan(COUPLES[1], PLACE), session, (MD1, "performed", "scheduler"))
            self.record(check(), slot, (RN1, "performed", "nurse"))
            (row,) = self.store.stream_rows(slot)
            fields = correction(
                place(self.store, row, self.subject_keys), clinical=[("blood_pressure.systolic", 128, 126)]
            )
            self.record(fields, slot, (RN1, "corrected", "nurse"))


QUESTIONS: Final[dict[str, Callable[[ViewDatabase], object]]] = {
    "timeline": lambda views: timeline(views, SESSION),
    "course": lambda views: couple_history(views, COUPLE),
    "sessions of a couple": lambda views: sessions(views, couple=COUPLE),
    "container": lambda views: container(views, OWN_A),
    "search in a session": lambda views: search(views, {"session": SESSION, "type": "supervision-checked"}),
    "search by container": lambda views: search(views, {"container": OWN_A}),
    "pending in a session": lambda views: pending(views, session=SESSION),
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[int]]:
    """The steps that SQLite takes for each question, among few corrections elsewhere and among many."""
    clinic = Clinics()
    clinic.open()
    clinic.opens()
    clinic.record(couple(1), COUPLES[1], (MD1, "performed", "registrar"))
    clinic.hands_in("a")
    clinic.gives("a", "100")
    views = ViewDatabase(tmp_path_factory.mktemp("read") / "views.db")
    runner = Runner(views, clinic.store, clinic.subject_keys, VIEWS)
    found: dict[str, list[int]] = {}
    for more in (2, 58):
        clinic.corrected_elsewhere(more)
        runner.catch_up()
        for name, ask in QUESTIONS.items():
            found.setdefault(name, []).append(_steps(views, lambda ask=ask: ask(views)))  # type: ignore[misc]
    views.close()
    return found


def _steps(views: ViewDatabase, ask: Callable[[], object]) -> int:
    taken = 0

    def one() -> None:
        nonlocal taken
        taken += 1

    with views.reading() as connection:
        pass
    connection.set_progress_handler(one, 1)
    try:
        ask()
    finally:
        connection.set_progress_handler(None, 1)
    return taken


@pytest.mark.parametrize("name", QUESTIONS)
def test_corrections_in_other_sessions_cost_an_answer_nothing(read: dict[str, list[int]], name: str) -> None:
    few, many = read[name]

    assert few > 50
    assert many == few
