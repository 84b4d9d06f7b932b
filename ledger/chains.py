"""
Each record's chain: version after version, each entry naming the leaf of the one before.

Kept as small as they can be, 48 bytes an entry, so that an audit of a million entries fits into memory.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left

from ledger.tlog.heads import HeadRow
from ledger.tlog.tree import HASH_SIZE, Hash


class Chains:
    """The chains of all records of one log, as its rows are taken in order of position."""

    def __init__(self) -> None:
        """Begin with no rows."""
        self._leaves = bytearray()
        self._chains: dict[bytes, tuple[array[int], array[int]]] = {}

    def take(self, leaf: Hash) -> None:
        """The next row of the log has this leaf, whatever it is."""
        self._leaves += leaf

    def continues(self, position: int, tag: bytes, version: int, prev: Hash | None) -> int:
        """
        The version that comes next in the record with this tag, or 0 when the entry at `position` is just that.

        It is part of its record in either case, as it says.
        """
        chain = self._chains.get(tag)
        if chain is None:
            chain = self._chains[tag] = (array("q"), array("q"))
        positions, versions = chain
        expected, before = (versions[-1] + 1, self._leaf(positions[-1])) if versions else (1, None)
        positions.append(position)
        versions.append(version)
        return 0 if version == expected and prev == before else expected

    def ends_below(self, size: int) -> list[HeadRow]:
        """The last row of every record among the first `size` of the log."""
        rows = []
        for tag, (positions, versions) in self._chains.items():
            count = bisect_left(positions, size)
            if count:
                rows.append(HeadRow(tag, versions[count - 1], self._leaf(positions[count - 1])))
        return rows

    def _leaf(self, position: int) -> Hash:
        return bytes(self._leaves[position * HASH_SIZE : (position + 1) * HASH_SIZE])
