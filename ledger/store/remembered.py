"""
What a writer remembers of its last transaction, so that it need not ask the file again.

It holds as long as the head is the one that transaction left: then nobody has appended since, and the log only
grows. Once another process has moved the head, all of it is forgotten.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ledger.store.port import Head, StreamEnd
from ledger.tlog.tiles import RightEdge

MOST = 4096
"""Streams, and subjects, that are remembered: some hundred bytes each; the oldest go first."""

SELDOM = ("subject-erased/1", "entry-corrected/1")
"""Types that are looked for at each event and seldom there, as they stand in the index of the file."""


class Remembered:
    """The head, the right edge of its tree, where streams end, and which streams lack events of a seldom type."""

    def __init__(self, head: Head, edge: RightEdge) -> None:
        """Know this head, and the edge that belongs to it."""
        self.head = head
        self.edge = edge
        self.ends: dict[str, StreamEnd] = {}
        self.absent: dict[tuple[str, str], None] = {}

    def is_of(self, head: Head) -> bool:
        """Whether this head is the one that is remembered."""
        return (self.head.size, self.head.root) == (head.size, head.root)

    def move(self, head: Head, edge: RightEdge, ends: Mapping[str, StreamEnd], types: Collection[str]) -> None:
        """Take in what a transaction has committed: where streams end now, and which types of events it has added."""
        self.head, self.edge = head, edge
        for tag, end in ends.items():
            self.ends.pop(tag, None)  # the newest stand last
            self.ends[tag] = end
        if any(kind in types for kind in SELDOM):
            self.absent.clear()
        while len(self.ends) > MOST:
            del self.ends[next(iter(self.ends))]
        while len(self.absent) > MOST:
            del self.absent[next(iter(self.absent))]
