"""
One answer from one state: what a query reads belongs together, and names the position it was computed at.

`known_at` asks what the log said when it had that many entries, `happened_up_to` what had happened by then;
both include their end.
The number an answer gives as its `position` can be handed back as `known_at`, and gives the same answer.

In a view that keeps its entries whole (`projections.sources`) facts count as they stand by then: a corrected entry
with its corrected values, a voided one not at all.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from ledger.bracket import RootAt
from ledger.effective import Standing, standings
from ledger.encoding import from_instant
from ledger.errors import Conflict, Refused
from ledger.keys import NONE_REVOKED, Revocation, Revoked
from ledger.second_signatures import still_lacking
from projections.position import live_position
from projections.sources import SOURCES, named, read_source
from projections.tables import ViewDatabase
from projections.view import Value, View

END_OF_TIME = "9999-12-31T23:59:59.999999Z"

# A unary plus keeps SQLite from reading all positions below a limit instead of the few rows that an index has.
_SAID = "SELECT * FROM [source] WHERE about > '' AND +position < ?"
_ENTRY = "SELECT * FROM [source] WHERE dig = ? AND position < ?"

_DOUBTED = (
    "SELECT s.* FROM [revocation] r JOIN [second] k ON k.kid = r.kid JOIN [source] s ON s.position = k.position"
    " WHERE r.position < ?1 AND k.position < ?1 AND k.position >= coalesce(r.suspect_from, r.position)"
)

_LACKING = "SELECT position, lacks FROM [source] WHERE lacks > '' AND +position < ?"
_LACKING_OF = f"{_LACKING} AND record = ?"

_FACTS = "SELECT * FROM [facts] WHERE position < ? AND at <= ? AND (condition) ORDER BY at, position"
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
        self._beside: sqlite3.Connection | None = None
        self._standings: dict[int, Standing] | None = None

    @property
    def build(self) -> int:
        """Which build of the view this is: another definition, or a build made anew, is another one."""
        return self._generation

    def rows(self, sql: str, *parameters: Value) -> list[sqlite3.Row]:
        """The rows of a query, whose tables stand in brackets."""
        return self._connection.execute(self._view.sql(sql, self._generation), parameters).fetchall()

    def facts(self, table: str, where: str = "1", *parameters: Value, struck: bool = False) -> list[sqlite3.Row]:
        """
        The rows of a table with `position` and `at`, as of both axes, in the order they happened.

        They say what counts by then; with `struck` what does not count any more stands among them as it was signed.
        """
        sql = _FACTS.replace("[facts]", f"[{table}]").replace("(condition)", f"({where})")
        asked: tuple[Value, ...] = (self.position, self.until, *parameters)
        rows = self.rows(sql, *asked)
        changed = {at: each for at, each in self.standings().items() if not each.is_untouched}
        if not changed:
            return rows
        kept = [row for row in rows if (each := changed.get(row["position"])) is None or (struck and not each.counts)]
        counted = self._counted(changed).execute(self._view.sql(sql, self._generation), asked).fetchall()
        return sorted([*kept, *counted], key=lambda row: (row["at"], row["position"]))

    def recorded(
        self, table: str, where: str, *parameters: Value, start: int, limit: int, narrow: bool = False
    ) -> list[sqlite3.Row]:
        """
        The first `limit` rows from position `start` on, in the order of the log; else as `facts` with `struck`.

        `narrow` says that few rows fulfil the condition: they are then found by it, and not position by position.
        """
        asking = _RECORDED.replace("position <", "+position <").replace("position >", "+position >")
        sql = (asking if narrow else _RECORDED).replace("[facts]", f"[{table}]").replace("(condition)", f"({where})")
        asked: tuple[Value, ...] = (self.position, self.until, start, *parameters)
        changed = {at: each for at, each in self.standings().items() if not each.is_untouched}
        rows = self.rows(f"{sql} LIMIT ?", *asked, limit + len(changed))
        kept = [row for row in rows if (each := changed.get(row["position"])) is None or not each.counts]
        counted = self._counted(changed).execute(self._view.sql(sql, self._generation), asked).fetchall()
        return sorted([*kept, *counted], key=lambda row: int(row["position"]))[:limit]

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

    def standings(self) -> dict[int, Standing]:
        """
        How every entry stands that something was said about by then; nothing in a view that keeps none.

        So do those that came with a second signature by a key which is known by then not to count there.
        """
        if self._standings is None:
            self._standings = self._stand() if SOURCES in self._view.tables else {}
        return self._standings

    def lacking(self, record: str | None = None) -> dict[int, list[str]]:
        """The signatures still missing by then, in words, by the position of the entry; of one record or of all."""
        rows = self.rows(_LACKING, self.position) if record is None else self.rows(_LACKING_OF, self.position, record)
        found: dict[int, list[str]] = {row["position"]: json.loads(row["lacks"]) for row in rows}
        for position, each in self.standings().items():
            own = "/".join(each.original.stream.split("/")[:2]).replace("governance/", "session/")
            found.pop(position, None)
            if each.lacks and each.counts is not None and record in (None, own):
                found[position] = [still_lacking(rule, (*each.doubted, *each.seconds)) for rule in each.lacks]
        return dict(sorted(found.items()))

    def _stand(self) -> dict[int, Standing]:
        revoked = self._revoked()
        found = {row["dig"]: read_source(row) for row in self.rows(_SAID, self.position)}
        for row in self.rows(_DOUBTED, self.position) if revoked else ():
            found[row["dig"]] = read_source(row)
        wanted = [dig for dig in named(found.values()) if dig not in found]
        for dig in dict.fromkeys(wanted):
            for row in self.rows(_ENTRY, dig, self.position):
                found[dig] = read_source(row)
        return standings(found.values(), revoked)

    def _revoked(self) -> Revoked:
        """The keys known to be revoked by then, in a view that keeps the revocations."""
        if all(table.name != "revocation" for table in self._view.tables):
            return NONE_REVOKED
        found: dict[str, Revocation] = {}
        for row in self.rows("SELECT * FROM [revocation] WHERE position < ? ORDER BY position", self.position):
            found.setdefault(row["kid"], Revocation(row["position"], row["suspect_from"], row["reason"]))
        return found

    def _counted(self, changed: Mapping[int, Standing]) -> sqlite3.Connection:
        """The rows that the changed entries give as they count, in tables of the same names beside the view's."""
        if self._beside is None:
            self._beside = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
            self._beside.row_factory = sqlite3.Row
            self._view.create(self._beside, self._generation)
            for each in changed.values():
                for statement in self._view.statements(each.counts) if each.counts is not None else ():
                    self._beside.execute(self._view.sql(statement.sql, self._generation), statement.parameters)
        return self._beside

    def close(self) -> None:
        """Let go of what was put beside the view."""
        for other in self._others.values():
            other.close()
        if self._beside is not None:
            self._beside.close()
            self._beside = None


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
