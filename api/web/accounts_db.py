"""
The database of accounts, beside the ledger and never in it: whoever may sign in is not a fact about anybody's care.

    accounts.db    accounts, invitations, set-up code, custody keys, enrolments that wait; all secrets hashed or sealed
    accounts.key   32 random bytes, the organisation's part of each custody key; never in one backup with accounts.db
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from ledger.errors import Conflict
from ledger.store.durable import sync_folder, write_new
from ledger.store.failing_disk import told_plainly

_TABLES = (
    """CREATE TABLE IF NOT EXISTS account (
        owner TEXT PRIMARY KEY, roles TEXT NOT NULL, password TEXT NOT NULL, pin TEXT NOT NULL, made_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS invitation (
        hash BLOB PRIMARY KEY, owner TEXT NOT NULL, roles TEXT NOT NULL, ends_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS set_up (one INTEGER PRIMARY KEY CHECK (one = 1), hash BLOB) STRICT""",
    """CREATE TABLE IF NOT EXISTS custody (
        kid TEXT PRIMARY KEY, owner TEXT NOT NULL, salt BLOB NOT NULL, cost TEXT NOT NULL, sealed BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS custody_organisation (
        kid TEXT PRIMARY KEY, organisation BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS enrolment (
        id TEXT PRIMARY KEY, made_at TEXT NOT NULL, officer TEXT NOT NULL, by TEXT NOT NULL, items TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'recorded', 'refused')),
        signatures TEXT NOT NULL, outcome TEXT NOT NULL
    ) STRICT""",
)
_BUSY_SECONDS = 10


class AccountBook:
    """The open database; safe to use from several threads and processes, whose users take turns."""

    def __init__(self, folder: Path, entropy: Callable[[int], bytes]) -> None:
        """Open it, made if it is missing; only its owner may read it."""
        self._turn = RLock()
        file = folder / "accounts.db"
        if not file.exists():
            file.touch(mode=0o600)
        self._connection = sqlite3.connect(file, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "trusted_schema = OFF"):
            self._connection.execute(f"PRAGMA {pragma}")
        with self.writing() as connection:
            for table in _TABLES:
                connection.execute(table)
        self.organisation_key = _organisation_key(folder, entropy)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """
        A transaction, durable when it was left normally and undone when not.

        Raises:
            Conflict: `store-busy`.
            NotNow: `store-full` or `store-io`.
        """
        with self._turn, told_plainly():
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                raise Conflict(
                    "store-busy", "Another process has kept the accounts locked.", remedy="Try again."
                ) from error
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """The rows of a question."""
        with self._turn:
            return self._connection.execute(sql, values).fetchall()

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._connection.close()


def _organisation_key(folder: Path, entropy: Callable[[int], bytes]) -> bytes:
    file = folder / "accounts.key"
    try:
        write_new(file, entropy(32))
        sync_folder(folder)
    except FileExistsError:
        pass
    return file.read_bytes()
