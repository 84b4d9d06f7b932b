"""
The read database: one SQLite file beside the log, or memory, that can be deleted and built again.

It holds plain values of sealed fields, so it needs the care the log's keys need: what is deleted is
overwritten (`secure_delete`), and it never leaves the folder with a copy of the log.
Readers never wait for the writer (write-ahead log), and see one unchanging state as long as they read.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.bracket import RootAt
from ledger.errors import Conflict, Refused
from ledger.store.failing_disk import told_plainly

BUSY_SECONDS = 30
"""How long one process waits for the lock of another."""

_PRAGMAS = (
    "PRAGMA synchronous = NORMAL",  # a lost tail takes its position with it, and is read again
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",  # a sort that spills would leave values in a file of its own
    "PRAGMA trusted_schema = OFF",
)


class ViewDatabase:
    """
    Connections to the read models, one a thread; safe to use from several threads and processes.

    In memory there is only one connection, and its users take turns.
    """

    def __init__(self, path: Path | None = None) -> None:
        """
        Open the file, made if it is missing, or memory if there is no path.

        Raises:
            Refused: `views-journal`, on a file system without shared memory.
        """
        self._path = path
        self.root_at: RootAt | None = None
        """The root of the log's first so many entries, for what a device says it has seen; None if nobody can tell."""
        self._turn = threading.RLock()
        self._own = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._shared = self._connect() if path is None else None
        with self.writing() as connection:
            connection.execute(POSITION_TABLE)
            connection.execute(ONE_LIVE)
            connection.execute(KEYS_TABLE)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A snapshot: whatever is written meanwhile, everything read inside belongs together."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """
        The write transaction: left normally it is committed, left by an exception it is undone.

        Raises:
            NotNow: `store-full` or `store-io`.
            Refused: `views-damaged`.
            Conflict: `views-busy`, when another process kept the lock for `BUSY_SECONDS`.
        """
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def forget_deleted(self) -> bool:
        """
        Have deleted rows overwritten in the file and its write-ahead log; whether that is done.

        It waits for nobody: while somebody still reads the old rows, it is to be asked again.
        """
        if self._path is None:
            return True
        connection = self._connection()
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        return int(busy) == 0

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._turn:
            while self._all:
                self._all.pop().close()
            self._own = threading.local()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        if self._shared is not None:
            with self._turn:
                yield from _within(self._shared, begin)
        else:
            yield from _within(self._connection(), begin)

    def _connection(self) -> sqlite3.Connection:
        if self._shared is not None:
            return self._shared
        connection: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = self._connect()
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            ":memory:" if self._path is None else self._path,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        connection.row_factory = sqlite3.Row
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if self._path is not None and mode != "wal":
            connection.close()
            raise Refused(
                "views-journal",
                "This file system does not support the write-ahead log of SQLite.",
                remedy="Keep the read models on a local disk.",
            )
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        with self._turn:
            self._all.append(connection)
        return connection


POSITION_TABLE = """
CREATE TABLE IF NOT EXISTS view_position (
    view TEXT NOT NULL,
    generation INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    live INTEGER NOT NULL CHECK (live IN (0, 1)),
    reached INTEGER NOT NULL CHECK (reached >= 0),
    leaf BLOB,
    state TEXT NOT NULL CHECK (state IN ('running', 'parked')),
    parked_at INTEGER,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (view, generation),
    CHECK ((state = 'parked') = (parked_at IS NOT NULL)),
    CHECK ((reached = 0) = (leaf IS NULL))
) STRICT
"""
"""How far each view has read the log; `ledger.tlog` has checkpoints, this is none."""

KEYS_TABLE = """
CREATE TABLE IF NOT EXISTS view_keys (one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL) STRICT
"""
"""The epoch of the subject keys under which the rows were made; see `projections.letting_go`."""

ONE_LIVE = "CREATE UNIQUE INDEX IF NOT EXISTS view_position_live ON view_position (view) WHERE live = 1"


def _damaged() -> Refused:
    return Refused(
        "views-damaged",
        "The file views.db is damaged.",
        remedy="Stop the service and delete views.db; it is computed again from the log.",
    )


def _within(connection: sqlite3.Connection, begin: str) -> Iterator[sqlite3.Connection]:
    with told_plainly(_damaged):
        yield from _inside(connection, begin)


def _inside(connection: sqlite3.Connection, begin: str) -> Iterator[sqlite3.Connection]:
    try:
        connection.execute(begin)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        raise Conflict(
            "views-busy",
            f"Another process has kept the read models locked for {BUSY_SECONDS} seconds.",
            remedy="Try again; if it lasts, find the process that holds the file.",
        ) from error
    try:
        yield connection
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
