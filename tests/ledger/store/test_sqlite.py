"""The store in a SQLite file, held to the contract of all stores and to what only a file can promise."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from threading import Event, Thread

import pytest
from eventsourcing.persistence import IntegrityError
from eventsourcing.sqlite import SQLiteCursor

from ledger.errors import TamperDetected
from ledger.store.port import RefusedEnvelope
from ledger.store.sqlite import SQLiteStore, open_sqlite
from ledger.tlog.heads import heads_entry
from tests.ledger.ending_contract import EndingContract
from tests.ledger.store_contract import (
    ANNA,
    ORIGIN,
    RECEIVED,
    Opener,
    StoreContract,
    check_log,
    next_event,
    record,
)


class TestSQLiteStore(StoreContract):
    """One file for each ledger, as many instances of it as one likes."""

    @pytest.fixture
    def open_ledger(self, tmp_path: Path) -> Iterator[Opener]:
        with ExitStack() as stack:

            def opened(origin: str) -> SQLiteStore:
                path = tmp_path / f"{origin.rpartition('/')[2]}.ledger"
                store = open_sqlite(path, origin, create=not path.exists())
                return stack.enter_context(closing(store))

            yield opened


class TestSQLiteEnding(EndingContract):
    """The same store, held to what is promised of what is no longer kept."""

    open_ledger = TestSQLiteStore.open_ledger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clinic.ledger"


@pytest.fixture
def store(path: Path) -> Iterator[SQLiteStore]:
    with closing(open_sqlite(path, ORIGIN, create=True)) as store:
        yield store


@pytest.fixture
def filled(store: SQLiteStore) -> SQLiteStore:
    """A ledger with something in each table, and 300 entries, so that one tile is full."""
    record(store, *(f"event {n}" for n in range(299)))
    with store.writing() as writing:
        writing.append_heads(heads_entry(1, bytes(32), 299))
    store.save_checkpoint(300, b"note")
    store.keep_refused(RefusedEnvelope(RECEIVED, "signature", b"bytes"))
    return store


def cursor_of(store: SQLiteStore) -> SQLiteCursor:
    with store.recorder.datastore.get_connection(commit=False) as connection:
        return connection.cursor()


COPIED = "type, tag, 'x', 'x', leaf, entry, envelope FROM events WHERE position = 0"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET envelope = x'00' WHERE position = 7",
        "UPDATE events SET position = 7000 WHERE position = 298",
        "DELETE FROM events WHERE position = 298",
        "DELETE FROM events",
        "REPLACE INTO events SELECT * FROM events WHERE position = 298",
        f"INSERT INTO events SELECT 301, stream, 300, {COPIED}",
        f"INSERT INTO events SELECT 299, stream, 300, {COPIED}",
        f"INSERT INTO events SELECT 300, stream, 301, {COPIED}",
        "UPDATE heads_entries SET entry = x'00'",
        "DELETE FROM heads_entries",
        "REPLACE INTO heads_entries SELECT * FROM heads_entries",
        "INSERT INTO heads_entries VALUES (298, x'00', x'00')",
        "INSERT INTO heads_entries VALUES (301, x'00', x'00')",
        "UPDATE blocks SET stored = x'00' WHERE position = 3",
        "DELETE FROM blocks WHERE position = 3",
        "REPLACE INTO blocks SELECT * FROM blocks WHERE position = 3",
        "INSERT INTO blocks VALUES ('digest', 5000, 'a/clinical', 'person/x', x'00')",
        "UPDATE tiles SET data = x'00' WHERE tile = 0",
        "UPDATE tiles SET data = zeroblob(8192) WHERE level = 0 AND tile = 0",
        "UPDATE tiles SET data = CAST(data || zeroblob(32) AS BLOB) WHERE level = 0 AND tile = 0",
        "UPDATE tiles SET data = substr(data, 1, 32) WHERE level = 0 AND tile = 1",
        "UPDATE tiles SET data = zeroblob(length(data) + 32) WHERE level = 0 AND tile = 1",
        "UPDATE tiles SET data = CAST(data || x'00' AS BLOB) WHERE level = 0 AND tile = 1",
        "UPDATE tiles SET tile = 9 WHERE level = 0 AND tile = 1",
        "DELETE FROM tiles WHERE level = 0 AND tile = 1",
        "REPLACE INTO tiles SELECT * FROM tiles WHERE level = 0 AND tile = 1",
        "UPDATE ledger_head SET size = 299",
        "UPDATE ledger_head SET root = zeroblob(32)",
        "UPDATE ledger_head SET origin = 'another'",
        "UPDATE ledger_head SET schema_version = 0",
        "DELETE FROM ledger_head",
        "REPLACE INTO ledger_head SELECT * FROM ledger_head",
        "INSERT INTO ledger_head VALUES (2, 'another', 1, 0, zeroblob(32), NULL, NULL)",
        "UPDATE checkpoints SET note = x'00'",
        "DELETE FROM checkpoints",
        "REPLACE INTO checkpoints VALUES (300, x'00')",
        "UPDATE refused SET envelope = x'00'",
        "DELETE FROM refused",
        "REPLACE INTO refused SELECT * FROM refused",
    ],
)
def test_the_file_itself_refuses_whatever_is_not_appending(filled: SQLiteStore, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|FOREIGN KEY|CHECK"):
        cursor_of(filled).execute(statement)

    check_log(filled)


def test_the_right_edge_of_the_tiles_may_be_continued(filled: SQLiteStore) -> None:
    statement = "UPDATE tiles SET data = CAST(data || zeroblob(32) AS BLOB) WHERE level = 0 AND tile = 1"

    cursor_of(filled).execute(statement)

    assert len(filled.read_tile(0, 1)) == 45 * 32


def test_every_connection_syncs_each_commit_checks_references_and_writes_ahead(store: SQLiteStore) -> None:
    with store.writing(), store.recorder.datastore.get_connection(commit=False) as connection:
        cursor = connection.cursor()
        found = {}
        for pragma in ("synchronous", "foreign_keys", "journal_mode", "recursive_triggers", "busy_timeout"):
            cursor.execute(f"PRAGMA {pragma}")
            found[pragma] = cursor.fetchone()[0]

    assert found == {
        "synchronous": 2,
        "foreign_keys": 1,
        "journal_mode": "wal",
        "recursive_triggers": 1,
        "busy_timeout": 30_000,
    }


def test_a_reopened_ledger_continues_where_it_was(path: Path) -> None:
    for n in range(5):
        with closing(open_sqlite(path, ORIGIN, create=n == 0)) as store:
            assert store.head().size == 100 * n
            record(store, *(f"event {n} {i}" for i in range(100)), blocks=0)
            check_log(store)


def test_readers_read_while_a_writer_holds_the_lock_and_others_queue_for_it(store: SQLiteStore) -> None:
    record(store, "committed")
    waiting = Event()

    def queue_up() -> None:
        waiting.set()
        record(store, "queued", stream="stock/1")

    with store.writing() as writing:
        queued = Thread(target=queue_up)
        queued.start()
        waiting.wait()
        writing.append(next_event(writing, "open"))
        read: list[int] = []
        readers = [Thread(target=lambda: read.append(len(store.rows(0, 9)))) for _ in range(8)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    queued.join()

    assert read == [1] * 8
    assert [row.version for row in store.stream_rows(ANNA)] == [1, 2]
    assert store.head().size == 3


def test_a_head_moved_by_another_hand_stops_the_writer(filled: SQLiteStore) -> None:
    cursor_of(filled).execute("UPDATE ledger_head SET size = 301")

    with pytest.raises(TamperDetected) as caught, filled.writing():
        pass

    assert (caught.value.code, caught.value.position) == ("store-tree", 300)


def test_a_row_beyond_the_head_stops_the_writer(filled: SQLiteStore) -> None:
    cursor_of(filled).execute("INSERT INTO heads_entries VALUES (300, zeroblob(32), x'00')")

    with pytest.raises(TamperDetected) as caught, filled.writing() as writing:
        writing.append(next_event(writing, "next"))

    assert (caught.value.code, caught.value.position) == ("store-rows", 300)
    with pytest.raises(TamperDetected), filled.writing() as writing:
        writing.append_heads(heads_entry(1, bytes(32), 299))


def test_a_tail_deleted_while_the_ledger_is_open_stops_the_writer(filled: SQLiteStore) -> None:
    cursor = cursor_of(filled)
    cursor.execute("DROP TRIGGER heads_entries_delete")
    cursor.execute("DELETE FROM heads_entries")

    with pytest.raises(TamperDetected) as caught, filled.writing() as writing:
        writing.append(next_event(writing, "next"))

    assert caught.value.code == "store-rows"


def test_an_error_inside_the_commit_leaves_the_connection_usable(store: SQLiteStore) -> None:
    datastore = store.recorder.datastore
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), datastore.transaction(commit=True) as c:  # noqa: PT012 - a transaction
        c.execute("PRAGMA defer_foreign_keys = ON")
        c.execute("INSERT INTO blocks VALUES ('digest', 5000, 'a/clinical', 'person/x', x'00')")

    record(store, "one")
    check_log(store)
    assert list(store.blocks_of(5000)) == []


def in_the_file(path: Path) -> list[int]:
    """The sizes of the checkpoints that any other process reads."""
    with closing(sqlite3.connect(path)) as other:
        return [size for (size,) in other.execute("SELECT size FROM checkpoints ORDER BY size")]


def test_a_checkpoint_that_nobody_waits_for_goes_to_the_disk_with_the_next_event(
    path: Path, store: SQLiteStore
) -> None:
    store._soon._is_asked = True  # as if the thread that writes it otherwise were slow
    record(store, "one")
    store.checkpoint_soon(1, b"note")

    with suppress(KeyError), store.writing() as writing:
        writing.append(next_event(writing, "two"))
        raise KeyError
    before = in_the_file(path)
    record(store, "three")

    assert (before, in_the_file(path)) == ([], [1]), "what is rolled back takes nothing along"
    assert store.checkpoints() == [(1, b"note")]


def test_or_by_itself_a_moment_later_and_at_the_latest_when_the_store_is_closed(path: Path) -> None:
    with closing(open_sqlite(path, ORIGIN, create=True)) as store:
        record(store, "one")
        store.checkpoint_soon(1, b"note")
        wait_until(lambda: in_the_file(path) == [1])
        record(store, "two")
        store.checkpoint_soon(2, b"note")

    assert in_the_file(path) == [1, 2]


def wait_until(happened: Callable[[], bool]) -> None:
    for _ in range(2000):
        if happened():
            return
        Event().wait(0.005)
    pytest.fail("It did not happen within 10 seconds.")
