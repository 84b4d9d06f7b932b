"""
Letting go: after an erasure no view holds a value of that person.

Each row of a view comes from one event, the one at its position. So the rows of every event in which something
was sealed for a person whose key is gone are made again, from what can still be read, and the words `erased`
stand where values stood. The tables are then those that building from zero gives.
What was deleted is overwritten in the file (`secure_delete`); `ViewDatabase.forget_deleted` empties the
write-ahead log.
An entry that is no longer kept is such an event too: `expired` stands in the place of its whole row.
The epoch of the keys that the rows were made under is kept with them: when it is not the current one, whoever
follows the log first does this, so a crash in between, or another process, leaves nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from ledger.follow import place
from ledger.reading import PlacedEvent
from ledger.store.port import EventRow, Store
from ledger.store.subject_keys import SubjectKeys
from projections.position import Position, positions
from projections.stock_kept import forget
from projections.tables import ViewDatabase
from projections.view import View

_FIND_EPOCH = "SELECT epoch FROM view_keys"
_SET_EPOCH = "INSERT INTO view_keys (one, epoch) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET epoch = excluded.epoch"


def epoch_of(connection: sqlite3.Connection) -> int | None:
    """The epoch under which the rows were made; None when nobody has said so yet."""
    row = connection.execute(_FIND_EPOCH).fetchone()
    return None if row is None else int(row[0])


def let_go(database: ViewDatabase, store: Store, subject_keys: SubjectKeys, views: Iterable[View]) -> bool:
    """
    Make the rows again that rest on what cannot be read any more, in every build; whether there was a need.

    Reads the index of all blocks, and then only the events concerned.
    """
    epoch = subject_keys.epoch
    with database.reading() as connection:
        if epoch_of(connection) == epoch:
            return False
    events = [
        place(store, row, subject_keys)
        for position in sorted({*_gone_at(store, subject_keys), *_no_longer_kept(store)})
        if isinstance(row := store.row(position), EventRow)
    ]
    known = {(view.name, view.fingerprint): view for view in views}
    with database.writing() as connection:
        for build in positions(connection):
            view = known.get((build.view, build.fingerprint))
            _make_again(connection, build, view, events)
        connection.execute(_SET_EPOCH, (epoch,))
    forget(database)
    return True


def _gone_at(store: Store, subject_keys: SubjectKeys) -> Sequence[int]:
    """The positions of all events with a block whose subject's key is gone."""
    return store.positions_about([each for each in store.subjects() if subject_keys.key_of(each) is None])


def _no_longer_kept(store: Store) -> Iterator[int]:
    """The positions of all envelopes that were removed; a new epoch of the keys begins after each removal."""
    for ending in store.endings():
        if ending.removed:
            yield from store.ended(ending.under)


def _make_again(
    connection: sqlite3.Connection, build: Position, view: View | None, events: Sequence[PlacedEvent]
) -> None:
    """The rows of these events in one build; of a definition that is no longer known they are only removed."""
    tables = _tables(connection, build)
    for placed in events:
        if placed.position >= build.reached:
            break
        for table in tables:
            connection.execute(f'DELETE FROM "{table}" WHERE position = ?', (placed.position,))
        if view is not None:
            for statement in view.statements(placed):
                connection.execute(view.sql(statement.sql, build.generation), statement.parameters)


def _tables(connection: sqlite3.Connection, build: Position) -> list[str]:
    beginning, ending = f"{build.view}__", f"__{build.generation}"
    return [
        str(name)
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        if name.startswith(beginning) and name.endswith(ending)
    ]
