"""
One batch: a stretch of the log decoded once, and for each view its rows and its position in one transaction.

A view that cannot take in an event is parked before it, with its code and message, and the others go on.
A message never repeats a value from the event: it is shown to people who may not read that event.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import LedgerError, NotNow, TamperDetected
from ledger.follow import events_from
from ledger.reading import PlacedEvent
from ledger.store.port import EventRow, Store
from ledger.store.subject_keys import SubjectKeys
from projections.position import Fault, Position, move, positions
from projections.tables import ViewDatabase
from projections.view import Statement, View

Build = tuple[View, Position]
"""A view and the build of it that is to be moved on."""


@dataclass(frozen=True, slots=True)
class _Folded:
    """What a stretch of the log changes in one view, and where it could not go on."""

    changes: list[tuple[PlacedEvent, list[Statement]]]
    fault: Fault | None


def take_in(
    database: ViewDatabase, store: Store, subject_keys: SubjectKeys | None, builds: Sequence[Build], end: int
) -> None:
    """
    Move these builds, which all stand at one position, on to `end`.

    Nothing changes when another process moved one of them meanwhile, or when somebody was erased meanwhile.

    Raises:
        TamperDetected: `other-log`, when the log no longer holds the row that was taken in last.
    """
    start = builds[0][1].reached
    epoch = None if subject_keys is None else subject_keys.epoch
    for view, at in builds:
        _require_same_log(store, view, at)
    events, unreadable = _decoded(store, subject_keys, start, end)
    folded = [_fold(view, events, unreadable) for view, _ in builds]
    with database.writing() as connection:
        if not {at for _, at in builds} <= set(positions(connection)):
            return
        if subject_keys is not None and subject_keys.epoch != epoch:
            return
        for (view, at), changes in zip(builds, folded, strict=True):
            fault = _write(connection, view, at.generation, changes)
            reached = fault.position if fault else end
            move(connection, at, reached, _leaf(store, reached), fault)


def _require_same_log(store: Store, view: View, at: Position) -> None:
    if _leaf(store, at.reached) != at.leaf:
        raise TamperDetected(
            "other-log",
            f"The view {view.name} was built from a log that had another entry here.",
            position=at.reached - 1,
            remedy="Find out why the log changed; then delete the read models and build them again.",
        )


def _leaf(store: Store, reached: int) -> bytes | None:
    """The leaf of the last row below `reached`."""
    row = store.row(reached - 1) if reached else None
    return None if row is None else row.leaf


def _decoded(
    store: Store, subject_keys: SubjectKeys | None, start: int, end: int
) -> tuple[list[PlacedEvent], Fault | None]:
    """The events from `start` up to `end`, or up to the first position that is missing or cannot be read."""
    missing = next((p for p in (start, end - 1) if store.row(p) is None), None)
    events: list[PlacedEvent] = []
    if missing is not None:
        return events, Fault(missing, "entry-missing", "A position is missing.")
    try:
        for placed in events_from(store, subject_keys, start, end - start):
            expected = events[-1].position + 1 if events else start
            if placed.position < expected:
                return events, Fault(expected, "entry-repeated", "A position is there twice.")
            events.append(placed)
    except NotNow:
        raise  # a disk that fails is no fault of the event
    except LedgerError as error:
        position = error.position if isinstance(error, TamperDetected) else None
        if position is None:
            after = events[-1].position + 1 if events else start
            position = next(p for p in range(after, end) if isinstance(store.row(p), EventRow))
        return events, Fault(position, error.code, error.message)
    return events, None


def _fold(view: View, events: Sequence[PlacedEvent], unreadable: Fault | None) -> _Folded:
    changes: list[tuple[PlacedEvent, list[Statement]]] = []
    for placed in events:
        try:
            statements = view.statements(placed)
        except LedgerError as error:
            return _Folded(changes, Fault(placed.position, error.code, error.message))
        except Exception as error:  # noqa: BLE001, RUF100  # whatever it is: shown, and nothing skipped
            return _Folded(changes, _fault("fold-failed", placed, error))
        if statements:
            changes.append((placed, statements))
    return _Folded(changes, unreadable)


def _write(connection: sqlite3.Connection, view: View, generation: int, folded: _Folded) -> Fault | None:
    """Write the rows; at a row the tables refuse, only those of the events before it."""
    connection.execute("SAVEPOINT one_view")
    fault, changes = folded.fault, folded.changes
    for count, (placed, statements) in enumerate(changes):
        try:
            _execute(connection, view, generation, statements)
        except (sqlite3.Error, OverflowError, UnicodeError) as error:
            if _is_of_the_disk(error):
                raise
            fault = _fault("row-refused", placed, error)
            connection.execute("ROLLBACK TO one_view")
            for _, before in changes[:count]:
                _execute(connection, view, generation, before)
            break
    connection.execute("RELEASE one_view")
    return fault


def _execute(connection: sqlite3.Connection, view: View, generation: int, statements: list[Statement]) -> None:
    for statement in statements:
        connection.execute(view.sql(statement.sql, generation), statement.parameters)


def _is_of_the_disk(error: Exception) -> bool:
    """A full disk or a lock is no fault of a view: the whole batch is undone and tried again."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return isinstance(error, sqlite3.OperationalError) and code != sqlite3.SQLITE_ERROR


def _fault(code: str, placed: PlacedEvent, error: Exception) -> Fault:
    return Fault(placed.position, code, f"{type(error).__name__} at an event {placed.payload.type}.")
