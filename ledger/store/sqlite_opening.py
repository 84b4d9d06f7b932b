"""
Making a ledger file, and looking at one before trusting it.

A file is looked at through a read-only connection first: the database of another program is left as it is.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from eventsourcing.sqlite import SQLiteCursor

from ledger.errors import Invalid, Refused, TamperDetected
from ledger.store import sqlite_queries as queries
from ledger.store.durable import sync_folder
from ledger.store.failing_disk import damaged_log, told_plainly
from ledger.store.sqlite_connections import BUSY_SECONDS, LedgerDatastore
from ledger.store.sqlite_recorder import LedgerRecorder
from ledger.store.statements import statement
from ledger.store.tree_check import REMEDY, checked_edge
from ledger.tlog.tiles import RightEdge
from ledger.tlog.tree import EMPTY_ROOT

APPLICATION_ID = 0x4C656467
"""`Ledg`, in the header of the file, where `file` and other tools look."""

SCHEMA_VERSION = 1


def create_ledger(path: Path, origin: str | None) -> None:
    """
    An empty ledger in a new file that only its owner may read (mode 0600), durable when this returns.

    A crash leaves either an empty file, in which a later attempt succeeds, or the whole ledger.

    Raises:
        Invalid: `origin-missing`, `store-path`, `store-format`.
        Refused: `store-exists`.
    """
    if not origin:
        raise Invalid("origin-missing", "A new ledger needs its origin.", remedy="Give the origin made for it.")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        _require_empty(path)
    except OSError as error:
        raise Invalid("store-path", f"No file can be made at {path}: {error.strerror}.") from error
    datastore = LedgerDatastore(path)
    try:
        with datastore.transaction(commit=True) as c:
            if _tables(c):
                raise _exists(path)
            c.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            LedgerRecorder(datastore).create_in(c)
            c.execute(statement("insert_head"), (origin, SCHEMA_VERSION, EMPTY_ROOT))
    finally:
        datastore.close()
    sync_folder(path.parent)


def identify(path: Path) -> str:
    """
    The origin of the ledger in a file, which is only read.

    Raises:
        Refused: `store-missing`, `store-version`.
        Invalid: `store-path`, `store-format`.
        TamperDetected: `store-head`, when a ledger has no head row; `store-damaged`.
    """
    if not path.exists():
        raise Refused("store-missing", f"There is no ledger at {path}.", remedy="Correct the path, or take a backup.")
    if _application_of(path) != APPLICATION_ID:
        raise _not_a_ledger(path)
    with told_plainly(damaged_log), closing(_look(path)) as connection:
        try:
            row = connection.execute(statement("identity")).fetchone()
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_ERROR:  # a ledger without its tables
                raise damaged_log() from error
            raise
    if row is None:
        raise TamperDetected("store-head", "The head row is missing.", position=0, remedy=REMEDY)
    found, version = row
    if version > SCHEMA_VERSION:
        raise Refused(
            "store-version",
            f"A newer release wrote this ledger: schema {version}, and this release knows {SCHEMA_VERSION}.",
            remedy="Open it with the newer release.",
        )
    return str(found)


def require_origin(found: str, origin: str | None) -> None:
    """
    Pass when the ledger found is the one that was asked for, or none was named.

    Raises:
        Refused: `store-origin`.
    """
    if origin is not None and found != origin:
        raise Refused(
            "store-origin",
            f"The file holds the ledger {found}, not {origin}.",
            field="origin",
            remedy="Correct the path or the origin in the settings.",
        )


def check_intact(c: SQLiteCursor) -> RightEdge:
    """
    The tree's edge, when head, rows and the right edge of the tiles agree.

    Counts every row (one small index is read through); contents are for the audit.

    Raises:
        TamperDetected: `store-head`, `store-rows` or `store-tree`.
    """
    head = queries.head(c)
    c.execute(statement("row_count"))
    count, last = c.fetchone()
    if (count, last) != (head.size, head.size - 1):
        c.execute(statement("first_gap"))
        raise TamperDetected(
            "store-rows",
            f"The head row counts {head.size} entries; {count} rows are stored, the last at position {last}.",
            position=min(c.fetchone()[0], head.size),
            remedy=REMEDY,
        )
    return checked_edge(head, partial(queries.tile, c), partial(queries.leaves, c))


def _look(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def _application_of(path: Path) -> int:
    """The number in the header of a database file that says which program it belongs to."""
    try:
        with closing(_look(path)) as connection:
            return int(connection.execute("PRAGMA application_id").fetchone()[0])
    except sqlite3.OperationalError as error:
        if not path.is_dir() and error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL):
            with told_plainly():
                raise
        raise Invalid("store-path", f"The file {path} cannot be read: {error}.") from error
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
            raise damaged_log() from error
        raise _not_a_ledger(path) from error


def _require_empty(path: Path) -> None:
    """Pass when the file is what a creation that crashed leaves behind: a database without tables."""
    try:
        with closing(_look(path)) as connection:
            found = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.OperationalError as error:
        raise Invalid("store-path", f"The file {path} cannot be read: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise _not_a_ledger(path) from error
    if found:
        raise _exists(path)


def _tables(c: SQLiteCursor) -> int:
    c.execute("SELECT count(*) FROM sqlite_master")
    return int(c.fetchone()[0])


def _exists(path: Path) -> Refused:
    return Refused("store-exists", f"There is a database at {path} already.", remedy="Choose another path.")


def _not_a_ledger(path: Path) -> Invalid:
    return Invalid(
        "store-format",
        f"The file {path} is not a ledger.",
        remedy="Correct the path; if it is the right file, take a backup.",
    )
