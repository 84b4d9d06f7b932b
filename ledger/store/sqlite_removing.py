"""
Taking envelopes out of the file: the one place in which a row of the log ever changes.

Rows, entries, leaves and digests stay as they are; an envelope becomes empty, and so do the sealed blocks of its
event, whose key may still be there. Everything goes in one transaction with the mark that it is done.
"""

from __future__ import annotations

from eventsourcing.sqlite import SQLiteConnection

from ledger.store import sqlite_queries as queries
from ledger.store.removing import check_removal
from ledger.store.sqlite_connections import LedgerConnection
from ledger.store.statements import statement


def remove_ended(connection: SQLiteConnection, under: int) -> None:
    """
    Empty what the end of retention at `under` names.

    Raises:
        Refused: `not-ended`.
    """
    if not isinstance(connection, LedgerConnection):
        raise TypeError("not a connection of a ledger")
    cursor = connection.cursor()
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.fetchall()
    with connection.transaction(commit=True) as c:
        listed = [row for position in queries.ended(c, under) for row in queries.rows(c, position, 1)]
        check_removal(next(iter(queries.rows(c, under, 1)), None), listed)
        c.execute(statement("empty_envelopes"), (under,))
        c.execute(statement("empty_blocks"), (under,))
        c.execute(statement("ending_removed"), (under,))
