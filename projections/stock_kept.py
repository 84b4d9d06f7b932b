"""
Sheets that were worked out and still hold: a listing works out only those of containers to which something happened.

A sheet is a pure function of rows that only grow, so it holds as long as nothing was added that it rests on:
a fact of its container, anything said about any entry, a planning of a session, a name, a dose given in part.
Let go of with the rows: once a key is destroyed or an envelope removed, none of them is kept any more.
They are kept in memory, for one database; the first listing after a start reads everything once.
Only what is known now is kept; a question about the past is worked out from its entries.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias
from weakref import WeakKeyDictionary

from projections.snapshot import Snapshot
from projections.stock_sheet import Sheet
from projections.tables import ViewDatabase

_ALL: Final = (
    "SELECT (SELECT max(position) FROM [source] WHERE about > '' AND position < ?1) AS said,"
    " (SELECT max(position) FROM [revocation] WHERE position < ?1) AS revoked,"
    " (SELECT max(position) FROM [session] WHERE position < ?1) AS planned,"
    " (SELECT max(position) FROM [name] WHERE position < ?1) AS named,"
    " (SELECT max(position) FROM [shortened] WHERE position < ?1) AS shortened,"
    " (SELECT max(epoch) FROM view_keys) AS epoch"
)
_EACH: Final = (
    "SELECT container, count(*) AS facts, max(position) AS last FROM [fact] WHERE position < ? GROUP BY container"
)

State: TypeAlias = tuple[object, ...]
"""What a sheet rests on, told apart by the newest row of each kind."""


@dataclass
class _Sheets:
    """The sheets of one database, with the state of all of them and of each."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    all: State = ()
    each: dict[str, tuple[State, Sheet]] = field(default_factory=dict)


_KEPT: WeakKeyDictionary[ViewDatabase, _Sheets] = WeakKeyDictionary()
_TURN = threading.Lock()


class KeptSheets:
    """The sheets kept for a database, as far as they hold in one snapshot of what is known now."""

    def __init__(self, database: ViewDatabase, seen: Snapshot) -> None:
        with _TURN:
            self._sheets = _KEPT.setdefault(database, _Sheets())
        (row,) = seen.rows(_ALL, seen.position)
        self._all: State = (seen.build, *row)
        self._each = {row["container"]: (row["facts"], row["last"]) for row in seen.rows(_EACH, seen.position)}
        self._position = seen.position

    def sheet(self, container: str, work_out: Callable[[str], tuple[Sheet | None, bool]]) -> Sheet | None:
        """The sheet that holds, or the one worked out now; kept if `work_out` says that it is whole."""
        state = self._each.get(container)
        with self._sheets.turn:
            if self._sheets.all != self._all:
                self._sheets.all, self._sheets.each = self._all, {}
            known = self._sheets.each.get(container)
        if known is not None and state is not None and known[0] == state:
            return replace(known[1], position=self._position)
        sheet, is_whole = work_out(container)
        if sheet is not None and state is not None and is_whole:
            with self._sheets.turn:
                if self._sheets.all == self._all:
                    self._sheets.each[container] = (state, sheet)
        return sheet


def forget(database: ViewDatabase) -> None:
    """Keep no sheet of this database any more; what is asked next is worked out from its rows."""
    with _TURN:
        _KEPT.pop(database, None)
