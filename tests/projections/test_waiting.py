"""Readers who wait for what was written, and several who follow at once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ledger.errors import Conflict, Refused
from ledger.reading import PlacedEvent
from projections import VIEWS
from projections.runner import Runner
from projections.session_timeline import timeline
from projections.tables import ViewDatabase
from projections.view import Statement
from tests.ledger.clinic import SESSION
from tests.projections.counting import Counting
from tests.projections.house import busy_day, digests
from tests.projections.small_views import a_view


def test_whoever_waits_reads_what_was_just_written_though_nobody_woke_anybody() -> None:
    house = busy_day()
    database, runner = house.views()
    position = house.looks_at("a", 111, 71)

    reached = runner.wait_for(position + 1, timeout=5)

    assert reached >= position + 1
    assert "BP 111/71" in timeline(database, SESSION).rows[-1].phrase


def test_a_reader_waits_while_another_thread_writes_and_follows(tmp_path: Path) -> None:
    house = busy_day()
    database, runner = house.views(tmp_path / "views.db")
    stopped = threading.Event()
    follower = threading.Thread(target=runner.follow, args=(stopped, 60.0))
    follower.start()
    try:
        seen = []
        for systolic in range(100, 110):
            position = house.looks_at("a", systolic)
            runner.wake()
            runner.wait_for(position + 1, timeout=30)
            seen.append(timeline(database, SESSION).rows[-1].phrase)
    finally:
        stopped.set()
        runner.wake()
        follower.join()
        database.close()

    assert [phrase.split("/")[0] for phrase in seen] == [f"BP {systolic}" for systolic in range(100, 110)]


def test_waiting_for_what_was_never_written_ends_with_a_conflict() -> None:
    house = busy_day()
    _, runner = house.views()

    with pytest.raises(Conflict) as caught:
        runner.wait_for(house.store.head().size + 1, timeout=0)

    assert caught.value.code == "view-behind"


def test_waiting_for_a_parked_view_is_refused_with_the_position() -> None:
    def fails(placed: PlacedEvent) -> list[Statement]:
        raise ValueError

    house = busy_day()
    _, runner = house.views(views=[a_view(fails), VIEWS[0]])

    with pytest.raises(Refused) as caught:
        runner.wait_for(house.store.head().size, timeout=1, name="doses")

    assert caught.value.code == "view-parked"
    assert runner.wait_for(house.store.head().size, timeout=1, name=VIEWS[0].name) == house.store.head().size
    with pytest.raises(Refused, match="no view called"):
        runner.wait_for(1, timeout=0, name="nobody")


def test_two_processes_may_follow_into_one_database(tmp_path: Path) -> None:
    house = busy_day()
    one, other = (house.views(tmp_path / "views.db", batch=3) for _ in range(2))

    threads = [threading.Thread(target=runner.catch_up) for _, runner in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {at.reached for at in one[1].positions()} == {house.store.head().size}
    assert digests(one[0]) == digests(house.seen())


def test_a_batch_that_another_process_took_in_meanwhile_is_not_written_twice(tmp_path: Path) -> None:
    house = busy_day()
    other = house.views(tmp_path / "views.db")[1]
    store = Counting(house)
    store.before_rows = other.catch_up
    database = ViewDatabase(tmp_path / "views.db")

    Runner(database, store, house.subject_keys, VIEWS).catch_up()  # type: ignore[arg-type]

    assert [(at.reached, at.fault) for at in other.positions()] == [(house.store.head().size, None)] * len(VIEWS)
    assert digests(database) == digests(house.seen())
