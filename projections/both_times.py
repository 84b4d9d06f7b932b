"""
The two times of a question, as somebody asks: what was known by then, and what had happened by then.

    known_at   118                       when the log had 118 entries
    known_at   2026-05-16T15:00-04:00    when the last entry received by then was the newest
    up_to      2026-05-16T15:00-04:00    whatever is said to have happened by then

A time names its zone or offset; one without is refused, because nobody can tell whose clock is meant.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from ledger.encoding import to_instant
from ledger.errors import Invalid, Refused
from projections.search_rows import SEARCH
from projections.snapshot import AsOf, Snapshot, snapshot
from projections.tables import ViewDatabase

_TIME: Final = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?$")
_REMEDY: Final = "Write it as 2026-05-16T15:00:00Z, or with an offset: 2026-05-16T11:00-04:00."

_SET_BACK: Final = "SELECT position FROM [row] WHERE type = 'clock-corrected/1' AND position < ? ORDER BY position DESC"
_NEXT: Final = "SELECT position, received FROM [row] WHERE position >= ? AND position < ? ORDER BY position LIMIT 1"


def asked(database: ViewDatabase, known_at: str | None, up_to: str | None) -> AsOf:
    """
    Both times of a question; None is now.

    Raises:
        Invalid: `instant` or `naive-time`, with the field.
        Refused, Conflict: what `snapshot` raises.
    """
    happened = None if up_to is None else moment(up_to, "up_to")
    if known_at is None:
        return AsOf(None, happened)
    if known_at.isascii() and known_at.isdigit() and len(known_at) < 16:
        return AsOf(int(known_at), happened)
    if not known_at[:1].isdigit() or "T" not in known_at:
        raise Invalid("instant", "This is neither a number of entries nor a time.", field="known_at", remedy=_REMEDY)
    return AsOf(entries_by(database, moment(known_at, "known_at")), happened)


def size_asked(when: AsOf, size: int) -> int:
    """
    How many of a log's entries a question is about, of the `size` there are.

    Raises:
        Refused: `not-known-yet`, for more than there are.
    """
    if when.known_at is None:
        return size
    if not 0 <= when.known_at <= size:
        raise Refused(
            "not-known-yet",
            f"The log has {size} entries, not {when.known_at}.",
            field="known_at",
            remedy="Ask for a position up to that.",
        )
    return when.known_at


def moment(text: str, field: str) -> str:
    """
    The instant of a time as people write it, in the spelling of the log.

    Raises:
        Invalid: `instant`, or `naive-time` for one without zone or offset.
    """
    found = _TIME.fullmatch(text) if text.isascii() else None
    if found is None:
        raise Invalid("instant", "This is not a time.", field=field, remedy=_REMEDY)
    if found[1] is None:
        raise Invalid("naive-time", "A time without its zone is ambiguous.", field=field, remedy=_REMEDY)
    try:
        return to_instant(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise Invalid("instant", "There is no such time.", field=field, remedy=_REMEDY) from None


def entries_by(database: ViewDatabase, instant: str) -> int:
    """
    How many entries the log had at an instant of its own clock: one more than the last position received by then.

    A time after the last entry gives all there are. Costs some twenty look-ups for a million entries.
    """
    with snapshot(database, SEARCH) as seen:
        end = seen.position
        for start in [*(row["position"] for row in seen.rows(_SET_BACK, seen.position)), 0]:
            if (found := _last(seen, start, end, instant)) is not None:
                return found + 1
            end = start
        return 0


def _last(seen: Snapshot, start: int, end: int, instant: str) -> int | None:
    """The last position received by then, between two corrections of the clock, where times only grow."""
    last = None
    while start < end:
        middle = (start + end) // 2 if last is not None else start
        rows = seen.rows(_NEXT, middle, end)
        if rows and rows[0]["received"] <= instant:
            last = int(rows[0]["position"])
            start = last + 1
        elif last is None:
            return None
        else:
            end = middle
    return last
