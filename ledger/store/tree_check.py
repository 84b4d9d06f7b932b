"""
Whether the stored tiles are those of the stored head, asked before anything is appended to them.

Looks at the right edge only: one tile a level, and at most 255 hashes for each.
A change deeper inside is found by an audit, which reads everything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from ledger.errors import TamperDetected
from ledger.store.port import Head
from ledger.tlog.tiles import TILE_HEIGHT, TILE_WIDTH, ReadTile, RightEdge, edge_root, load_edge, split_hashes
from ledger.tlog.tree import HASH_SIZE, Hash, root_hash

LeavesOf: TypeAlias = Callable[[int, int], Sequence[Hash]]
"""(start, limit) -> the leaf hashes of the stored entries from a position on, computed anew."""

REMEDY = "Stop writing, keep the files as they are, and compare with a checkpoint held elsewhere."


def checked_edge(head: Head, read_tile: ReadTile, leaves_of: LeavesOf) -> RightEdge:
    """
    The right edge of the tree of this head, loaded from its tiles.

    Raises:
        TamperDetected: `store-tree`, when a tile is too short or too long for the head, or the edge does not
            give its root. The position is the first one whose hash does not fit; None when every hash at
            the edge fits, so that the root in the head row itself is the one that was changed.
    """
    _check_widths(head.size, read_tile)
    edge = load_edge(head.size, read_tile)
    if edge_root(edge) != head.root:
        raise TamperDetected(
            "store-tree",
            "The stored tree does not have the root of the head row.",
            position=_first_doubt(edge, read_tile, leaves_of),
            remedy=REMEDY,
        )
    return edge


def _check_widths(size: int, read_tile: ReadTile) -> None:
    """Pass when each level's last tile has exactly the hashes of a tree of this size."""
    level = 0
    while True:
        hashes = size >> TILE_HEIGHT * level
        index, width = divmod(hashes, TILE_WIDTH)
        stored = len(read_tile(level, index)) // HASH_SIZE
        if stored != width:
            first = (index * TILE_WIDTH + min(stored, width)) << TILE_HEIGHT * level
            raise TamperDetected(
                "store-tree",
                f"A tile of level {level} has {stored} hashes, and {width} in a tree of {size} entries.",
                position=first,
                remedy=REMEDY,
            )
        if not hashes:
            return
        level += 1


def _first_doubt(edge: RightEdge, read_tile: ReadTile, leaves_of: LeavesOf) -> int | None:
    """The first position under a hash at the edge that does not follow from what lies below it."""
    for level in reversed(range(len(edge.partials))):
        stored = split_hashes(edge.partials[level])
        first = edge.size >> TILE_HEIGHT * (level + 1) << TILE_HEIGHT
        if level == 0:
            below = list(leaves_of(first, len(stored)))
        else:
            below = [root_hash(split_hashes(read_tile(level - 1, first + i))) for i in range(len(stored))]
        for i, (hash_, computed) in enumerate(zip(stored, below, strict=False)):
            if hash_ != computed:
                return (first + i) << TILE_HEIGHT * level
    return None
