"""
Building a view again beside the old one, and letting readers see it at one stroke.

A view of the same definition must come to the same rows: they are compared by digest at the same position,
and a difference is refused unless somebody accepts it.
It has two causes: the file was altered, or the fold is not pure. (After an erasure the old rows were made again.)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from ledger.errors import Refused
from projections.position import Position, begin_build, forget_build, positions
from projections.tables import ViewDatabase
from projections.view import View, drop_build


def begin_beside(
    connection: sqlite3.Connection, view: View, known: Iterable[Position], *, anyway: bool = False
) -> None:
    """
    Begin a build of this view if there is none of this definition; `anyway` also beside one that is live.

    A build that was begun and interrupted is kept if it is of this definition, and removed if not.
    """
    mine = [at for at in known if at.view == view.name]
    live = next((at for at in mine if at.live), None)
    current = False
    for at in mine:
        if at.live:
            continue
        if at.fingerprint == view.fingerprint and at.state == "running":
            current = True
        else:
            _remove(connection, at)
    if live is None:
        begin_build(connection, view, _next(mine), live=True)
    elif not current and (anyway or live.fingerprint != view.fingerprint):
        begin_build(connection, view, _next(mine), live=False)


def switch(database: ViewDatabase, view: View, *, accept_changes: bool = True) -> str:
    """
    Let readers see the new build instead of the old, and remove the old; the digest of the new rows.

    Raises:
        Refused: `view-parked`, `view-behind` (it knows less than the old one), or `rebuild-differs`.
    """
    with database.writing() as connection:
        mine = [at for at in positions(connection) if at.view == view.name]
        old = next(at for at in mine if at.live)
        new = next((at for at in mine if not at.live), None)
        if new is None:
            return view.digest(connection, old.generation)  # of another definition: switched as it caught up
        if new.fault is not None:
            raise Refused(
                "view-parked",
                f"The new build of {view.name} stands at position {new.fault.position}: {new.fault.code}.",
                field="view",
                remedy="Have the cause removed, then rebuild again.",
            )
        if new.reached < old.reached:
            raise Refused(
                "view-behind",
                f"The new build of {view.name} knows {new.reached} entries, the old one {old.reached}.",
                field="view",
                remedy="Rebuild again.",
            )
        digest = view.digest(connection, new.generation)
        same_definition = new.fingerprint == old.fingerprint and new.reached == old.reached
        if same_definition and not accept_changes and digest != view.digest(connection, old.generation):
            raise Refused(
                "rebuild-differs",
                f"At position {new.reached} the new rows of {view.name} are not the old ones.",
                field="view",
                remedy="Find out who altered it, then accept the changes.",
            )
        _remove(connection, old)
        connection.execute(
            "UPDATE view_position SET live = 1 WHERE view = ? AND generation = ?", (new.view, new.generation)
        )
    return digest


def discard(database: ViewDatabase, view: View) -> None:
    """Remove the build beside the live one."""
    with database.writing() as connection:
        for at in positions(connection):
            if at.view == view.name and not at.live:
                _remove(connection, at)


def _remove(connection: sqlite3.Connection, at: Position) -> None:
    drop_build(connection, at.view, at.generation)
    forget_build(connection, at)


def _next(mine: Iterable[Position]) -> int:
    return max((at.generation for at in mine), default=0) + 1
