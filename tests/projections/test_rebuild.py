"""Building views again: the same rows from zero, beside the old ones, and never half of them."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.errors import Conflict, Refused
from ledger.reading import PlacedEvent
from projections import VIEWS
from projections.runner import Runner
from projections.session_rows import SESSIONS
from projections.session_timeline import timeline
from projections.tables import ViewDatabase
from projections.view import Statement, View
from tests.ledger.clinic import BEN, OWN_A, SESSION, SLOT_B
from tests.projections.house import OWN_B, House, busy_day, digests

SLOTS = st.sampled_from(["a", "b"])
BOTTLES = st.sampled_from([OWN_A, OWN_B])
HAPPENINGS = st.one_of(
    st.tuples(st.just("gives"), SLOTS, st.sampled_from(["100", "50", "33.3", "12.345"]), BOTTLES),
    st.tuples(st.just("hands_in"), SLOTS, st.sampled_from(["10", "0.5"]), st.sampled_from(["100", "300"]), BOTTLES),
    st.tuples(st.just("hands_back"), SLOTS, st.sampled_from(["0", "7.125"]), BOTTLES),
    st.tuples(st.just("looks_at"), SLOTS, st.integers(70, 230), st.integers(35, 69)),
    st.tuples(st.just("declines"), SLOTS),
    st.tuples(st.just("arrives"), SLOTS),
    st.tuples(st.just("hands_over"), st.sampled_from([("a",), ("b",), ("a", "b"), ()])),
    st.tuples(st.just("comes_to"), st.just("peak"), st.sampled_from([("a",), ("b",), ("a", "b")])),
    st.tuples(st.just("lets_know"), SLOTS),
    st.tuples(st.just("heads")),
)
FOLLOWING = st.one_of(
    st.tuples(st.just("follow"), st.integers(0, 12)),
    st.tuples(st.just("reopen"), st.integers(1, 9)),
    st.tuples(st.just("rebuild"), st.sampled_from([view.name for view in VIEWS])),
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(HAPPENINGS, FOLLOWING), max_size=40))
def test_following_live_in_any_batches_and_building_from_zero_give_the_same_rows(steps: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = House()
        house.open()
        database, runner = house.views(Path(folder) / "views.db", batch=3)
        for what, *how in steps:
            if what == "follow":
                runner.catch_up(until=runner.positions()[0].reached + how[0])
            elif what == "reopen":
                database.close()
                database, runner = house.views(Path(folder) / "views.db", batch=how[0])
            elif what == "rebuild":
                runner.rebuild(how[0])
            elif what == "heads":
                house.recorder.commit_heads()
            else:
                getattr(house, what)(*how)
        runner.catch_up()

        assert digests(database) == digests(house.seen())
        assert all(at.fault is None for at in runner.positions())
        database.close()


def test_a_rebuild_of_the_same_definition_finds_the_same_rows(tmp_path: Path) -> None:
    house = busy_day()
    database, runner = house.views(tmp_path / "views.db", batch=4)
    runner.catch_up()
    before = digests(database)

    after = {view.name: runner.rebuild(view.name) for view in VIEWS}

    assert after == before == digests(database)
    assert [at.generation for at in runner.positions()] == [2] * len(VIEWS)
    assert tables_in(database) == {f"{view.name}__{table.name}__2" for view in VIEWS for table in view.tables}


def test_readers_during_a_rebuild_see_the_old_view_whole(tmp_path: Path) -> None:
    house = busy_day()
    database, runner = house.views(tmp_path / "views.db", batch=4)
    runner.catch_up()
    old = timeline(database, SESSION)
    seen = []

    runner.rebuild(SESSIONS.name, progress=lambda *_: seen.append(timeline(database, SESSION)))

    assert len(seen) > 3
    assert set(map(repr, seen)) == {repr(old)}
    assert timeline(database, SESSION) == old


def test_a_reader_in_the_middle_of_an_answer_keeps_the_old_rows_over_the_switch(tmp_path: Path) -> None:
    house = busy_day()
    database, runner = house.views(tmp_path / "views.db")
    runner.catch_up()
    reader = ViewDatabase(tmp_path / "views.db")

    with reader.reading() as connection:
        table = f'"{SESSIONS.name}__row__1"'
        before = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        runner.rebuild(SESSIONS.name)
        after = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    assert before == after > 0
    assert timeline(reader, SESSION) == timeline(database, SESSION)
    reader.close()
    database.close()


def test_events_written_during_a_rebuild_reach_readers_before_it_ends(tmp_path: Path) -> None:
    house = busy_day()
    database, runner = house.views(tmp_path / "views.db", batch=4)
    runner.catch_up()
    written: list[int] = []
    seen: list[int] = []

    def meanwhile(*_: int) -> None:
        if not written:
            written.append(house.looks_at("a", 111))
        seen.append(timeline(database, SESSION).rows[-1].position)

    runner.rebuild(SESSIONS.name, progress=meanwhile)

    assert seen[1] == written[0]
    assert digests(database) == digests(house.seen())


def test_an_interrupted_rebuild_goes_on_where_it_stopped(tmp_path: Path) -> None:
    class Crash(Exception):
        """The process dies."""

    def die(taken: int, _size: int) -> None:
        if taken >= 8:
            raise Crash

    house = busy_day()
    database, runner = house.views(tmp_path / "views.db", batch=4)
    runner.catch_up()
    with pytest.raises(Crash):
        runner.rebuild(SESSIONS.name, progress=die)
    database.close()

    database, runner = house.views(tmp_path / "views.db", batch=4)
    beside = next(at for at in runner.positions() if not at.live)
    runner.rebuild(SESSIONS.name)

    assert beside.reached == 8
    assert {at.view: at.generation for at in runner.positions() if at.generation > 1} == {SESSIONS.name: 2}
    assert digests(database) == digests(house.seen())


def test_altered_rows_are_found_by_a_rebuild_and_kept_until_somebody_decides(tmp_path: Path) -> None:
    house = busy_day()
    database, runner = house.views(tmp_path / "views.db")
    runner.catch_up()
    with database.writing() as connection:
        connection.execute(f"UPDATE {SESSIONS.name}__row__1 SET phrase = replace(phrase, '146/92', '126/72')")

    with pytest.raises(Refused) as caught:
        runner.rebuild(SESSIONS.name)
    refused = "126/72" in repr(timeline(database, SESSION))
    runner.rebuild(SESSIONS.name, accept_changes=True)

    assert caught.value.code == "rebuild-differs"
    assert refused
    assert "146/92" in repr(timeline(database, SESSION))
    assert digests(database) == digests(house.seen())


def test_after_a_key_is_gone_the_rebuilt_view_has_a_word_in_place_of_each_value(tmp_path: Path) -> None:
    house = busy_day()
    database, runner = house.views(tmp_path / "views.db")
    runner.catch_up()
    house.subject_keys.destroy(BEN)

    for view in VIEWS:
        runner.rebuild(view.name)

    his = [row.phrase for row in timeline(database, SESSION).rows if row.slot == "b"]
    assert "values withheld, what was not obtained withheld, came late: withheld" in his
    assert b"146/92" not in b"".join(file.read_bytes() for file in tmp_path.glob("views.db*"))
    database.close()


def test_what_a_reader_kept_from_being_overwritten_is_overwritten_later(tmp_path: Path) -> None:
    house = busy_day()
    database, runner = house.views(tmp_path / "views.db")
    runner.catch_up()
    house.subject_keys.destroy(BEN)
    reader = ViewDatabase(tmp_path / "views.db")

    with reader.reading() as connection:
        connection.execute("SELECT * FROM view_position").fetchall()
        for view in VIEWS:
            runner.rebuild(view.name, accept_changes=True)
    runner.catch_up()

    assert b"146/92" not in b"".join(file.read_bytes() for file in tmp_path.glob("views.db*"))
    reader.close()
    database.close()


def test_a_new_definition_is_built_beside_the_old_one_and_switched_when_it_knows_as_much(tmp_path: Path) -> None:
    house = busy_day()
    database, runner = house.views(tmp_path / "views.db", [SESSIONS], batch=4)
    runner.catch_up()
    newer = replace(SESSIONS, version=SESSIONS.version + 1)

    _, next_runner = house.views(tmp_path / "views.db", [newer], batch=4)
    next_runner.catch_up(until=8)
    still = timeline(database, SESSION)
    next_runner.catch_up()

    assert still.rows
    assert [(at.generation, at.fingerprint, at.live) for at in next_runner.positions()] == [
        (2, newer.fingerprint, True)
    ]
    with pytest.raises(Conflict) as caught:
        timeline(database, SESSION)
    assert caught.value.code == "view-rebuilding"


def test_a_new_definition_that_cannot_read_the_log_leaves_the_old_one_in_place(tmp_path: Path) -> None:
    def fails(placed: PlacedEvent) -> list[Statement]:
        if placed.stream == SLOT_B:
            raise ValueError
        return []

    house = busy_day()
    database, runner = house.views(tmp_path / "views.db", [SESSIONS])
    runner.catch_up()

    _, next_runner = house.views(tmp_path / "views.db", [replace(SESSIONS, version=SESSIONS.version + 1, fold=fails)])
    next_runner.catch_up()

    assert [(at.live, at.state) for at in next_runner.positions()] == [(True, "running"), (False, "parked")]
    assert timeline(database, SESSION).rows


def test_a_view_whose_fold_is_not_pure_is_found_out(tmp_path: Path) -> None:
    calls = [0]

    def counts(placed: PlacedEvent) -> list[Statement]:
        calls[0] += 1
        return [Statement("UPDATE [name] SET code = ?", (str(calls[0]),)), *SESSIONS.fold(placed)]

    house = busy_day()
    impure = View("impure", 1, SESSIONS.tables, SESSIONS.reads, counts)
    _, runner = house.views(tmp_path / "views.db", [impure])
    runner.catch_up()

    with pytest.raises(Refused, match="not the old ones"):
        runner.rebuild("impure")


def test_only_known_views_are_rebuilt_and_retried() -> None:
    runner: Runner = busy_day().views()[1]

    for ask in (runner.rebuild, runner.retry):
        with pytest.raises(Refused) as caught:
            ask("nobody")
        assert caught.value.code == "not-found"


def test_the_fingerprint_changes_with_the_tables_and_the_version() -> None:
    others = [
        replace(SESSIONS, version=SESSIONS.version + 1),
        replace(SESSIONS, tables=SESSIONS.tables[1:]),
        replace(SESSIONS, reads=SESSIONS.reads[1:]),
    ]

    assert len({view.fingerprint for view in (SESSIONS, *others)}) == 4
    assert replace(SESSIONS).fingerprint == SESSIONS.fingerprint


def tables_in(database: ViewDatabase) -> set[str]:
    with database.reading() as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {name for (name,) in names} - {"view_position", "view_keys"}
