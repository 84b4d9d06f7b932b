"""
Searching all records: the events that pass every filter, in the order they were recorded, a page at a time.

    position 42  session  A  10:05   100 mg sublingual from own-A    RN1 nurse, performed     received 3 days later

A row says the same as a session's timeline says, with the record it stands on; what does not count any more is
found as it was signed. `next` is the position to go on from, None at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.errors import Refused
from projections.names import Names
from projections.search_filters import condition_of
from projections.search_marks import marks_of
from projections.search_rows import SEARCH
from projections.session_timeline import TimelineRow, audible, said_row
from projections.snapshot import NOW, AsOf, snapshot
from projections.tables import ViewDatabase
from projections.times import told_beside
from projections.viewer import viewer_of

PAGE = 100
"""Events of a page, unless another number is asked for."""
MOST = 500
"""Events of a page at most."""


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """One event: its record, the session it belongs to (empty for none), when it was received, and its row."""

    position: int
    record: str
    session: str
    received: str
    row: TimelineRow

    @property
    def evidence(self) -> tuple[int, ...]:
        """The log position of the event."""
        return (self.position,)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of what was found, with what was asked, computed at a log position."""

    position: int
    viewer: str
    filters: Mapping[str, str]
    found: tuple[FoundEvent, ...]
    next: int | None


def search(
    database: ViewDatabase,
    filters: Mapping[str, str],
    *,
    for_partner: str | None = None,
    start: int = 0,
    limit: int = PAGE,
    as_of: AsOf = NOW,
    left_out: frozenset[str] = frozenset(),
) -> SearchResult:
    """
    The events that pass all filters (`search_filters.FILTERS`), from position `start` on, at most `limit`.

    `left_out` are types that this reader may not read; their whole records are not found and not counted.

    Raises:
        Refused, Invalid: what `condition_of` raises; `unknown-viewer`, `unknown-filter` for a limit that is none;
            and what `snapshot` raises.
    """
    viewer = viewer_of(for_partner)
    if not 1 <= limit <= MOST or start < 0:
        name = "start" if start < 0 else "limit"
        raise Refused("unknown-filter", "There is no such page.", field=name, remedy=f"A page has 1 to {MOST} events.")
    with snapshot(database, SEARCH, as_of) as seen:
        names = Names(seen)
        condition = condition_of(filters, seen, viewer, left_out)
        rows = seen.recorded(
            "row", condition.sql, *condition.parameters, start=start, limit=limit + 1, narrow=condition.narrow
        )
        page, rest = rows[:limit], rows[limit:]
        marks = marks_of(seen, [row["position"] for row in page])
        times = told_beside(seen, [row["position"] for row in page])
        found = tuple(
            FoundEvent(
                row["position"],
                row["record"],
                row["session"],
                row["received"],
                said_row(
                    row,
                    names,
                    viewer,
                    audible(marks[row["position"]], names, viewer),
                    seen,
                    times.get(row["position"]),
                ),
            )
            for row in page
        )
        following = rest[0]["position"] if rest else None
        return SearchResult(seen.position, viewer.words, dict(filters), found, following)
