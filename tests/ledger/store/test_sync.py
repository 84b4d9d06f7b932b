"""A checkpoint may wait for its sync, an event never: whatever became of the checkpoint, the next commit is synced."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import Conflict
from ledger.store.sqlite import SQLiteStore, open_sqlite
from ledger.store.sqlite_connections import WritersConnection
from tests.ledger.store_contract import ORIGIN, check_log, record

FULL, NORMAL = 2, 1
"""What SQLite answers when it is asked for `synchronous`."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clinic.ledger"


@pytest.fixture
def store(path: Path) -> Iterator[SQLiteStore]:
    with closing(open_sqlite(path, ORIGIN, create=True)) as opened:
        record(opened, "one")
        yield opened


def asked(store: SQLiteStore, pragma: str) -> int:
    """What the connection for writing answers."""
    with store._datastore.writer as connection:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA {pragma}")
        return int(cursor.fetchone()[0])


def by_another_hand(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)


def connection_of(store: SQLiteStore) -> object:
    with store._datastore.writer as connection:
        return connection


def test_after_a_checkpoint_commits_are_synced_again_over_the_same_connection(store: SQLiteStore) -> None:
    before = connection_of(store)

    store.save_checkpoint(1, b"note")

    assert asked(store, "synchronous") == FULL
    assert connection_of(store) is before
    assert store.latest_checkpoint() == b"note"


@pytest.mark.parametrize(
    "in_the_way",
    [
        "DROP TABLE checkpoints",
        "CREATE TRIGGER in_the_way BEFORE INSERT ON checkpoints BEGIN SELECT RAISE(ABORT, 'no'); END",
    ],
    ids=["no such table", "refused by a trigger"],
)
def test_after_a_checkpoint_that_could_not_be_kept_commits_are_synced_all_the_same(
    store: SQLiteStore, path: Path, in_the_way: str
) -> None:
    by_another_hand(path, in_the_way)
    before = connection_of(store)

    with pytest.raises(sqlite3.Error):
        store._datastore.put_without_sync("INSERT INTO checkpoints (size, note) VALUES (?, ?)", (1, b"note"))

    assert asked(store, "synchronous") == FULL
    assert connection_of(store) is before, "none is left behind, open, for each that failed"
    record(store, "two")
    check_log(store)


def test_after_a_checkpoint_for_which_another_process_held_the_file_commits_are_synced_all_the_same(
    store: SQLiteStore, path: Path
) -> None:
    asked(store, "busy_timeout = 1")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(Conflict) as caught:
            store.save_checkpoint(1, b"note")

    assert caught.value.code == "store-busy"
    assert asked(store, "synchronous") == FULL
    store.save_checkpoint(1, b"note")
    record(store, "two")
    check_log(store)


class Connection:
    """A connection that executes nothing, or fails at one statement, and keeps what it was asked."""

    def __init__(self, fails_at: str = "") -> None:
        self.asked: list[str] = []
        self._fails_at = fails_at

    def cursor(self) -> Connection:
        return self

    def execute(self, sql: str, values: object = ()) -> None:
        self.asked.append(sql)
        if sql == self._fails_at:
            raise sqlite3.DatabaseError(sql)


def test_the_statement_stands_between_the_two_pragmas() -> None:
    connection: Any = Connection()

    WritersConnection(lambda: connection).put_without_sync("INSERT", ())

    assert connection.asked == ["PRAGMA synchronous = NORMAL", "INSERT", "PRAGMA synchronous = FULL"]


@pytest.mark.parametrize("fails_at", ["PRAGMA synchronous = NORMAL", "PRAGMA synchronous = FULL"])
def test_a_connection_of_which_it_is_not_sure_how_it_syncs_is_never_written_to_again(fails_at: str) -> None:
    made: list[Any] = [Connection(fails_at), Connection()]
    waiting = iter(made)
    writer = WritersConnection(lambda: next(waiting))

    with pytest.raises(sqlite3.DatabaseError):
        writer.put_without_sync("INSERT", ())

    with writer as connection:
        assert connection is made[1]
