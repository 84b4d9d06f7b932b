"""
Each record's chain: version after version, each entry naming the leaf of the one before.

Kept as small as they can be, 48 bytes an entry, so that an audit of a million entries fits into memory.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from ledger.tlog.heads import HeadRow
from ledger.tlog.heads_tree import HeadsTree
from ledger.tlog.tree import HASH_SIZE, Hash


class Link(NamedTuple):
    """Some rows of one record behind each other; `version` and `prev` are what the first of them says."""

    tag: bytes
    version: int
    prev: Hash | None
    positions: array[int]


class Chains:
    """The chains of all records of one log, as its rows are taken in order of position."""

    def __init__(self) -> None:
        """Begin with no rows."""
        self._leaves = bytearray()
        self._chains: dict[bytes, tuple[array[int], array[int]]] = {}
        self._grown: set[bytes] = set()
        self._ends = HeadsTree()
        self._ends_size = 0

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
        self._grown.add(tag)
        positions.append(position)
        versions.append(version)
        return 0 if version == expected and prev == before else expected

    def joined_by(self, links: Iterable[Link]) -> bool:
        """Whether each of these links continues its record where that ends."""
        for link in links:
            chain = self._chains.get(link.tag)
            expected, before = (chain[1][-1] + 1, self._leaf(chain[0][-1])) if chain else (1, None)
            if link.version != expected or link.prev != before:
                return False
        return True

    def extend(self, links: Iterable[Link], leaves: bytes) -> None:
        """The next rows of the log have these leaves, and continue these records, as was asked before."""
        self._leaves += leaves
        for link in links:
            positions, versions = self._chains.setdefault(link.tag, (array("q"), array("q")))
            positions.extend(link.positions)
            versions.extend(range(link.version, link.version + len(link.positions)))
            self._grown.add(link.tag)

    def ends_below(self, size: int) -> tuple[int, Hash]:
        """
        How many records there are among the first `size` rows of the log, and the root over the last row of each.

        Asked with growing sizes it looks only at the records that grew since it was asked last.
        """
        if size < self._ends_size:  # nobody honest goes back: begin anew
            self._ends, self._grown = HeadsTree(), set(self._chains)
        self._ends_size = size
        for tag in tuple(self._grown):
            positions, versions = self._chains[tag]
            count = bisect_left(positions, size)
            if count:
                self._ends.put(HeadRow(tag, versions[count - 1], self._leaf(positions[count - 1])))
            if count == len(positions):
                self._grown.remove(tag)
        return self._ends.count, self._ends.root

    def _leaf(self, position: int) -> Hash:
        return bytes(self._leaves[position * HASH_SIZE : (position + 1) * HASH_SIZE])
