"""
The open write transaction of a SQLite store.

What it appends is collected, and written when it ends, in as few statements as there can be: under many threads
each statement costs more in waiting for its turn than in the database.
So undoing a part of it is cutting lists, and every look-up asks what is collected before it asks the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby

from eventsourcing.persistence import IntegrityError
from eventsourcing.sqlite import SQLiteCursor

from ledger.errors import TamperDetected
from ledger.store import sqlite_queries as queries
from ledger.store.conflicts import conflict_of
from ledger.store.pending import Grown, Pending
from ledger.store.port import EventRow, Head, HeadsRow, Left, LookUp, NewEvent, SealedBlock, StreamEnd
from ledger.store.remembered import SELDOM, Remembered
from ledger.store.rows_in_memory import RowsInMemory
from ledger.store.sqlite_recorder import EventColumns, LedgerRecorder
from ledger.store.statements import in_rows, script, statement
from ledger.store.tree_check import REMEDY
from ledger.tlog.tree import leaf_hash


class SQLiteWriting:
    """`Writing` on the cursor of one `BEGIN IMMEDIATE` transaction."""

    def __init__(
        self, recorder: LedgerRecorder, cursor: SQLiteCursor, pending: Pending, remembered: Remembered
    ) -> None:
        """Append to `pending`, which begins at the head that this transaction read, and is `remembered`."""
        self._recorder = recorder
        self._cursor = cursor
        self._pending = pending
        self._new = RowsInMemory(pending.size)
        self._absent: set[str] = set()
        self._remembered = remembered
        self._ends: dict[str, StreamEnd | None] = {}
        self._ending: dict[int, tuple[int, ...]] = {}
        self.grown: Grown | None = None
        """What it has written; set by `finish`."""

    def head(self) -> Head:
        """See `Writing.head`."""
        return self._pending.head

    def look_up(self, events: Sequence[LookUp]) -> None:
        """See `Writing.look_up`; one statement, and one more for streams of which nothing is remembered."""
        digs, ids = [each.dig for each in events], [each.event_id for each in events]
        digests = [digest for each in events for digest in each.digests]
        found = queries.found(self._cursor, digs=digs, ids=ids, digests=digests)
        self._absent.update({*digs, *ids, *digests} - found)
        tags = {each.tag for each in events} - self._ends.keys() - self._remembered.ends.keys()
        if tags:
            self._ends.update(dict.fromkeys(tags))
            self._ends.update(queries.ends(self._cursor, tags))

    def stream_end(self, tag: str) -> StreamEnd | None:
        """See `Writing.stream_end`."""
        found = self._new.stream_end(tag) or self._remembered.ends.get(tag)
        if found is None:
            if tag not in self._ends:
                self._ends[tag] = queries.stream_end(self._cursor, tag)
            found = self._ends[tag]
        return found

    def by_dig(self, dig: str) -> EventRow | None:
        """See `Writing.by_dig`."""
        return self._new.digs.get(dig) or (None if dig in self._absent else queries.by_dig(self._cursor, dig))

    def by_id(self, event_id: str) -> EventRow | None:
        """See `Writing.by_id`."""
        return self._new.ids.get(event_id) or (
            None if event_id in self._absent else queries.by_id(self._cursor, event_id)
        )

    def has_block(self, digest: str) -> bool:
        """See `Writing.has_block`."""
        return digest in self._new.digests or (digest not in self._absent and queries.has_block(self._cursor, digest))

    def has_event(self, stream: str, kind: str) -> bool:
        """See `Writing.has_event`."""
        if self._new.has_event(stream, kind):
            return True
        if (stream, kind) in self._remembered.absent:
            return False
        found = queries.has_event(self._cursor, stream, kind)
        if not found and kind in SELDOM:
            self._remembered.absent[stream, kind] = None
        return found

    def blocks_about(self, subject: str) -> Sequence[tuple[str, int]]:
        """See `Writing.blocks_about`."""
        stored = queries.blocks_about(self._cursor, subject)
        return sorted([*stored, *self._new.blocks_about(subject, self._new.size)])

    def append(self, event: NewEvent) -> int:
        """See `Writing.append`."""
        conflict = conflict_of(event, self)
        if conflict is not None:
            raise conflict
        leaf = leaf_hash(event.entry)
        self._new.add(event, leaf)
        return self._pending.add_event(leaf, event.stream, event.received_at)

    def append_heads(self, entry: bytes) -> int:
        """See `Writing.append_heads`."""
        leaf = leaf_hash(entry)
        self._new.add_heads(entry, leaf)
        return self._pending.add_leaf(leaf)

    def keep_ending(self, under: int, positions: Sequence[int]) -> None:
        """See `Writing.keep_ending`."""
        self._ending[under] = tuple(positions)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """See `Writing.savepoint`; savepoints nest, and cost nothing."""
        mark = self._pending.mark()
        try:
            yield
        except BaseException:
            self._pending.back_to(mark)
            self._new.cut(self._pending.size)
            self._ending = {under: listed for under, listed in self._ending.items() if under < self._pending.size}
            raise

    def added(self) -> tuple[dict[str, StreamEnd], set[str]]:
        """Where streams end by what was appended, with what was read of others, and the types of the events."""
        read = {tag: end for tag, end in self._ends.items() if end is not None}
        return read | self._new.ends(), {row.type for row in self._new.rows if isinstance(row, EventRow)}

    def finish(self) -> Left | None:
        """
        See `Writing.finish`: writes what was collected, the changed tiles and the head.

        Each event costs five index entries, and two more for each block.
        """
        if self.grown is None and (grown := self._pending.grown()) is not None:
            try:
                self._write_rows()
            except (IntegrityError, sqlite3.IntegrityError) as error:
                raise self._not_dense() from error
            for (level, index), data in grown.tiles.items():
                self._cursor.execute(statement("put_tile"), (level, index, data))
            head = grown.head
            self._cursor.execute(statement("move_head"), (head.size, head.root, head.received_at, head.key_position))
            self.grown = grown
        return None if self.grown is None else Left(self.grown.head, self.grown.leaves)

    def _write_rows(self) -> None:
        """Rows in the order of their positions, events and heads entries in turn; then the blocks."""
        for kind, rows in groupby(self._new.rows, key=type):
            if kind is HeadsRow:
                heads = [(row.position, row.leaf, row.entry) for row in rows]
                self._cursor.executemany(statement("insert_heads_entry"), heads)
            else:
                events = [self._columns(row) for row in rows if isinstance(row, EventRow)]
                self._recorder.insert_rows(self._cursor, events)
        blocks = [_column_values(position, block) for position, held in self._new.blocks.items() for block in held]
        for sql, values in in_rows("insert_block", blocks):
            self._cursor.execute(sql, values)
        if self._ending:
            self._write_endings()

    def _write_endings(self) -> None:
        """After the rows: the triggers look for the event."""
        for each in script("ending"):
            self._cursor.execute(each)
        for under, positions in self._ending.items():
            self._cursor.execute(statement("insert_ending"), (under,))
            for sql, values in in_rows("insert_ended", [(position, under) for position in positions]):
                self._cursor.execute(sql, values)

    def _columns(self, row: EventRow) -> EventColumns:
        position, entry, leaf, stream, version, kind, event_id, dig, envelope = row
        return position, stream, version, kind, self._new.tag_at(position), event_id, dig, leaf, entry, envelope

    def _not_dense(self) -> TamperDetected:
        return TamperDetected(
            "store-rows",
            "The next row does not continue the stored ones: rows were removed, or added beyond the head.",
            position=self._pending.committed_size,
            remedy=REMEDY,
        )


def _column_values(position: int, block: SealedBlock) -> tuple[object, ...]:
    return block.digest, position, block.name, block.subject, block.stored
