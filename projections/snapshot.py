"""
One answer from one state: what a query reads belongs together, and names the position it was computed at.

`known_at` asks what the log said when it had that many entries, `happened_up_to` what had happened by then;
both include their end.
The number an answer gives as its `position` can be handed back as `known_at`, and gives the same answer.

In a view that keeps its entries whole (`projections.sources`) facts count as they stand by then: a corrected entry
with its corrected values, a voided one not at all. Only what was said about the entries that are asked for is read.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from ledger.bracket import RootAt
from ledger.effective import Standing
from ledger.encoding import from_instant
from ledger.errors import Conflict, Refused
from ledger.keys import NONE_REVOKED, Revocation, Revoked
from ledger.second_signatures import still_lacking
from projections.counted_rows import CountedRows
from projections.position import live_position
from projections.said_about import SaidAbout
from projections.sources import SOURCES
from projections.tables import ViewDatabase
from projections.view import Value, View

END_OF_TIME = "9999-12-31T23:59:59.999999Z"

# A unary plus keeps SQLite from reading all positions below a limit instead of the few rows that an index has.
_LACKING = "SELECT position, lacks FROM [source] WHERE lacks > '' AND +position < ?"
_LACKING_OF = f"{_LACKING} AND record = ?"

_FACTS = "SELECT * FROM [facts] WHERE position < ? AND at <= ? AND (condition) ORDER BY at, position"
_CONCERNED = "SELECT position FROM [facts] WHERE +position < ? AND (condition)"
_RECORDED = "SELECT * FROM [facts] WHERE position < ? AND at <= ? AND position >= ? AND (condition) ORDER BY position"


@dataclass(frozen=True, slots=True)
class AsOf:
    """The two axes of a question; None is now: all that the view has read, whenever it happened."""

    known_at: int | None = None
    happened_up_to: str | None = None


NOW = AsOf()


class Snapshot:
    """A view as it stood at `position` log entries, with what had happened by `until`."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        view: View,
        generation: int,
        position: int,
        until: str,
        root_at: RootAt | None = None,
    ) -> None:
        self._connection = connection
        self._view = view
        self._generation = generation
        self.position = position
        self.until = until
        self.root_at = root_at
        self._others: dict[str, Snapshot] = {}
        self._counted = CountedRows(view, generation)
        self.said_about = SaidAbout(self.rows, position, self._revoked)
        """How the entries of this view stand; nothing in a view that keeps none."""

    @property
    def build(self) -> int:
        """Which build of the view this is: another definition, or a build made anew, is another one."""
        return self._generation

    def rows(self, sql: str, *parameters: Value) -> list[sqlite3.Row]:
        """The rows of a query, whose tables stand in brackets."""
        return self._connection.execute(self._view.sql(sql, self._generation), parameters).fetchall()

    def facts(
        self, table: str, where: str = "1", *parameters: Value, struck: bool = False, fixed: bool = False
    ) -> list[sqlite3.Row]:
        """
        The rows of a table with `position` and `at`, as of both axes, in the order they happened.

        They say what counts by then; with `struck` what does not count any more stands among them as it was signed.
        A condition compares columns with identifiers, and takes them as parameters: so the corrections that concern
        it are found. Without parameters all of them do, unless `fixed` says that a correction changes a row of this
        table and never adds one.
        """
        sql = _FACTS.replace("[facts]", f"[{table}]").replace("(condition)", f"({where})")
        asked: tuple[Value, ...] = (self.position, self.until, *parameters)
        rows = self.rows(sql, *asked)
        if not self._keeps_entries:
            return rows
        if not parameters and not fixed:
            self.said_about.everything()
        elif self.until == END_OF_TIME:
            self._concerned(rows, parameters)
        else:
            concerned = _CONCERNED.replace("[facts]", f"[{table}]").replace("(condition)", f"({where})")
            self._concerned(self.rows(concerned, self.position, *parameters), parameters)
        return self._as_counted(rows, sql, asked, struck=struck, key="at")

    def recorded(
        self, table: str, where: str, *parameters: Value, start: int, limit: int, narrow: bool = False
    ) -> list[sqlite3.Row]:
        """
        The first `limit` rows from position `start` on, in the order of the log; else as `facts` with `struck`.

        `narrow` says that few rows fulfil the condition: they are then found by it, and not position by position.
        Which corrections may bring in further rows, the caller has asked `said_about` before.
        """
        asking = _RECORDED.replace("position <", "+position <").replace("position >", "+position >")
        sql = (asking if narrow else _RECORDED).replace("[facts]", f"[{table}]").replace("(condition)", f"({where})")
        if self.until != END_OF_TIME:
            self.said_about.moved_into("", self.until)
        kept: list[sqlite3.Row] = []
        reached = start
        while reached < self.position and len(kept) < limit:
            rows = self.rows(f"{sql} LIMIT ?", self.position, self.until, reached, *parameters, limit + 1)
            self.said_about.of(row["position"] for row in rows)
            kept += [row for row in rows if self._stands_as_signed(row, struck=True)]
            reached = self.position if len(rows) <= limit else int(rows[-1]["position"]) + 1
        asked = (self.position, self.until, start, *parameters)
        found = self._as_counted(kept, sql, asked, struck=True, key="position")
        return [row for row in found if row["position"] < reached][:limit]

    def another(self, view: View) -> Snapshot | None:
        """
        Another view in the same state of the read models, at this position, whatever had happened by then.

        None while it has not come as far.
        """
        if view.name in self._others:
            return self._others[view.name]
        live = live_position(self._connection, view.name)
        if live is None or live.fingerprint != view.fingerprint or live.reached < self.position:
            return None
        other = Snapshot(self._connection, view, live.generation, self.position, END_OF_TIME, self.root_at)
        self._others[view.name] = other
        return other

    def standing(self, position: int) -> Standing | None:
        """
        How an entry stands by then; None when nothing was said about it, or in a view that keeps no entries.

        So does one that came with a second signature by a key which is known by then not to count there.
        """
        return self.said_about.one(position) if self._keeps_entries else None

    def lacking(self, record: str | None = None) -> dict[int, list[str]]:
        """The signatures still missing by then, in words, by the position of the entry; of one record or of all."""
        rows = self.rows(_LACKING, self.position) if record is None else self.rows(_LACKING_OF, self.position, record)
        found: dict[int, list[str]] = {row["position"]: json.loads(row["lacks"]) for row in rows}
        if record is None:
            self.said_about.everything()
        else:
            self.said_about.on(record)
            self.said_about.of(found)
        for position, each in self.said_about.known.items():
            own = "/".join(each.original.stream.split("/")[:2]).replace("governance/", "session/")
            found.pop(position, None)
            if each.lacks and each.counts is not None and record in (None, own):
                found[position] = [still_lacking(rule, (*each.doubted, *each.seconds)) for rule in each.lacks]
        return dict(sorted(found.items()))

    @cached_property
    def _keeps_entries(self) -> bool:
        return SOURCES in self._view.tables

    def _concerned(self, rows: Iterable[sqlite3.Row], parameters: Iterable[Value]) -> None:
        """Work out what was said about these rows, and what a correction may have made one of them."""
        self.said_about.of(row["position"] for row in rows)
        self.said_about.naming(parameters)

    def _stands_as_signed(self, row: sqlite3.Row, *, struck: bool) -> bool:
        standing = self.said_about.known.get(row["position"])
        return standing is None or standing.is_untouched or (struck and standing.counts is None)

    def _as_counted(
        self, rows: list[sqlite3.Row], sql: str, asked: tuple[Value, ...], *, struck: bool, key: str
    ) -> list[sqlite3.Row]:
        """These rows without those of changed entries, and with the rows that these give as they count."""
        changed = {at: each for at, each in self.said_about.known.items() if not each.is_untouched}
        if not changed:
            return rows
        kept = [row for row in rows if self._stands_as_signed(row, struck=struck)]
        counted = self._counted.rows(changed, sql, asked)
        return sorted([*kept, *counted], key=lambda row: (row[key], row["position"]))

    def _revoked(self) -> Revoked:
        """The keys known to be revoked by then, in a view that keeps the revocations."""
        if all(table.name != "revocation" for table in self._view.tables):
            return NONE_REVOKED
        found: dict[str, Revocation] = {}
        for row in self.rows("SELECT * FROM [revocation] WHERE position < ? ORDER BY position", self.position):
            found.setdefault(row["kid"], Revocation(row["position"], row["suspect_from"], row["reason"]))
        return found

    def close(self) -> None:
        """Let go of what was put beside the view."""
        for other in self._others.values():
            other.close()
        self._counted.close()


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
        from_instant(as_of.happened_up_to, "up_to")
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
        seen = Snapshot(connection, view, live.generation, position, until, database.root_at)
        try:
            yield seen
        finally:
            seen.close()
