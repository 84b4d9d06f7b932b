"""The sessions that are open now are found from those that were before, and are those that looking at all finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from projections.runner import Runner
from projections.session_list import sessions
from projections.session_rows import SESSIONS
from projections.snapshot import AsOf
from projections.tables import ViewDatabase
from tests.ledger.chart import void
from tests.ledger.clinic import MD1, PLACE, RN1, SESSION, blank, make, uuid
from tests.projections.anything_said import COUPLES, plan
from tests.projections.test_corrections import Desk

SECOND = f"session/{uuid(63)}"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Desk, ViewDatabase, Runner]]:
    desk, views = Desk(), ViewDatabase(tmp_path / "views.db")
    desk.open()
    yield desk, views, Runner(views, desk.store, desk.subject_keys, (SESSIONS,))
    views.close()


def test_what_is_open_follows_openings_closings_and_what_is_said_of_them(
    desk: tuple[Desk, ViewDatabase, Runner],
) -> None:
    clinic, views, runner = desk
    ended = blank("session-closed/1") | {"stock_balanced": True, "ended_a": "departed", "ended_b": "departed"}
    steps = (
        clinic.opens,
        lambda: clinic.record(plan(COUPLES[0], PLACE), SECOND, (MD1, "performed", "scheduler")),
        lambda: clinic.gives("a", "100"),
        lambda: clinic.record(make("session-closed/1", **ended), SESSION, (RN1, "reviewed", "nurse")),
        lambda: clinic.says(void(clinic.at(clinic.store.head().size - 1)), SESSION, (RN1, "corrected", "nurse")),
    )
    told = []
    for step in steps:
        step()
        runner.catch_up()
        now = [each.session for each in sessions(views, status="open").sessions]
        assert now == [each.session for each in sessions(views).sessions if each.status == "open"]
        then = sessions(views, status="open", as_of=AsOf(known_at=clinic.store.head().size)).sessions
        assert [each.session for each in then] == now
        told.append(len(now))
    assert told == [1, 1, 1, 0, 1]
