"""Whose a record is, and which sessions a couple or a place has, for a search: as corrected by then."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

from ledger.effective import Standing
from projections.search_rows import terms, ties
from projections.snapshot import Snapshot

_TIES: Final = "SELECT position, record, slot FROM [tie] WHERE person = ? AND position < ?"
_PLANS: Final = ("session-scheduled/1", "session-rescheduled/1", "session-opened/1")
_PLANNED: Final = (
    "SELECT position, session FROM [row] WHERE session > '' AND position < ?"
    f" AND type IN {_PLANS}"
    " AND position IN (SELECT position FROM [term] WHERE value = ? AND kind = ?)"
)


def tied(seen: Snapshot, person: str) -> list[tuple[str, str]]:
    """The records that say they are this person's, and in which slot, as corrected by then."""
    rows = seen.rows(_TIES, person, seen.position)
    changed = _changed(seen, rows, person)
    found = [(str(row["record"]), str(row["slot"])) for row in rows if row["position"] not in changed]
    for each in changed.values():
        found += [(record, slot) for record, slot, who in ties(each.counts) if who == person]
    return list(dict.fromkeys(found))


def planned(seen: Snapshot, kind: str, identifier: str) -> list[str]:
    """The sessions that were planned for a couple, or planned or opened at a place."""
    rows = seen.rows(_PLANNED, seen.position, identifier, kind)
    changed = _changed(seen, rows, identifier)
    found = [str(row["session"]) for row in rows if row["position"] not in changed]
    for each in changed.values():
        placed = each.counts
        if placed is not None and placed.payload.type in _PLANS and (kind, identifier) in terms(placed):
            found.append(placed.stream)
    return list(dict.fromkeys(found))


def _changed(seen: Snapshot, rows: Iterable[sqlite3.Row], identifier: str) -> dict[int, Standing]:
    """Of these rows, and of what a correction has name this identifier, what does not count as it was signed."""
    seen.said_about.of(row["position"] for row in rows)
    seen.said_about.naming([identifier])
    return {at: each for at, each in seen.said_about.known.items() if not each.is_untouched}
