"""
One answer from one state: what a query reads belongs together, and names the position it was computed at.

`known_at` asks what the log said when it had that many entries, `happened_up_to` what had happened by then;
both include their end.
The number an answer gives as its `position` can be handed back as `known_at`, and gives the same answer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ledger.encoding import from_instant
from ledger.errors import Conflict, Refused
from projections.position import live_position
from projections.tables import ViewDatabase
from projections.view import Value, View

END_OF_TIME = "9999-12-31T23:59:59.999999Z"

_FACTS = "SELECT * FROM [facts] WHERE position < ? AND at <= ? AND (condition) ORDER BY at, position"


@dataclass(frozen=True, slots=True)
class AsOf:
    """The two axes of a question; None is now: all that the view has read, whenever it happened."""

    known_at: int | None = None
    happened_up_to: str | None = None


NOW = AsOf()


class Snapshot:
    """A view as it stood at `position` log entries, with what had happened by `until`."""

    def __init__(self, connection: sqlite3.Connection, view: View, generation: int, position: int, until: str) -> None:
        self._connection = connection
        self._view = view
        self._generation = generation
        self.position = position
        self.until = until

    def rows(self, sql: str, *parameters: Value) -> list[sqlite3.Row]:
        """The rows of a query, whose tables stand in brackets."""
        return self._connection.execute(self._view.sql(sql, self._generation), parameters).fetchall()

    def facts(self, table: str, where: str = "1", *parameters: Value) -> list[sqlite3.Row]:
        """The rows of a table with `position` and `at`, as of both axes, in the order they happened."""
        return self.rows(
            _FACTS.replace("[facts]", f"[{table}]").replace("(condition)", f"({where})"),
            self.position,
            self.until,
            *parameters,
        )


@contextmanager
def snapshot(database: ViewDatabase, view: View, as_of: AsOf = NOW) -> Iterator[Snapshot]:
    """
    The view's rows, unchanging while they are read.

    Raises:
        Conflict: `view-rebuilding`, while only another definition of this view is there to be read.
        Refused: `not-known-yet`, when `known_at` lies beyond what the view has read, or below 0.
        Invalid: `instant`.
    """
    until = END_OF_TIME
    if as_of.happened_up_to is not None:
        from_instant(as_of.happened_up_to, "happened_up_to")
        until = as_of.happened_up_to
    with database.reading() as connection:
        live = live_position(connection, view.name)
        if live is None or live.fingerprint != view.fingerprint:
            raise Conflict(
                "view-rebuilding",
                f"The view {view.name} has not been built in this version yet.",
                remedy="Ask again when it has caught up with the log.",
            )
        position = live.reached if as_of.known_at is None else as_of.known_at
        if not 0 <= position <= live.reached:
            raise Refused(
                "not-known-yet",
                f"The view {view.name} has read {live.reached} entries of the log, not {position}.",
                field="known_at",
                remedy="Ask for a position up to that, or wait until the view has read more.",
            )
        yield Snapshot(connection, view, live.generation, position, until)
