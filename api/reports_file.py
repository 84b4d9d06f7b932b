"""
The reports file: made beside, then put in the place of the last one at a stroke, so that a tool reads one or the other.

It is SQLite without a write-ahead log: who may read the file needs to write nothing, not even beside it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from ledger.errors import Refused
from ledger.store.durable import sync_folder
from projections.reports.rows import Cells
from projections.reports.schema import REPORTS, VERSION

READABLE = 0o640
"""Its owner writes it, its group reads it, nobody else does: the group is the role of the tools."""


def write_reports(file: Path, rows: Mapping[str, Sequence[Cells]]) -> None:
    """
    Put a new reports file in place.

    Raises:
        Refused: `reports-file`, where something lies that is no reports file, or nothing can be written.
    """
    if file.exists() and not _is_ours(file):
        raise Refused(
            "reports-file",
            f"{file} is no reports file.",
            field="to",
            remedy="Name another file; nothing that is not ours is written over.",
        )
    beside = file.with_name(f"{file.name}.new")
    try:
        beside.unlink(missing_ok=True)
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _fill(beside, rows)
        beside.chmod(READABLE)
        beside.replace(file)
        sync_folder(file.parent)
    except (OSError, sqlite3.Error) as error:
        beside.unlink(missing_ok=True)
        raise Refused(
            "reports-file",
            f"{file} cannot be written.",
            field="to",
            remedy="Name a file in a folder that this user may write, on a disk with room.",
        ) from error


def _fill(file: Path, rows: Mapping[str, Sequence[Cells]]) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("BEGIN")
        for view in REPORTS:
            for statement in view.statements():
                connection.execute(statement)
            places = ", ".join("?" for _ in view.columns)
            connection.executemany(f"INSERT INTO t_{view.name} VALUES ({places})", rows[view.name])  # noqa: S608
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")


def _is_ours(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            names = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")}
    except sqlite3.Error:
        return False
    return f"v{VERSION}_about" in names
