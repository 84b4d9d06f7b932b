"""The open write transaction of a SQLite store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext

from eventsourcing.persistence import IntegrityError
from eventsourcing.sqlite import SQLiteCursor

from ledger.errors import TamperDetected
from ledger.store import sqlite_queries as queries
from ledger.store.conflicts import conflict_of
from ledger.store.pending import Grown, Pending
from ledger.store.port import EventRow, Head, NewEvent, StreamEnd
from ledger.store.sqlite_recorder import LedgerRecorder, PositionedEvent
from ledger.store.statements import statement
from ledger.store.tree_check import REMEDY
from ledger.tlog.tree import leaf_hash


class SQLiteWriting:
    """`Writing` on the cursor of one `BEGIN IMMEDIATE` transaction."""

    def __init__(self, recorder: LedgerRecorder, cursor: SQLiteCursor, pending: Pending) -> None:
        """Append to `pending`, which begins at the head that this transaction read."""
        self._recorder = recorder
        self._cursor = cursor
        self._pending = pending
        self._left: Head | None = None

    def head(self) -> Head:
        """See `Writing.head`."""
        return self._pending.head

    def stream_end(self, tag: str) -> StreamEnd | None:
        """See `Writing.stream_end`."""
        return queries.stream_end(self._cursor, tag)

    def by_dig(self, dig: str) -> EventRow | None:
        """See `Writing.by_dig`."""
        return queries.by_dig(self._cursor, dig)

    def by_id(self, event_id: str) -> EventRow | None:
        """See `Writing.by_id`."""
        return queries.by_id(self._cursor, event_id)

    def has_block(self, digest: str) -> bool:
        """See `Writing.has_block`."""
        return queries.has_block(self._cursor, digest)

    def has_event(self, stream: str, kind: str) -> bool:
        """See `Writing.has_event`."""
        return queries.has_event(self._cursor, stream, kind)

    def blocks_about(self, subject: str) -> Sequence[tuple[str, int]]:
        """See `Writing.blocks_about`."""
        return queries.blocks_about(self._cursor, subject)

    def append(self, event: NewEvent) -> int:
        """See `Writing.append`; five index entries, two more for each block."""
        leaf = leaf_hash(event.entry)
        position = self._pending.size
        try:
            with self.savepoint() if event.blocks else nullcontext():  # one statement undoes itself
                self._recorder.insert_positioned(self._cursor, _positioned(event, position, leaf))
                for block in event.blocks:
                    self._cursor.execute(
                        statement("insert_block"),
                        (block.digest, position, block.name, block.subject, block.stored),
                    )
        except (IntegrityError, sqlite3.IntegrityError) as error:
            raise conflict_of(event, self) or self._not_dense() from error
        return self._pending.add_event(leaf, event.stream, event.received_at)

    def append_heads(self, entry: bytes) -> int:
        """See `Writing.append_heads`."""
        leaf = leaf_hash(entry)
        try:
            self._cursor.execute(statement("insert_heads_entry"), (self._pending.size, leaf, entry))
        except sqlite3.IntegrityError as error:
            raise self._not_dense() from error
        return self._pending.add_leaf(leaf)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """See `Writing.savepoint`; savepoints nest."""
        mark = self._pending.mark()
        self._cursor.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self._cursor.execute("ROLLBACK TO part")
            self._cursor.execute("RELEASE part")
            self._pending.back_to(mark)
            raise
        self._cursor.execute("RELEASE part")

    def left(self) -> Head | None:
        """See `Writing.left`."""
        return self._left

    def finish(self) -> Grown | None:
        """Store the changed tiles and the head; what is left then is the COMMIT."""
        grown = self._pending.grown()
        if grown is not None:
            for (level, index), data in grown.tiles.items():
                self._cursor.execute(statement("put_tile"), (level, index, data))
            head = grown.head
            self._cursor.execute(statement("move_head"), (head.size, head.root, head.received_at, head.key_position))
            self._left = head
        return grown

    def _not_dense(self) -> TamperDetected:
        return TamperDetected(
            "store-rows",
            "The next row does not continue the stored ones: rows were removed, or added beyond the head.",
            position=self._pending.size,
            remedy=REMEDY,
        )


def _positioned(event: NewEvent, position: int, leaf: bytes) -> PositionedEvent:
    return PositionedEvent(
        originator_id=event.stream,
        originator_version=event.version,
        topic=event.type,
        state=event.envelope,
        position=position,
        tag=event.tag,
        event_id=event.event_id,
        dig=event.dig,
        leaf=leaf,
        entry=event.entry,
    )
