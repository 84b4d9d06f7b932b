"""
Who is in whose care: the treatment relationship, as the record itself shows it.

A member of staff is in the care of a couple when they are named or signed in any session that one of the two has part
in, or on a record of one of the two: a plan, an evaluation, an order, a check. To have looked at a record is no care.
What was voided later counts all the same: they were there. Source: none; where treatment begins is ours [D].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ledger.events.access import SysBreakGlassUsed
from ledger.events.reviews import AccessReviewCompleted
from ledger.reading import PlacedEvent
from projections.search_rows import SEARCH
from projections.snapshot import NOW, AsOf, snapshot
from projections.tables import ViewDatabase

_NAMED: Final = (
    "SELECT DISTINCT r.session AS session, r.record AS record FROM [term] t JOIN [row] r ON r.position = t.position"
    " WHERE t.value = ? AND t.kind = 'staff' AND t.position < ? AND (r.session > '' OR r.record LIKE 'person/%')"
)
_TAGS: Final = "SELECT tag, session FROM [tag] WHERE position < ?"
_TIED: Final = "SELECT DISTINCT record, person FROM [tie] WHERE position < ? AND record LIKE 'session/%'"


@dataclass(frozen=True, slots=True)
class InCare:
    """The sessions of everybody in whose care somebody is, as the first `position` entries of the log say."""

    position: int
    sessions: frozenset[str]


def in_care(database: ViewDatabase, staff: str) -> InCare:
    """
    In whose care this member of staff is, as of now.

    It reads every row that names them: ask it seldom, and keep the answer.

    Raises:
        Conflict: `view-rebuilding`.
    """
    with snapshot(database, SEARCH, NOW) as seen:
        named = seen.rows(_NAMED, staff, seen.position)
        tied = [(str(row["record"]), str(row["person"])) for row in seen.rows(_TIED, seen.position)]
    sessions = {str(row["session"]) for row in named if row["session"]}
    people = {str(row["record"]) for row in named if not row["session"]}
    people |= {person for session, person in tied if session in sessions}
    return InCare(seen.position, frozenset(sessions | {session for session, person in tied if person in people}))


@dataclass(frozen=True, slots=True)
class GlassBroken:
    """One use of emergency access: where it stands, of which session, and who reviewed it where."""

    position: int
    received: str
    session: str
    reviewed: tuple[int, ...]

    @property
    def evidence(self) -> tuple[int, ...]:
        """The entry, and its reviews."""
        return (self.position, *self.reviewed)


def glass_broken(
    database: ViewDatabase, read: Callable[[int], PlacedEvent | None], as_of: AsOf = NOW
) -> tuple[int, list[tuple[GlassBroken, SysBreakGlassUsed]]]:
    """
    Every use of emergency access, the newest first, and the position it was computed at; `read` gives an entry.

    Raises:
        Refused, Invalid, Conflict: what `snapshot` raises.
    """
    with snapshot(database, SEARCH, as_of) as seen:
        uses = seen.facts("row", "type = ?", SysBreakGlassUsed.type_tag())
        reviews = seen.facts("row", "type = ?", AccessReviewCompleted.type_tag())
        tags = {row["tag"]: str(row["session"]) for row in seen.rows(_TAGS, seen.position)}
        position = seen.position
    covered: dict[str, list[int]] = {}
    for row in reviews:
        placed = read(row["position"])
        for each in placed.event.glass_broken if placed and isinstance(placed.event, AccessReviewCompleted) else ():
            covered.setdefault(each.id, []).append(row["position"])
    found = []
    for row in reversed(uses):
        placed = read(row["position"])
        if placed is not None and isinstance(event := placed.event, SysBreakGlassUsed):
            reviewed = tuple(covered.get(placed.payload.id, ()))
            use = GlassBroken(row["position"], row["received"], tags.get(event.record, ""), reviewed)
            found.append((use, event))
    return position, found
