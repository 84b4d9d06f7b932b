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

from ledger.tlog.tree import EMPTY_ROOT, HASH_SIZE, Hash, node_hash


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

    def extend(self, leaves: bytes) -> None:
        """These joined leaves more; a row of nodes at once takes half the time of one leaf after the other."""
        count = len(leaves) // HASH_SIZE
        at = 0
        while at < count:
            whole = 1 << ((count - at).bit_length() - 1)
            if self.size:
                whole = min(whole, self.size & -self.size)
            self._join(whole, leaves[at * HASH_SIZE : (at + whole) * HASH_SIZE])
            at += whole

    def _join(self, count: int, level: bytes) -> None:
        """A perfect tree of so many leaves is put beside those here, none of which is smaller but by joining."""
        for _ in range(count.bit_length() - 1):
            level = b"".join(
                [
                    sha256(b"\x01" + level[at : at + 2 * HASH_SIZE]).digest()
                    for at in range(0, len(level), 2 * HASH_SIZE)
                ]
            )
        size = self.size // count
        while size & 1:
            level = sha256(b"\x01" + self._peaks.pop() + level).digest()
            size >>= 1
        self._peaks.append(level)
        self.size += count

    @property
    def root(self) -> Hash:
        """The root over all leaves; at most log2(size) hashes."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in self._peaks[-2::-1]:
            root = node_hash(peak, root)
        return root
