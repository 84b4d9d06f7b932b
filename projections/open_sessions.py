"""
Which sessions can be open: found from those that were opened and not closed, and not by reading every session.

What was not open at a position is open later only if an entry says so. So the few that may be are kept in memory for
one database, with that position, and the next answer looks only at what was recorded since. They are let go of
with the rows, whenever a key is destroyed or revoked or the view is built anew.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from projections.snapshot import Snapshot
from projections.tables import ViewDatabase

_SAID: Final = "type IN ('entry-corrected/1', 'entry-voided/1', 'countersignature-given/1') AND slot NOT IN ('a', 'b')"
_OPENED: Final = (
    "SELECT o.session AS session FROM [row] o WHERE o.type = 'session-opened/1' AND +o.position < ?1 AND +o.at <= ?2"
    " AND NOT EXISTS (SELECT 1 FROM [row] c WHERE c.type = 'session-closed/1' AND c.session = o.session"
    " AND +c.position < ?1 AND +c.at <= ?2 AND (+c.at > o.at OR (+c.at = o.at AND +c.position > o.position)))"
)
_SAID_ON_JOINT_RECORDS: Final = f"SELECT DISTINCT session FROM [row] WHERE {_SAID} AND +position < ?"
_SINCE: Final = (
    "SELECT DISTINCT session FROM [row] WHERE position >= ? AND position < ?"
    f" AND (type = 'session-opened/1' OR ({_SAID}))"
)
_STATE: Final = "SELECT (SELECT max(epoch) FROM view_keys), (SELECT max(position) FROM [revocation] WHERE position < ?)"


@dataclass(frozen=True, slots=True)
class _Kept:
    """The sessions that may be open at a position, of one build, under one epoch of keys and with the same revoked."""

    state: tuple[object, ...]
    position: int
    sessions: frozenset[str]


_KEPT: WeakKeyDictionary[ViewDatabase, _Kept] = WeakKeyDictionary()
_TURN = threading.Lock()


def may_be_open(seen: Snapshot) -> list[str]:
    """Every session that is open by then, and a few more: those about whose joint record something was said."""
    found = seen.rows(_OPENED, seen.position, seen.until) + seen.rows(_SAID_ON_JOINT_RECORDS, seen.position)
    return [row["session"] for row in found]


def may_be_open_now(database: ViewDatabase, seen: Snapshot) -> list[str]:
    """The same of what is known now."""
    state = _state(seen)
    with _TURN:
        kept = _KEPT.get(database)
    if kept is None or kept.state != state or kept.position > seen.position:
        return may_be_open(seen)
    since = [row["session"] for row in seen.rows(_SINCE, kept.position, seen.position)]
    return sorted({*kept.sessions, *since})


def keep_open(database: ViewDatabase, seen: Snapshot, sessions: frozenset[str]) -> None:
    """Keep which are open at this position; asked of a snapshot of what is known now."""
    kept = _Kept(_state(seen), seen.position, sessions)
    with _TURN:
        _KEPT[database] = kept


def _state(seen: Snapshot) -> tuple[object, ...]:
    return (seen.build, *seen.rows(_STATE, seen.position)[0])
