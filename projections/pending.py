"""
What still lacks a second signature, over all records: what somebody has to do before they go home.

    16 May 10:05  A  100 mg sublingual from own-A      observed, by a nurse or prescriber      pos. 42

A correction of a critical field stands here too until somebody has reviewed it.
Somebody who was asked and disputes has not signed: that entry stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from projections.names import Names
from projections.session_rows import SESSIONS
from projections.snapshot import NOW, AsOf, Snapshot, snapshot
from projections.tables import ViewDatabase
from projections.times import told_beside, words_of

_ROW = "SELECT * FROM [row] WHERE position = ?"
_ENTRY = "SELECT * FROM [source] WHERE position = ?"


@dataclass(frozen=True, slots=True)
class Lacking:
    """One entry and the signatures it lacks; `session` is empty for another record's; `late` is how late it was."""

    position: int
    session: str
    record: str
    slot: str
    local: str
    type: str
    phrase: str
    lacks: tuple[str, ...]
    late: tuple[str, ...] = ()

    @property
    def evidence(self) -> tuple[int, ...]:
        """The log position of the entry."""
        return (self.position,)


@dataclass(frozen=True, slots=True)
class PendingSignatures:
    """All of them, in the order they were recorded, computed at a log position."""

    position: int
    entries: tuple[Lacking, ...]


def pending(database: ViewDatabase, *, session: str | None = None, as_of: AsOf = NOW) -> PendingSignatures:
    """
    What lacks a signature on the records of a session such as `session/6b7c…`, or on any record; for staff.

    Raises:
        Refused, Conflict, Invalid: what `snapshot` raises.
    """
    with snapshot(database, SESSIONS, as_of) as seen:
        names = Names(seen)
        waiting = seen.lacking(session)
        told = told_beside(seen, waiting)
        found = (_entry(seen, names, position, lacks, words_of(told, position)) for position, lacks in waiting.items())
        return PendingSignatures(seen.position, tuple(found))


def _entry(seen: Snapshot, names: Names, position: int, lacks: list[str], late: tuple[str, ...]) -> Lacking:
    (entry,) = seen.rows(_ENTRY, position)
    rows = seen.rows(_ROW, position)
    row = rows[0] if rows else None
    words = entry["type"].partition("/")[0].replace("-", " ")
    return Lacking(
        position=position,
        session=row["session"] if row else "",
        record=names.code(entry["record"]),
        slot=row["slot"] if row else "",
        local=entry["local"],
        type=entry["type"],
        phrase=names.in_text(row["phrase"]) if row else words,
        lacks=tuple(lacks),
        late=late,
    )
