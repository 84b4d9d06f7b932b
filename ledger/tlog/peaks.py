"""
The root of a tree that only grows, from as little as can be remembered: the roots of its perfect parts.

A tree of 13 = 8 + 4 + 1 leaves is three perfect trees; their roots are its *peaks*, largest first.
A new leaf joins with peaks of equal height, as a carry runs through a binary addition.
`ledger.tlog.tiles` keeps more, for whoever has to prove something afterwards.
Source: RFC 6962, section 2.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from ledger.tlog.tree import EMPTY_ROOT, Hash, node_hash


class Peaks:
    """A growing tree; `size` counts its leaves."""

    def __init__(self, size: int = 0, peaks: Iterable[Hash] = ()) -> None:
        """A tree without leaves, or that of `size` leaves with these peaks, which are believed."""
        self.size = size
        self._peaks: list[Hash] = list(peaks)

    def copy(self) -> Peaks:
        """The same tree, which grows on its own."""
        return Peaks(self.size, self._peaks)

    def add(self, leaf: Hash) -> None:
        """One more leaf; about one hash on average."""
        size = self.size
        while size & 1:
            leaf = sha256(b"\x01" + self._peaks.pop() + leaf).digest()
            size >>= 1
        self._peaks.append(leaf)
        self.size += 1

    @property
    def root(self) -> Hash:
        """The root over all leaves; at most log2(size) hashes."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in self._peaks[-2::-1]:
            root = node_hash(peak, root)
        return root
