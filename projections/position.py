"""
How far a view has read the log: the position table, one row for each build of a view.

`reached` is the number of log positions taken in, so it is also the next one to read, and compares with the
size of a checkpoint.
A parked build says at which position it stopped and why; it goes on only when somebody says so.
`leaf` is the leaf of the last row taken in: a build belongs to one log and notices when that was exchanged.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Literal

from ledger.errors import Refused
from projections.view import View


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a view cannot go past a position."""

    position: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Position:
    """One build of a view; `live` is the one that readers see."""

    view: str
    generation: int
    fingerprint: str
    live: bool
    reached: int
    leaf: bytes | None
    state: Literal["running", "parked"]
    fault: Fault | None


_ALL = "SELECT * FROM view_position ORDER BY view, generation"


def positions(connection: sqlite3.Connection) -> list[Position]:
    """All builds of all views."""
    return [_position(row) for row in connection.execute(_ALL)]


def live_position(connection: sqlite3.Connection, view: str) -> Position | None:
    """The build that readers see, None before the first one was begun."""
    row = connection.execute("SELECT * FROM view_position WHERE view = ? AND live = 1", (view,)).fetchone()
    return None if row is None else _position(row)


def begin_build(connection: sqlite3.Connection, view: View, generation: int, *, live: bool) -> None:
    """Make an empty build that has read nothing."""
    view.create(connection, generation)
    connection.execute(
        "INSERT INTO view_position VALUES (?, ?, ?, ?, 0, NULL, 'running', NULL, '', '')",
        (view.name, generation, view.fingerprint, int(live)),
    )


def move(connection: sqlite3.Connection, at: Position, reached: int, leaf: bytes | None, fault: Fault | None) -> None:
    """Say that a build has taken in the log below `reached`, and stands there if there is a fault."""
    connection.execute(
        "UPDATE view_position SET reached = ?, leaf = ?, state = ?, parked_at = ?, code = ?, message = ?"
        " WHERE view = ? AND generation = ?",
        (
            reached,
            leaf,
            "parked" if fault else "running",
            fault.position if fault else None,
            fault.code if fault else "",
            fault.message if fault else "",
            at.view,
            at.generation,
        ),
    )


def forget_build(connection: sqlite3.Connection, at: Position) -> None:
    """Remove a build's row; its tables go with `drop_build`."""
    connection.execute("DELETE FROM view_position WHERE view = ? AND generation = ?", (at.view, at.generation))


def unknown_view(name: str) -> Refused:
    """The refusal for a view nobody runs."""
    return Refused("not-found", f"There is no view called {name}.", field="view", remedy="Ask for the list of views.")


def _position(row: sqlite3.Row) -> Position:
    fault = None
    if row["state"] == "parked":
        fault = Fault(row["parked_at"], row["code"], row["message"])
    return Position(
        row["view"],
        row["generation"],
        row["fingerprint"],
        bool(row["live"]),
        row["reached"],
        row["leaf"],
        row["state"],
        fault,
    )
