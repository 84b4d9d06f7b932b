"""
What is asked of the tables, on the cursor of whatever transaction is open.

Reads of `Store` ask on a connection of their own, and see what is committed;
reads of `Writing` ask on the writer's, and see what it has appended.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from heapq import merge
from operator import attrgetter

from eventsourcing.sqlite import SQLiteCursor

from ledger.errors import TamperDetected
from ledger.store.port import Ending, EventRow, Head, HeadsRow, Row, SealedBlock, StreamEnd
from ledger.store.statements import statement, with_marks
from ledger.store.tree_check import REMEDY
from ledger.tlog.tree import Hash, leaf_hash


def head(c: SQLiteCursor) -> Head:
    """
    The head row.

    Raises:
        TamperDetected: `store-head`, when there is none.
    """
    c.execute(statement("head"))
    row = c.fetchone()
    if row is None:
        raise TamperDetected("store-head", "The head row is missing.", position=0, remedy=REMEDY)
    return Head(*row)


def rows(c: SQLiteCursor, start: int, limit: int) -> list[Row]:
    """The rows from `start` on, by two range reads."""
    _plainly(c)
    c.execute(statement("events"), (start, start + limit))
    events: list[Row] = list(map(_event_row, c.fetchall()))
    c.execute(statement("heads_entries"), (start, start + limit))
    heads = list(map(HeadsRow._make, c.fetchall()))
    return list(merge(events, heads, key=attrgetter("position"))) if heads else events


_event_row: Callable[[Iterable[object]], EventRow] = partial(tuple.__new__, EventRow)
_sealed_block: Callable[[Iterable[object]], SealedBlock] = partial(tuple.__new__, SealedBlock)
"""The same as their `_make`, of columns that the statement has counted: so many are made."""


def _plainly(c: SQLiteCursor) -> None:
    """Rows as tuples, which are made in half the time of rows that also go by the names of their columns."""
    c.sqlite_cursor.row_factory = None


def entry(c: SQLiteCursor, position: int) -> bytes | None:
    """The entry at a position."""
    c.execute(statement("entry"), (position, position))
    row = c.fetchone()
    return None if row is None else bytes(row[0])


def leaves(c: SQLiteCursor, start: int, limit: int) -> list[Hash]:
    """The leaf hashes of the stored entries, computed from their bytes."""
    return [leaf_hash(row.entry) for row in rows(c, start, limit)]


def stream_rows(c: SQLiteCursor, stream: str, after_version: int) -> list[EventRow]:
    """The events of a stream, by version."""
    c.execute(statement("stream_events"), (stream, after_version))
    return list(map(EventRow._make, c.fetchall()))


def stream_end(c: SQLiteCursor, tag: str) -> StreamEnd | None:
    """The last entry of a stream."""
    c.execute(statement("stream_end"), (tag,))
    row = c.fetchone()
    return None if row is None else StreamEnd(*row)


def stream_ends(c: SQLiteCursor, size: int) -> list[tuple[str, int, bytes]]:
    """The last entry of each stream below `size`; reads the index of all events below it once."""
    c.execute(statement("stream_ends"), (size,))
    return [tuple(row) for row in c.fetchall()]


def ends(c: SQLiteCursor, tags: Iterable[str]) -> dict[str, StreamEnd]:
    """The last entry of each of these streams that has one; one seek each."""
    c.execute(statement("ends_of_streams"), (json.dumps(list(tags)),))
    return {tag: StreamEnd(version, leaf) for tag, version, leaf in c.fetchall()}


def found(c: SQLiteCursor, *, digs: list[str], ids: list[str], digests: list[str]) -> set[str]:
    """Which of these contents, ids and block digests are recorded; one seek each."""
    if len(digs) == 1:
        c.execute(with_marks("recorded_one", len(digests)), (*digs, *ids, *digests))
    else:
        c.execute(statement("recorded"), (json.dumps(digs), json.dumps(ids), json.dumps(digests)))
    return {row[0] for row in c.fetchall()}


def by_dig(c: SQLiteCursor, dig: str) -> EventRow | None:
    """The event with this content."""
    c.execute(statement("event_by_dig"), (dig,))
    row = c.fetchone()
    return None if row is None else EventRow(*row)


def by_id(c: SQLiteCursor, event_id: str) -> EventRow | None:
    """The event with this id."""
    c.execute(statement("event_by_id"), (event_id,))
    row = c.fetchone()
    return None if row is None else EventRow(*row)


def has_block(c: SQLiteCursor, digest: str) -> bool:
    """Whether a block has this digest."""
    c.execute(statement("has_block"), (digest,))
    return c.fetchone() is not None


def blocks_of(c: SQLiteCursor, position: int) -> list[SealedBlock]:
    """The blocks of an event, by digest."""
    c.execute(statement("blocks_of"), (position,))
    return list(map(SealedBlock._make, c.fetchall()))


def blocks_between(c: SQLiteCursor, start: int, end: int) -> dict[int, list[SealedBlock]]:
    """The blocks of a range of events by position, each event's by digest."""
    _plainly(c)
    c.execute(statement("blocks_between"), (start, end))
    found: dict[int, list[SealedBlock]] = {}
    for row in c.fetchall():
        found.setdefault(row[0], []).append(_sealed_block(row[1:]))
    return found


def subject_of(c: SQLiteCursor, stream: str, block_name: str) -> str | None:
    """The subject of the first block of this name on this stream."""
    c.execute(statement("subject_of"), (stream, block_name))
    row = c.fetchone()
    return None if row is None else str(row[0])


def has_event(c: SQLiteCursor, stream: str, kind: str) -> bool:
    """Whether a stream holds an event of this type."""
    c.execute(statement("has_event"), (stream, kind))
    return c.fetchone() is not None


def subjects(c: SQLiteCursor) -> list[str]:
    """Everybody of whom there is a block."""
    c.execute(statement("subjects"))
    return sorted(str(row[0]) for row in c.fetchall())


def blocks_about(c: SQLiteCursor, subject: str) -> list[tuple[str, int]]:
    """Digest and position of a subject's blocks, by digest."""
    c.execute(statement("blocks_about"), (subject,))
    return sorted((str(row[0]), int(row[1])) for row in c.fetchall())


def erased(c: SQLiteCursor) -> list[str]:
    """Everybody who was erased."""
    c.execute(statement("erased"))
    return sorted(str(row[0]) for row in c.fetchall())


def positions_about(c: SQLiteCursor, subjects: Sequence[str]) -> list[int]:
    """The positions of the blocks of these subjects."""
    c.execute(statement("positions_about"), (json.dumps(list(subjects)),))
    return sorted(int(row[0]) for row in c.fetchall())


def tile(c: SQLiteCursor, level: int, index: int) -> bytes:
    """The content of a tile, empty when there is none."""
    c.execute(statement("tile"), (level, index))
    row = c.fetchone()
    return b"" if row is None else bytes(row[0])


def has_endings(c: SQLiteCursor) -> bool:
    """Whether a retention ever ended here; the tables for it are made then."""
    c.execute(statement("has_endings"))
    return c.fetchone() is not None


def endings(c: SQLiteCursor) -> list[Ending]:
    """Every end of retention."""
    if not has_endings(c):
        return []
    c.execute(statement("endings"))
    return [Ending(int(under), state > 0, state > 1) for under, state in c.fetchall()]


def ended(c: SQLiteCursor, under: int) -> list[int]:
    """The positions that an end of retention names."""
    if not has_endings(c):
        return []
    c.execute(statement("ended"), (under,))
    return [int(row[0]) for row in c.fetchall()]


def ended_under(c: SQLiteCursor, position: int) -> int | None:
    """The end of retention that names a position."""
    if not has_endings(c):
        return None
    c.execute(statement("ended_under"), (position,))
    row = c.fetchone()
    return None if row is None else int(row[0])
