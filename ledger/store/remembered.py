"""
What a writer remembers of its last transaction, so that it need not ask the file again.

It holds as long as the head is the one that transaction left: then nobody has appended since, and the log only
grows. Once another process has moved the head, all of it is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ledger.store.port import Head, StreamEnd
from ledger.tlog.tiles import RightEdge

MOST = 4096
"""Streams, and subjects, that are remembered: some hundred bytes each; the oldest go first."""

ERASURE = "subject-erased/1"
"""The type of an erasure, as it stands in the index of the file."""


class Remembered:
    """The head, the right edge of its tree, where streams end, and who is known not to be erased."""

    def __init__(self, head: Head, edge: RightEdge) -> None:
        """Know this head, and the edge that belongs to it."""
        self.head = head
        self.edge = edge
        self.ends: dict[str, StreamEnd] = {}
        self.kept: dict[str, None] = {}

    def is_of(self, head: Head) -> bool:
        """Whether this head is the one that is remembered."""
        return (self.head.size, self.head.root) == (head.size, head.root)

    def move(self, head: Head, edge: RightEdge, ends: Mapping[str, StreamEnd], types: Iterable[str]) -> None:
        """Take in what a transaction has committed: where streams end now, and which types of events it has added."""
        self.head, self.edge = head, edge
        for tag, end in ends.items():
            self.ends.pop(tag, None)  # the newest stand last
            self.ends[tag] = end
        if ERASURE in types:
            self.kept.clear()
        for held in (self.ends, self.kept):
            while len(held) > MOST:
                del held[next(iter(held))]
