"""
The ledger in plain lists: for tests, for trying things out, and as the reference of the other stores.

Nothing survives the process. Rows are appended where readers can see the list, but readers stop at the
committed head; undoing is cutting the lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from ledger.store.conflicts import conflict_of
from ledger.store.one_writer import OneWriter
from ledger.store.pending import Grown, Pending
from ledger.store.port import (
    Ending,
    EventRow,
    Head,
    Left,
    LookUp,
    NewEvent,
    RefusedEnvelope,
    Row,
    SealedBlock,
    StreamEnd,
)
from ledger.store.removing import check_removal
from ledger.store.rows_in_memory import RowsInMemory
from ledger.tlog.tiles import ReadTile, RightEdge
from ledger.tlog.tree import EMPTY_ROOT, leaf_hash


class MemoryWriting:
    """`Writing` over the lists."""

    def __init__(self, rows: RowsInMemory, pending: Pending) -> None:
        """Append to both."""
        self._rows = rows
        self._pending = pending
        self.grown: Grown | None = None
        self.ending: dict[int, tuple[int, ...]] = {}

    def head(self) -> Head:
        """See `Writing.head`."""
        return self._pending.head

    def stream_end(self, tag: str) -> StreamEnd | None:
        """See `Writing.stream_end`."""
        return self._rows.stream_end(tag)

    def by_dig(self, dig: str) -> EventRow | None:
        """See `Writing.by_dig`."""
        return self._rows.digs.get(dig)

    def by_id(self, event_id: str) -> EventRow | None:
        """See `Writing.by_id`."""
        return self._rows.ids.get(event_id)

    def has_block(self, digest: str) -> bool:
        """See `Writing.has_block`."""
        return digest in self._rows.digests

    def has_event(self, stream: str, kind: str) -> bool:
        """See `Writing.has_event`."""
        return self._rows.has_event(stream, kind)

    def blocks_about(self, subject: str) -> Sequence[tuple[str, int]]:
        """See `Writing.blocks_about`."""
        return self._rows.blocks_about(subject, self._rows.size)

    def look_up(self, events: Sequence[LookUp]) -> None:
        """See `Writing.look_up`; here nothing is far away."""

    def append(self, event: NewEvent) -> int:
        """See `Writing.append`."""
        conflict = conflict_of(event, self)
        if conflict is not None:
            raise conflict
        leaf = leaf_hash(event.entry)
        self._rows.add(event, leaf)
        return self._pending.add_event(leaf, event.stream, event.received_at)

    def append_heads(self, entry: bytes) -> int:
        """See `Writing.append_heads`."""
        leaf = leaf_hash(entry)
        self._rows.add_heads(entry, leaf)
        return self._pending.add_leaf(leaf)

    def keep_ending(self, under: int, positions: Sequence[int]) -> None:
        """See `Writing.keep_ending`."""
        self.ending[under] = tuple(positions)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """See `Writing.savepoint`."""
        mark = self._pending.mark()
        try:
            yield
        except BaseException:
            self._pending.back_to(mark)
            self._rows.cut(self._pending.size)
            self.ending = {under: listed for under, listed in self.ending.items() if under < self._pending.size}
            raise

    def finish(self) -> Left | None:
        """See `Writing.finish`."""
        self.grown = self._pending.grown()
        return None if self.grown is None else Left(self.grown.head, self.grown.leaves)


class MemoryStore:
    """`Store` for one ledger, in memory."""

    def __init__(self, origin: str) -> None:
        """Begin with an empty ledger of this origin."""
        self._origin = origin
        self._rows = RowsInMemory()
        self._tiles: dict[tuple[int, int], bytes] = {}
        self._edge = RightEdge.empty()
        self._head = Head(0, EMPTY_ROOT, None, None)
        self._checkpoints: dict[int, bytes] = {}
        self._refused: list[RefusedEnvelope] = []
        self._ended: dict[int, tuple[int, ...]] = {}
        self._removed: set[int] = set()
        self._one_writer = OneWriter()

    @property
    def origin(self) -> str:
        """See `Store.origin`."""
        return self._origin

    @contextmanager
    def writing(self) -> Iterator[MemoryWriting]:
        """See `Store.writing`; here nothing is durable."""
        with self._one_writer:
            pending = Pending(self._head, self._edge)
            writing = MemoryWriting(self._rows, pending)
            try:
                yield writing
                writing.finish()
            except BaseException:
                self._rows.cut(self._head.size)
                raise
            if (grown := writing.grown) is not None:
                self._tiles.update(grown.tiles)
                self._edge = grown.edge
                self._ended.update(writing.ending)
                self._head = grown.head

    def settle(self) -> None:
        """See `Store.settle`; there is no disk."""

    def head(self) -> Head:
        """See `Store.head`."""
        return self._head

    def rows(self, start: int, limit: int) -> Sequence[Row]:
        """See `Store.rows`."""
        return self._rows.rows[start : min(start + limit, self._head.size)]

    def row(self, position: int) -> Row | None:
        """See `Store.row`."""
        return self._rows.rows[position] if 0 <= position < self._head.size else None

    def entry(self, position: int) -> bytes | None:
        """See `Store.entry`."""
        row = self.row(position)
        return None if row is None else row.entry

    def stream_rows(self, stream: str, after_version: int = 0) -> Sequence[EventRow]:
        """See `Store.stream_rows`."""
        size = self._head.size
        rows = self._rows.streams.get(stream, ())
        return [row for row in tuple(rows) if row.position < size and row.version > after_version]

    def stream_ends(self, size: int) -> Sequence[tuple[str, int, bytes]]:
        """See `Store.stream_ends`."""
        below = min(size, self._head.size)
        ends = []
        for tag, rows in sorted(self._rows.tags.copy().items()):
            before = [row for row in tuple(rows) if row.position < below]
            if before:
                ends.append((tag, before[-1].version, before[-1].leaf))
        return ends

    def by_dig(self, dig: str) -> EventRow | None:
        """See `Store.by_dig`."""
        size = self._head.size  # first: a row that is undone now must not pass for the one that follows it
        row = self._rows.digs.get(dig)
        return row if row is not None and row.position < size else None

    def blocks_of(self, position: int) -> Sequence[SealedBlock]:
        """See `Store.blocks_of`."""
        return self._rows.blocks.get(position, ()) if position < self._head.size else ()

    def blocks_between(self, start: int, end: int) -> Mapping[int, Sequence[SealedBlock]]:
        """See `Store.blocks_between`."""
        found = ((position, self.blocks_of(position)) for position in range(start, min(end, self._head.size)))
        return {position: blocks for position, blocks in found if blocks}

    def subject_of(self, stream: str, block_name: str) -> str | None:
        """See `Store.subject_of`."""
        for row in self.stream_rows(stream):
            for block in self.blocks_of(row.position):
                if block.name == block_name:
                    return block.subject
        return None

    def has_event(self, stream: str, kind: str) -> bool:
        """See `Store.has_event`."""
        return any(row.type == kind for row in self.stream_rows(stream))

    def subjects(self) -> Sequence[str]:
        """See `Store.subjects`."""
        size = self._head.size
        held = self._rows.blocks.copy().items()
        return sorted({block.subject for position, blocks in held if position < size for block in blocks})

    def erased(self) -> Sequence[str]:
        """See `Store.erased`."""
        rows = self._rows.rows[: self._head.size]
        return sorted({r.stream for r in rows if isinstance(r, EventRow) and r.type == "subject-erased/1"})

    def positions_about(self, subjects: Sequence[str]) -> Sequence[int]:
        """See `Store.positions_about`."""
        return sorted({position for subject in subjects for _, position in self.blocks_about(subject)})

    def blocks_about(self, subject: str) -> Sequence[tuple[str, int]]:
        """See `Store.blocks_about`."""
        return self._rows.blocks_about(subject, self._head.size)

    def endings(self) -> Sequence[Ending]:
        """See `Store.endings`."""
        return [Ending(under, under in self._removed, under in self._removed) for under in sorted(self._ended)]

    def ended(self, under: int) -> Sequence[int]:
        """See `Store.ended`."""
        return sorted(self._ended.get(under, ()))

    def ended_under(self, position: int) -> int | None:
        """See `Store.ended_under`."""
        return next((under for under, listed in self._ended.copy().items() if position in listed), None)

    def remove_ended(self, under: int) -> None:
        """See `Store.remove_ended`."""
        with self._one_writer:
            listed = [row for position in self.ended(under) if (row := self.row(position)) is not None]
            check_removal(self.row(under), listed)
            for row in listed:
                self._rows.empty(row.position)
            self._removed.add(under)

    def forget_removed(self) -> bool:
        """See `Store.forget_removed`; there is no file."""
        return True

    def read_tile(self, level: int, index: int) -> bytes:
        """See `Store.read_tile`."""
        return self._tiles.get((level, index), b"")

    @contextmanager
    def tiles(self) -> Iterator[ReadTile]:
        """See `Store.tiles`."""
        yield self.read_tile

    def save_checkpoint(self, size: int, note: bytes) -> None:
        """See `Store.save_checkpoint`."""
        with self._one_writer:
            self._checkpoints.setdefault(size, note)

    def checkpoint_soon(self, size: int, note: bytes) -> None:
        """See `Store.checkpoint_soon`; at once."""
        self.save_checkpoint(size, note)

    def checkpoints(self, start: int = 0, limit: int | None = None) -> Sequence[tuple[int, bytes]]:
        """See `Store.checkpoints`."""
        return sorted((size, note) for size, note in self._checkpoints.copy().items() if size >= start)[:limit]

    def latest_checkpoint(self) -> bytes | None:
        """See `Store.latest_checkpoint`."""
        kept = self.checkpoints()
        return kept[-1][1] if kept else None

    def keep_refused(self, refused: RefusedEnvelope) -> None:
        """See `Store.keep_refused`."""
        with self._one_writer:
            self._refused.append(refused)

    def refused(self) -> Sequence[RefusedEnvelope]:
        """See `Store.refused`."""
        return list(self._refused)

    def close(self) -> None:
        """See `Store.close`; nothing is held."""
