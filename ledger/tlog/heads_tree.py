"""
The root over the last row of every stream, kept up to date as streams grow (`ledger.tlog.heads` says what it is).

A ledger commits to it every day, and most of its streams ended long ago.
So only what changed since the last time is hashed again: about log2(streams) hashes for each stream that grew.
"""

from __future__ import annotations

from hashlib import sha256

from ledger.tlog.heads import HeadRow
from ledger.tlog.tree import HASH_SIZE, Hash

_NO_ROWS = bytes(HASH_SIZE)


class _Branch:
    """Two or more rows whose tags begin alike; `hash` is None when something below has changed."""

    __slots__ = ("hash", "sides")

    def __init__(self) -> None:
        self.hash: Hash | None = None
        self.sides: list[_Branch | HeadRow | None] = [None, None]


class HeadsTree:
    """The last rows of streams, put in one by one; `count` is their number."""

    def __init__(self) -> None:
        """Begin without streams."""
        self._top: _Branch | HeadRow | None = None
        self.count = 0

    def put(self, row: HeadRow) -> None:
        """The stream of this row's tag ends here from now on; about log2(count) steps."""
        if not isinstance(self._top, _Branch):
            self._top = self._joined(self._top, row, 0)
            return
        branch, depth = self._top, 0
        while True:
            branch.hash = None
            bit = _bit(row.tag, depth)
            below = branch.sides[bit]
            depth += 1
            if not isinstance(below, _Branch):
                branch.sides[bit] = self._joined(below, row, depth)
                return
            branch = below

    @property
    def root(self) -> Hash:
        """The root over all of them; what did not change is not hashed again."""
        return _hash(self._top)

    def _joined(self, below: HeadRow | None, row: HeadRow, depth: int) -> _Branch | HeadRow:
        """What stands where `below` stood, now that `row` belongs there too."""
        if below is None or below.tag == row.tag:
            self.count += below is None
            return row
        top = branch = _Branch()
        while (bit := _bit(row.tag, depth)) == _bit(below.tag, depth):
            deeper = _Branch()
            branch.sides[bit] = deeper
            branch, depth = deeper, depth + 1
        branch.sides[bit], branch.sides[1 - bit] = row, below
        self.count += 1
        return top


def _hash(node: _Branch | HeadRow | None) -> Hash:
    if node is None:
        return _NO_ROWS
    if isinstance(node, HeadRow):
        return sha256(b"\x00" + node.to_bytes()).digest()
    if node.hash is None:
        node.hash = sha256(b"\x01" + _hash(node.sides[0]) + _hash(node.sides[1])).digest()
    return node.hash


def _bit(tag: bytes, depth: int) -> int:
    return tag[depth >> 3] >> (7 - (depth & 7)) & 1
