"""
What an open write transaction has appended so far, before the tree has grown by it.

Leaves are only collected; the tree grows once, when the transaction ends well.
So undoing a savepoint is cutting a list, and a rolled-back transaction leaves the tree as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.store.port import Head
from ledger.tlog.tiles import RightEdge, edge_root, grow

KEYS_STREAM = "keys"


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment of a transaction to which it can go back."""

    leaves: int
    received_at: str | None
    key_position: int | None


@dataclass(frozen=True, slots=True)
class Grown:
    """What to store so that the tree holds the new leaves: the head, and each changed tile in full."""

    head: Head
    leaves: tuple[bytes, ...]
    edge: RightEdge
    tiles: Mapping[tuple[int, int], bytes]


class Pending:
    """The additions of one transaction over the committed head; not for several threads."""

    def __init__(self, head: Head, edge: RightEdge) -> None:
        """Begin at the committed head and its tree's edge, which must fit (`tree_check.checked_edge`)."""
        self._committed = head
        self._edge = edge
        self._leaves: list[bytes] = []
        self._received_at = head.received_at
        self._key_position = head.key_position

    @property
    def size(self) -> int:
        """The next position."""
        return self._committed.size + len(self._leaves)

    @property
    def committed_size(self) -> int:
        """The first position of this transaction."""
        return self._committed.size

    @property
    def head(self) -> Head:
        """The head with what was appended, but the root as last committed."""
        return Head(self.size, self._committed.root, self._received_at, self._key_position)

    def add_event(self, leaf: bytes, stream: str, received_at: str) -> int:
        """The position of an event's leaf."""
        position = self.add_leaf(leaf)
        self._received_at = received_at
        if stream == KEYS_STREAM:
            self._key_position = position
        return position

    def add_leaf(self, leaf: bytes) -> int:
        """The position of a leaf that is no event's."""
        self._leaves.append(leaf)
        return self.size - 1

    def mark(self) -> Mark:
        """The moment it is now."""
        return Mark(len(self._leaves), self._received_at, self._key_position)

    def back_to(self, mark: Mark) -> None:
        """Forget everything since `mark`."""
        del self._leaves[mark.leaves :]
        self._received_at, self._key_position = mark.received_at, mark.key_position

    def grown(self) -> Grown | None:
        """What to store at the end, or None when nothing was appended; about one hash a leaf."""
        if not self._leaves:
            return None
        edge, tiles = grow(self._edge, self._leaves)
        head = Head(edge.size, edge_root(edge), self._received_at, self._key_position)
        return Grown(head, tuple(self._leaves), edge, tiles)
