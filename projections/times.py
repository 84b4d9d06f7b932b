"""
When an entry happened, was written and came, by every clock there is, read from the search view.

A time counts less what its device's clock was ahead, where that is known; what was signed stays and is shown.
Whatever a clock showed, an entry was written after the last entry its device had seen, and before it was received.
Source: the exact rules, section 0, item 1; format v1, sections 3 and 9.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from ledger.bracket import Bracket, Contradiction, bracket, contradiction
from ledger.devices import shifted
from ledger.encoding import from_instant, to_instant
from ledger.payload import Occurred, Seen
from projections.lateness import lateness
from projections.search_rows import SEARCH
from projections.snapshot import AsOf, Snapshot, snapshot
from projections.tables import ViewDatabase

_MILLISECOND = timedelta(milliseconds=1)
_ROWS = "position IN (SELECT value FROM json_each(?))"
_SYNC = (
    "SELECT offset_ms, received FROM [sync] WHERE device = ? AND first_seq <= ? AND last_seq >= ? AND position < ?"
    " ORDER BY position DESC LIMIT 1"
)
_LAST_BELOW = "SELECT received FROM [row] WHERE position < ? ORDER BY position DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Times:
    """
    When an entry happened, was written and came, by every clock there is; instants are UTC.

    `counts_at` is when it happened by the ledger's clock: as signed, less what the device's clock was ahead, and
    never after its receipt. It was written between `not_before` (None when nothing bounds it) and `not_after`.
    `clock_ahead_ms` is None when nobody knows; `contradiction` says what is wrong with the checkpoint it names.
    """

    occurred_at: str
    counts_at: str
    recorded_at: str
    received_at: str
    not_before: str | None
    not_after: str
    device: str | None
    clock_ahead_ms: int | None
    contradiction: Contradiction | None


@dataclass(frozen=True, slots=True)
class Told:
    """The times of one entry, and how late it was in words: nothing when it was written and received at once."""

    times: Times
    words: tuple[str, ...]


def told_at(database: ViewDatabase, positions: Iterable[int], known_at: int | None = None) -> Mapping[int, Told]:
    """
    The times of entries by position, as known at a number of entries; one that was not known then is left out.

    Raises:
        Refused, Conflict: what `snapshot` raises.
    """
    with snapshot(database, SEARCH, AsOf(known_at)) as seen:
        return _told(seen, positions)


def told_beside(seen: Snapshot, positions: Iterable[int]) -> Mapping[int, Told]:
    """The same while another view is read, at its position; nothing while the search view has not come as far."""
    beside = seen.another(SEARCH)
    return {} if beside is None else _told(beside, positions)


def words_of(told: Mapping[int, Told], position: int) -> tuple[str, ...]:
    """How late the entry at a position was."""
    found = told.get(position)
    return () if found is None else found.words


def _told(seen: Snapshot, positions: Iterable[int]) -> Mapping[int, Told]:
    rows = seen.facts("row", _ROWS, json.dumps(sorted(set(positions))), struck=True)
    return {row["position"]: _of(seen, row) for row in rows}


def _of(seen: Snapshot, row: sqlite3.Row) -> Told:
    occurred = Occurred(at=row["at"], offset=row["utc_offset"], precision=row["precision"], zone=row["zone"])
    offset = _offset(seen, row)
    wrong, written = _bracket(seen, row)
    counts = shifted(from_instant(row["at"]), -(offset or timedelta()))
    times = Times(
        occurred_at=row["at"],
        counts_at=to_instant(min(counts, from_instant(row["received"]))),
        recorded_at=row["recorded"],
        received_at=row["received"],
        not_before=written.lower,
        not_after=written.upper,
        device=row["device"] or None,
        clock_ahead_ms=None if offset is None else offset // _MILLISECOND,
        contradiction=wrong,
    )
    return Told(times, lateness(occurred, row["recorded"], row["received"], offset))


def _offset(seen: Snapshot, row: sqlite3.Row) -> timedelta | None:
    """By how much the device's clock was ahead when it was heard with this entry, as `DeviceChain.sync_of` has it."""
    if not row["device"]:
        return None
    heard = seen.rows(_SYNC, row["device"], row["seq"], row["seq"], row["position"])
    if not heard or heard[0]["offset_ms"] is None:
        return None
    offset = heard[0]["offset_ms"] * _MILLISECOND
    read_before = shifted(from_instant(row["recorded"]), -offset) <= from_instant(heard[0]["received"]) + _MILLISECOND
    return offset if read_before else None


def _bracket(seen: Snapshot, row: sqlite3.Row) -> tuple[Contradiction | None, Bracket]:
    checkpoint = Seen(root=row["seen_root"], size=row["seen_size"])
    wrong: Contradiction | None = "ahead-of-log" if checkpoint.size > row["position"] else None
    if wrong is None and seen.root_at is not None:
        wrong = contradiction(checkpoint, row["position"], seen.root_at)
    if wrong is not None:
        return wrong, Bracket(None, row["received"])

    def below(size: int) -> str | None:
        found = seen.rows(_LAST_BELOW, size)
        return found[0]["received"] if found else None

    return None, bracket(checkpoint, row["received"], below)
