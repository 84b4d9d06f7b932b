"""
Rows with the indexes that a store asks: all there are, in memory, or those that a transaction has not written yet.

Rows are only added at the end; undoing is cutting them off again. An envelope can be emptied, nothing else changes.
"""

from __future__ import annotations

from collections import defaultdict

from ledger.store.port import EventRow, HeadsRow, NewEvent, Row, SealedBlock, StreamEnd


class RowsInMemory:
    """Rows from the position `first` on, the indexes over them, and the way back."""

    def __init__(self, first: int = 0) -> None:
        """Begin empty."""
        self._first = first
        self.rows: list[Row] = []
        self.streams: defaultdict[str, list[EventRow]] = defaultdict(list)
        self.tags: defaultdict[str, list[EventRow]] = defaultdict(list)
        self.digs: dict[str, EventRow] = {}
        self.ids: dict[str, EventRow] = {}
        self.blocks: dict[int, tuple[SealedBlock, ...]] = {}
        self.digests: set[str] = set()
        self._tag_at: dict[int, str] = {}

    def add(self, event: NewEvent, leaf: bytes) -> None:
        """Put one event at the end."""
        position = self.size
        row = EventRow(
            position,
            event.entry,
            leaf,
            event.stream,
            event.version,
            event.type,
            event.event_id,
            event.dig,
            event.envelope,
        )
        self.rows.append(row)
        self.streams[row.stream].append(row)
        self.tags[event.tag].append(row)
        self.digs[row.dig] = row
        self.ids[row.event_id] = row
        self.blocks[position] = tuple(sorted(event.blocks, key=lambda block: block.digest))
        self.digests.update(block.digest for block in event.blocks)
        self._tag_at[position] = event.tag

    def add_heads(self, entry: bytes, leaf: bytes) -> None:
        """Put one heads entry at the end."""
        self.rows.append(HeadsRow(self.size, entry, leaf))

    @property
    def size(self) -> int:
        """The next position."""
        return self._first + len(self.rows)

    def stream_end(self, tag: str) -> StreamEnd | None:
        """The last of these rows with this tag."""
        rows = self.tags.get(tag)
        return StreamEnd(rows[-1].version, rows[-1].leaf) if rows else None

    def ends(self) -> dict[str, StreamEnd]:
        """The last of these rows by tag."""
        return {tag: StreamEnd(rows[-1].version, rows[-1].leaf) for tag, rows in self.tags.items() if rows}

    def has_event(self, stream: str, kind: str) -> bool:
        """Whether an event of this type stands in this stream."""
        return any(row.type == kind for row in self.streams.get(stream, ()))

    def tag_at(self, position: int) -> str:
        """The tag of the event at a position."""
        return self._tag_at[position]

    def blocks_about(self, subject: str, size: int) -> list[tuple[str, int]]:
        """Digest and position of a subject's blocks below `size`, by digest."""
        found = [
            (block.digest, position)
            for position, blocks in self.blocks.copy().items()
            for block in blocks
            if position < size and block.subject == subject
        ]
        return sorted(found)

    def empty(self, position: int) -> None:
        """Take away the envelope at a position, and the bytes of its blocks; everything else stays."""
        row = self.rows[position - self._first]
        if not isinstance(row, EventRow):
            return
        emptied = row._replace(envelope=b"")
        self.rows[position - self._first] = self.digs[row.dig] = self.ids[row.event_id] = emptied
        for rows in (self.streams[row.stream], self.tags[self._tag_at[position]]):
            rows[:] = [emptied if each.position == position else each for each in rows]
        self.blocks[position] = tuple(block._replace(stored=b"") for block in self.blocks[position])

    def cut(self, size: int) -> None:
        """Take back the rows from position `size` on."""
        while self.size > size:
            row = self.rows.pop()
            if isinstance(row, EventRow):
                self.streams[row.stream].pop()
                self.tags[self._tag_at.pop(row.position)].pop()
                del self.digs[row.dig]
                del self.ids[row.event_id]
                self.digests.difference_update(block.digest for block in self.blocks.pop(row.position))
