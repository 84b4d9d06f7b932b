r"""
One root for any number of entries: the Merkle tree of RFC 6962, section 2.1, with SHA-256.

A leaf is hashed behind a 0x00 byte and a node behind a 0x01 byte, so that neither can pass for the other:

    leaf = SHA-256(0x00 || entry)
    node = SHA-256(0x01 || left || right)
    root of nothing = SHA-256("")

A tree of n leaves has on its left the largest perfect tree of fewer than n leaves, and the rest on its right:

              root                    five entries: the first four are a perfect tree,
             /    \                   the fifth hangs beside it.
           n4      e                  root = node(node(node(a, b), node(c, d)), e)
         /    \
       n2      n2'
      /  \    /  \
     a    b  c    d

A change of one bit anywhere changes the root; an append leaves every perfect tree as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeAlias

from ledger.errors import Invalid

Hash: TypeAlias = bytes
"""32 bytes of SHA-256."""

HASH_SIZE = 32
MAX_SIZE = 2**63 - 1
"""The largest tree that any part of this package accepts (peers keep sizes in signed 64-bit integers)."""

EMPTY_ROOT: Hash = sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(entry: bytes) -> Hash:
    """The hash under which an entry stands in the tree."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """The hash of the tree whose two halves hash to `left` and `right`."""
    return sha256(b"\x01" + left + right).digest()


def root_hash(leaf_hashes: Sequence[Hash]) -> Hash:
    """
    The root of a tree over these leaf hashes, oldest first.

    Hashes n - 1 times for n leaves.
    Works in rows: neighbours are joined, and a last one without a neighbour moves up unchanged;
    that gives the shape of RFC 6962, because only the rightmost subtree of a row can be incomplete.
    Joins whatever it is given: a caller with hashes from outside checks their length first (`require_hash`).
    """
    if not leaf_hashes:
        return EMPTY_ROOT
    row = list(leaf_hashes)
    while len(row) > 1:
        joined = [sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=False)]
        if len(row) % 2:
            joined.append(row[-1])
        row = joined
    return row[0]


def require_hash(value: bytes, field: str, code: str = "hash") -> None:
    """
    Nothing, when `value` has the length of a hash.

    Without this check two hashes of other lengths could be cut at another place and give the same node.

    Raises:
        Invalid: `code`, for any other length.
    """
    if len(value) != HASH_SIZE:
        raise Invalid(code, f"A hash has {HASH_SIZE} bytes, this one has {len(value)}.", field=field)


def require_size(size: int, field: str = "size") -> None:
    """
    Nothing, when `size` is one a tree can have.

    Raises:
        Invalid: `tree-range`, for a negative size or one above `MAX_SIZE`.
    """
    if not 0 <= size <= MAX_SIZE:
        raise Invalid("tree-range", "No tree has this size.", field=field)
