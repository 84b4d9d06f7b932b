"""
What still lacks a second signature, over all records: what somebody has to do before they go home.

    16 May 10:05  A  100 mg sublingual from own-A      observed, by a nurse or prescriber      pos. 42

A correction of a critical field stands here too until somebody has reviewed it.
Somebody who was asked and disputes has not signed: that entry stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ledger.second_signatures import lacking
from projections.names import Names
from projections.paper_sheets import PAPER
from projections.session_rows import SESSIONS
from projections.snapshot import NOW, AsOf, Snapshot, snapshot
from projections.sources import read_source
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


@dataclass(frozen=True, slots=True)
class ToSign:
    """One entry that a typed sheet says somebody did, and that they have not signed yet: what they would sign."""

    position: int
    dig: str
    id: str
    record: str
    line: int
    document: str
    local: str
    slot: str
    phrase: str
    meaning: str
    role: str

    @property
    def evidence(self) -> tuple[int, ...]:
        """Where the line and its entry stand."""
        return (self.position - 1, self.position)


@dataclass(frozen=True, slots=True)
class Countersigning:
    """What one person is named for on typed sheets and has not signed, computed at a log position."""

    position: int
    owner: str
    entries: tuple[ToSign, ...]


def to_countersign(database: ViewDatabase, owner: str, *, as_of: AsOf = NOW) -> Countersigning:
    """
    The entries of typed sheets that wait for the signature of this member of staff, in the order of the log.

    Raises:
        Refused, Conflict, Invalid: what `snapshot` raises.
    """
    with snapshot(database, SESSIONS, as_of) as seen:
        waiting = list(_waiting(seen, owner))
    with snapshot(database, PAPER, AsOf(seen.position, as_of.happened_up_to)) as sheets:
        for index, each in enumerate(waiting):
            for row in sheets.rows("SELECT * FROM [line] WHERE position = ?", each.position - 1):
                waiting[index] = replace(each, line=row["line"], document=row["document"])
    return Countersigning(seen.position, owner, tuple(waiting))


def _waiting(seen: Snapshot, owner: str) -> Iterator[ToSign]:
    names = Names(seen)
    for position in seen.lacking():
        (row,) = seen.rows(_ENTRY, position)
        if owner not in row["entry"]:
            continue
        placed = read_source(row)
        standing = seen.standing(position)
        words = _entry(seen, names, position, [], ())
        for rule in lacking(placed, ()) if standing is None else standing.lacks:
            if rule.whose == owner:
                yield ToSign(
                    position=position,
                    dig=placed.dig,
                    id=placed.payload.id,
                    record=placed.stream,
                    line=0,
                    document="",
                    local=words.local,
                    slot=words.slot,
                    phrase=words.phrase,
                    meaning=rule.meaning,
                    role=rule.roles[0],
                )


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
        lacks=tuple(names.in_text(each) for each in lacks),
        late=late,
    )
