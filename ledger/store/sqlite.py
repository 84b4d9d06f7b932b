"""
The ledger in one SQLite file: the embedded default.

    store = open_sqlite(Path("clinic.ledger"), "ledger.example.test/00c0ffee00c0ffee", create=True)
    with store.writing() as writing:
        position = writing.append(event)

Goes through the `eventsourcing` library's recorder, connections and events (`sqlite_recorder`,
`sqlite_connections`). Positions, tree, blocks and head are ours, written in the transaction of the events.
Several processes may open one file; each reads while another writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from eventsourcing.sqlite import SQLiteCursor

from ledger.store import sqlite_queries as queries
from ledger.store.failing_disk import Trust, damaged_log, told_plainly
from ledger.store.pending import Pending
from ledger.store.port import Ending, EventRow, Head, RefusedEnvelope, Row, SealedBlock
from ledger.store.remembered import Remembered
from ledger.store.soon import Soon
from ledger.store.sqlite_connections import LedgerDatastore, LedgerTransaction
from ledger.store.sqlite_opening import check_intact, create_ledger, identify, require_origin
from ledger.store.sqlite_recorder import LedgerRecorder
from ledger.store.sqlite_removing import remove_ended
from ledger.store.sqlite_writing import SQLiteWriting
from ledger.store.statements import statement
from ledger.store.tree_check import checked_edge
from ledger.tlog.tiles import ReadTile, RightEdge


def open_sqlite(path: Path, origin: str | None = None, *, create: bool = False) -> SQLiteStore:
    """
    The store in the file at `path`; with `create`, a new and empty one for `origin`.

    Counts the rows and loads the tree's right edge: some 60 ms for a million entries.

    Raises:
        Refused: `store-missing`, `store-exists`, `store-origin` (the file is another ledger's),
            `store-version` (a newer release made it), `store-journal`.
        Invalid: `store-format` (not a ledger), `store-path`, `origin-missing` (when creating).
        TamperDetected: `store-head`, `store-rows` or `store-tree`, when head, rows and tiles disagree;
            `store-damaged`.
        NotNow: `store-io`.
    """
    path = path.absolute()
    if create:
        create_ledger(path, origin)
    found = identify(path)
    require_origin(found, origin)
    datastore = LedgerDatastore(path)
    try:
        with told_plainly(damaged_log), datastore.transaction(commit=False) as c:
            edge = check_intact(c)
    except BaseException:
        datastore.close()
        raise
    return SQLiteStore(datastore, found, edge)


def open_for_audit(path: Path, origin: str | None = None) -> SQLiteStore:
    """
    The store in the file at `path` as it is, without the checks that would stop before an audit can look.

    Only read from it: whoever appends opens it with `open_sqlite`.

    Raises:
        Refused, Invalid: as `open_sqlite`, for a file that is not this ledger's.
    """
    path = path.absolute()
    found = identify(path)
    require_origin(found, origin)
    return SQLiteStore(LedgerDatastore(path), found, RightEdge.empty())


_NO_HEAD = Head(-1, b"", None, None)
"""A head that no file has."""


class SQLiteStore:
    """`Store` over one file; made by `open_sqlite`."""

    def __init__(self, datastore: LedgerDatastore, origin: str, edge: RightEdge) -> None:
        """Keep the ledger `origin` in this datastore, whose tree has this edge."""
        self.recorder = LedgerRecorder(datastore)
        """The library's interface, for its readers."""
        self._datastore = datastore
        self._origin = origin
        self._known = Remembered(_NO_HEAD, edge)
        self._soon = Soon(self._save_checkpoints)
        self._disk = Trust()

    @property
    def origin(self) -> str:
        """See `Store.origin`."""
        return self._origin

    @contextmanager
    def writing(self) -> Iterator[SQLiteWriting]:
        """
        See `Store.writing`; one transaction and, if anything was appended, one fsync.

        Raises:
            Conflict: `store-busy`.
            NotNow: `store-full`; `store-io`, and then for ever, because a failed fsync is never tried again.
            TamperDetected: `store-tree`, when another hand moved the head away from its tiles.
            RuntimeError: this thread is already writing.
        """
        with self._disk.kept(damaged_log), self._datastore.writer as connection:
            with LedgerTransaction(connection, commit=True) as c, c:
                head = queries.head(c)
                known = self._remembered(c, head)
                writing = SQLiteWriting(self.recorder, c, Pending(head, known.edge), known)
                yield writing
                writing.finish()
                taken = {} if writing.grown is None else self._soon.waiting
                for checkpoint in taken.items():
                    c.execute(statement("insert_checkpoint"), checkpoint)
                if writing.grown is not None:
                    self._known = Remembered(_NO_HEAD, known.edge)  # should the commit fail
                    known.move(writing.grown.head, writing.grown.edge, *writing.added())
            self._known = known
            self._soon.written(taken)

    def settle(self) -> None:
        """See `Store.settle`; writes the whole write-ahead log, at most 16 MB, into the file and empties it."""
        self._soon.write()
        with self._disk.kept():
            self._datastore.settle()

    def head(self) -> Head:
        """See `Store.head`."""
        with self._reading() as c:
            return queries.head(c)

    def rows(self, start: int, limit: int) -> Sequence[Row]:
        """See `Store.rows`."""
        with self._reading() as c:
            return queries.rows(c, start, limit)

    def row(self, position: int) -> Row | None:
        """See `Store.row`."""
        return next(iter(self.rows(position, 1)), None)

    def entry(self, position: int) -> bytes | None:
        """See `Store.entry`; reads no page of the envelope."""
        with self._reading() as c:
            return queries.entry(c, position)

    def stream_rows(self, stream: str, after_version: int = 0) -> Sequence[EventRow]:
        """See `Store.stream_rows`."""
        with self._reading() as c:
            return queries.stream_rows(c, stream, after_version)

    def stream_ends(self, size: int) -> Sequence[tuple[str, int, bytes]]:
        """See `Store.stream_ends`."""
        with self._reading() as c:
            return queries.stream_ends(c, size)

    def by_dig(self, dig: str) -> EventRow | None:
        """See `Store.by_dig`."""
        with self._reading() as c:
            return queries.by_dig(c, dig)

    def blocks_of(self, position: int) -> Sequence[SealedBlock]:
        """See `Store.blocks_of`."""
        with self._reading() as c:
            return queries.blocks_of(c, position)

    def blocks_between(self, start: int, end: int) -> Mapping[int, Sequence[SealedBlock]]:
        """See `Store.blocks_between`; one range read."""
        with self._reading() as c:
            return queries.blocks_between(c, start, end)

    def subject_of(self, stream: str, block_name: str) -> str | None:
        """See `Store.subject_of`."""
        with self._reading() as c:
            return queries.subject_of(c, stream, block_name)

    def has_event(self, stream: str, kind: str) -> bool:
        """See `Store.has_event`."""
        with self._reading() as c:
            return queries.has_event(c, stream, kind)

    def subjects(self) -> Sequence[str]:
        """See `Store.subjects`."""
        with self._reading() as c:
            return queries.subjects(c)

    def erased(self) -> Sequence[str]:
        """See `Store.erased`."""
        with self._reading() as c:
            return queries.erased(c)

    def positions_about(self, subjects: Sequence[str]) -> Sequence[int]:
        """See `Store.positions_about`."""
        with self._reading() as c:
            return queries.positions_about(c, subjects)

    def blocks_about(self, subject: str) -> Sequence[tuple[str, int]]:
        """See `Store.blocks_about`."""
        with self._reading() as c:
            return queries.blocks_about(c, subject)

    def endings(self) -> Sequence[Ending]:
        """See `Store.endings`."""
        with self._reading() as c:
            return queries.endings(c)

    def ended(self, under: int) -> Sequence[int]:
        """See `Store.ended`."""
        with self._reading() as c:
            return queries.ended(c, under)

    def ended_under(self, position: int) -> int | None:
        """See `Store.ended_under`."""
        with self._reading() as c:
            return queries.ended_under(c, position)

    def remove_ended(self, under: int) -> None:
        """See `Store.remove_ended`."""
        with self._disk.kept(damaged_log), self._datastore.writer as connection:
            remove_ended(connection, under)

    def forget_removed(self) -> bool:
        """See `Store.forget_removed`."""
        removed = [ending.under for ending in self.endings() if ending.removed]
        with self._disk.kept():
            done = self._datastore.forget_removed()
            if done and removed:
                with self._datastore.transaction(commit=True) as c:
                    c.execute(statement("endings_forgotten"), (json.dumps(removed),))
            return done

    def read_tile(self, level: int, index: int) -> bytes:
        """See `Store.read_tile`."""
        with self._reading() as c:
            return queries.tile(c, level, index)

    @contextmanager
    def tiles(self) -> Iterator[ReadTile]:
        """See `Store.tiles`."""
        with self._reading() as c:
            yield partial(queries.tile, c)

    def save_checkpoint(self, size: int, note: bytes) -> None:
        """See `Store.save_checkpoint`; no fsync."""
        with self._disk.kept():
            self._datastore.put_without_sync(statement("insert_checkpoint"), (size, note))

    def checkpoint_soon(self, size: int, note: bytes) -> None:
        """See `Store.checkpoint_soon`; goes with the next transaction, or by itself after two moments of quiet."""
        self._disk.believed()
        self._soon.add(size, note)

    def _save_checkpoints(self, these: Mapping[int, bytes]) -> None:
        for size, note in these.items():
            self.save_checkpoint(size, note)
        self._soon.written(these)

    def checkpoints(self, start: int = 0, limit: int | None = None) -> Sequence[tuple[int, bytes]]:
        """See `Store.checkpoints`."""
        waiting = {size: note for size, note in self._soon.waiting.items() if size >= start}
        with self._reading() as c:
            c.execute(statement("checkpoints"), (start, -1 if limit is None else limit))
            kept = [tuple(row) for row in c.fetchall()]
        return sorted((waiting | dict(kept)).items())[:limit] if waiting else kept

    def latest_checkpoint(self) -> bytes | None:
        """See `Store.latest_checkpoint`."""
        if waiting := self._soon.waiting:
            return self.checkpoints(max(waiting))[-1][1]
        with self._reading() as c:
            c.execute(statement("latest_checkpoint"))
            row = c.fetchone()
            return None if row is None else bytes(row[0])

    def keep_refused(self, refused: RefusedEnvelope) -> None:
        """See `Store.keep_refused`; one fsync."""
        with self._disk.kept(), self._datastore.transaction(commit=True) as c:
            c.execute(statement("insert_refused"), (refused.received_at, refused.code, refused.envelope))

    def refused(self) -> Sequence[RefusedEnvelope]:
        """See `Store.refused`."""
        with self._reading() as c:
            c.execute(statement("refused"))
            return [RefusedEnvelope(*row) for row in c.fetchall()]

    def close(self) -> None:
        """See `Store.close`."""
        self._soon.close()
        self._datastore.close()

    @contextmanager
    def _reading(self) -> Iterator[SQLiteCursor]:
        """
        A consistent read.

        Raises:
            TamperDetected: `store-damaged`, when the file is no longer a database where it is read.
            NotNow: `store-io`, when the disk does not give it.
        """
        with told_plainly(damaged_log), self._datastore.transaction(commit=False) as c:
            yield c

    def _remembered(self, c: SQLiteCursor, head: Head) -> Remembered:
        """What is known under this head; only the edge of its tree, read anew, when another process moved the head."""
        if not self._known.is_of(head):
            self._known = Remembered(head, checked_edge(head, partial(queries.tile, c), partial(queries.leaves, c)))
        return self._known
