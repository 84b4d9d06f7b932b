"""
Connections to the file, as a ledger needs them: the library's pool with four things changed.

- `BEGIN IMMEDIATE` for writing: with a plain BEGIN, reading before writing dies when somebody else wrote.
- `synchronous=FULL`: a commit is on the disk when it returns, also when the power fails. Only what can be made
  again byte for byte, a checkpoint, is written with `NORMAL`, which leaves the sync to the next commit.
- Writers queue before the pool, so that readers never wait for them, and share one connection: what it has read
  stays in its memory until another process writes.
- A failed COMMIT is rolled back; the library would hand the open transaction to the next user.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from weakref import WeakSet

from eventsourcing.sqlite import (
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteTransaction,
)

from ledger.errors import Conflict, Refused
from ledger.store.one_writer import OneWriter

BUSY_SECONDS = 30
"""How long a process waits for the lock of another one, and a reader for a free connection."""

_NO_SYNC = "PRAGMA synchronous = NORMAL"
_PRAGMAS = (
    "PRAGMA synchronous = FULL",  # first: it is set again after each checkpoint
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # else REPLACE deletes rows without asking the triggers
    "PRAGMA trusted_schema = OFF",
    "PRAGMA wal_autocheckpoint = 4000",  # pages: the log is copied into the file every 16 MB
)
_WRITER_CACHE = "PRAGMA cache_size = -32000"  # KiB: the indexes are written at random places


class LedgerTransaction(SQLiteTransaction):
    """A transaction that takes the write lock at once if it is to be committed."""

    connection: LedgerConnection

    def __enter__(self) -> SQLiteCursor:
        """
        Begin; waits for the lock of another process.

        Raises:
            Conflict: `store-busy`, after `BUSY_SECONDS`.
        """
        cursor = self.connection.cursor()
        try:
            cursor.execute("BEGIN IMMEDIATE" if self.commit else "BEGIN")
        except sqlite3.OperationalError as error:
            _raise_if_busy(error)
            raise
        return cursor

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        """Commit, or roll back; after an error of the COMMIT itself nothing is open either."""
        try:
            super().__exit__(exc_type, exc_val, exc_tb)
        finally:
            self.connection.abandon()


class LedgerConnection(SQLiteConnection):
    """One connection; used by one thread at a time."""

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """A transaction and its cursor."""
        with LedgerTransaction(self, commit=commit) as cursor, cursor:
            yield cursor

    def abandon(self) -> None:
        """Roll back whatever is still open."""
        if not self.closed and self._sqlite_conn.in_transaction:
            self._sqlite_conn.rollback()


_MADE: WeakSet[LedgerConnection] = WeakSet()


def any_open() -> bool:
    """Whether this process has a connection to a ledger's file; then it must not be forked."""
    return any(not connection.closed for connection in tuple(_MADE))


class LedgerConnectionPool(SQLiteConnectionPool):
    """Connections with the pragmas of a ledger, to a file and never to memory."""

    @staticmethod
    def detect_memory_mode(db_name: str) -> bool:
        """Always False: whatever the file is called, it is a file."""
        return not db_name

    def _create_connection(self) -> SQLiteConnection:
        connection = sqlite3.connect(
            self.db_name,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=64,
        )
        connection.row_factory = sqlite3.Row
        try:
            _require_wal(connection)
            for pragma in _PRAGMAS:
                connection.execute(pragma)
        except BaseException:
            connection.close()
            raise
        made = LedgerConnection(connection, max_age=None)
        _MADE.add(made)
        return made


def _require_wal(connection: sqlite3.Connection) -> None:
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise Refused(
            "store-journal",
            "This file system does not support the write-ahead log of SQLite.",
            remedy="Keep the ledger on a local disk.",
        )


class WritersConnection:
    """The one connection for writing, for one thread at a time; made when it is first needed."""

    def __init__(self, connect: Callable[[], SQLiteConnection]) -> None:
        """Connect to nothing yet."""
        self._connect = connect
        self._one_writer = OneWriter()
        self._held: SQLiteConnection | None = None

    def __enter__(self) -> SQLiteConnection:
        """Wait until nobody else here writes; raises what `OneWriter` raises."""
        self._one_writer.__enter__()
        try:
            if self._held is None:
                self._held = self._connect()
        except BaseException:
            self._one_writer.__exit__()
            raise
        return self._held

    def __exit__(self, *_: object) -> None:
        """Let the next one in."""
        self._one_writer.__exit__()

    def put_without_sync(self, sql: str, values: tuple[object, ...]) -> None:
        """One statement that the disk need not have yet; nobody writes so by mistake afterwards, whatever happens."""
        with self as connection:
            self._held = None
            cursor = connection.cursor()
            cursor.execute(_NO_SYNC)
            try:
                cursor.execute(sql, values)
            except sqlite3.OperationalError as error:
                _raise_if_busy(error)
                raise
            finally:
                cursor.execute(_PRAGMAS[0])
                self._held = connection


def _raise_if_busy(error: sqlite3.OperationalError) -> None:
    if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
        raise Conflict(
            "store-busy",
            f"Another process has kept the ledger locked for {BUSY_SECONDS} seconds.",
            remedy="Try again; if it lasts, find the process that holds the file.",
        ) from error


class LedgerDatastore(SQLiteDatastore):
    """The library's datastore over one existing ledger file."""

    def __init__(self, path: Path) -> None:
        """Connect to nothing yet; the first transaction does."""
        super().__init__(str(path), originator_id_type="text")
        self.pool = LedgerConnectionPool(
            db_name=str(path), pool_size=8, max_overflow=24, pool_timeout=float(BUSY_SECONDS)
        )
        self.writer = WritersConnection(self._connect_writer)

    @contextmanager
    def get_connection(self, *, commit: bool) -> Iterator[SQLiteConnection]:
        """A connection for reading at once, or the one for writing once nobody else here writes."""
        if commit:
            with self.writer as connection:
                yield connection
        else:
            connection = self.pool.get_connection()
            try:
                yield connection
            finally:
                self.pool.put_connection(connection)

    def _connect_writer(self) -> SQLiteConnection:
        connection = self.pool.get_connection()
        for pragma in (_PRAGMAS[0], _WRITER_CACHE):
            connection.cursor().execute(pragma)
        return connection

    def settle(self) -> None:
        """
        Move the write-ahead log into the file, with syncs of its own, and begin a new one.

        Frames of a commit whose sync failed are still in memory after the process died, and may never reach the
        disk; frames written behind them would be lost with them.
        """
        with self.get_connection(commit=True) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()

    def forget_removed(self) -> bool:
        """
        Write the file anew without what was removed, and empty the write-ahead log; whether nobody kept it open.

        Removed bytes may lie in unused parts of pages since before they were removed, so overwriting is not enough.
        """
        with self.get_connection(commit=True) as connection:
            cursor = connection.cursor()
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA busy_timeout = 0")
            try:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                (busy, *_) = cursor.fetchone()
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
                cursor.fetchall()
            return int(busy) == 0

    def put_without_sync(self, sql: str, values: tuple[object, ...]) -> None:
        """
        One statement in a transaction of its own, which a later one of `writer` brings to the disk.

        Everybody reads it at once. In a write-ahead log of SQLite a sync covers all that was written before it, and
        what a power cut leaves is a beginning of the log, so a lost one takes nothing else with it.

        Raises:
            Conflict: `store-busy`.
        """
        self.writer.put_without_sync(sql, values)
