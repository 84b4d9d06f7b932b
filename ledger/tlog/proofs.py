"""
Two statements about a signed root that need only a few hashes: "this entry is in it" and "it only grew".

An inclusion proof (RFC 6962, section 2.1.1) holds the sibling of every tree on the way from leaf to root,
leaf side first. For leaf d of the five in `tree`: [c, n2, e], and a reader computes

    node(node(n2, node(c, d)), e) = root

A consistency proof (section 2.1.2) holds what is needed to compute an old *and* a new root. From three leaves
(a, b, c) to five: [c, d, n2, e], and a reader computes

    old = node(n2, c)        new = node(node(n2, node(c, d)), e)

Both walk down from the root by the same rule: halve at the largest power of two below the number of leaves,
go where the leaf (or the old end) is, note the half that was passed by. The prover writes the hashes of the
passed halves, the checker folds them back in the reverse order. A checker knows from the positions alone how
many hashes there must be, so a proof with one more or one fewer is refused before anything is computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ledger.errors import Invalid
from ledger.tlog.tiles import TILE_HEIGHT, TILE_WIDTH, ReadTile, first_hashes, split_hashes
from ledger.tlog.tree import EMPTY_ROOT, HASH_SIZE, Hash, node_hash, require_hash, require_size, root_hash


def prove_inclusion(position: int, size: int, read_tile: ReadTile) -> tuple[Hash, ...]:
    """
    The proof that the tree of `size` leaves contains the leaf at `position`.

    At most ceil(log2(size)) hashes, leaf side first. Reads each tile once: those above the leaf, and at most
    one a level at the right edge; hashes about 250 times for each. Source: RFC 6962, section 2.1.1. The
    tiles are not authenticated: a proof from damaged tiles fails in `check_inclusion`.

    Raises:
        Invalid: `tree-range`, when `position` is not below `size`; `tile-content`, for too short a tile.
    """
    _require_position(position, size)
    tiles = _Tiles(read_tile)
    start, end = 0, size
    passed: list[Hash] = []
    while end - start > 1:
        middle = _middle(start, end)
        if position < middle:
            passed.append(tiles.root(middle, end))
            end = middle
        else:
            passed.append(tiles.root(start, middle))
            start = middle
    return tuple(reversed(passed))


def check_inclusion(leaf: Hash, position: int, size: int, proof: Sequence[Hash], root: Hash) -> None:
    """
    Nothing, when `proof` shows that the tree of `size` leaves under `root` has `leaf` at `position`.

    `leaf` is a leaf hash (`leaf_hash(entry)`), never the entry.

    Raises:
        Invalid: `inclusion-proof`, when it shows anything else; `tree-range` for a `position` from `size` on.
    """
    _require_position(position, size)
    _require_hashes("inclusion-proof", (leaf, root, *proof))
    start, end = 0, size
    passed_left: list[bool] = []
    while end - start > 1:
        middle = _middle(start, end)
        went_right = position >= middle
        passed_left.append(went_right)
        start, end = (middle, end) if went_right else (start, middle)
    if len(proof) != len(passed_left):
        raise Invalid("inclusion-proof", "The proof has too many or too few hashes.")
    computed = leaf
    for is_left, sibling in zip(reversed(passed_left), proof, strict=True):
        computed = node_hash(sibling, computed) if is_left else node_hash(computed, sibling)
    if computed != root:
        raise Invalid("inclusion-proof", "The entry is not at this position of the tree with this root.")


def prove_consistency(old_size: int, new_size: int, read_tile: ReadTile) -> tuple[Hash, ...]:
    """
    The proof that the tree of `new_size` leaves begins with all leaves of the tree of `old_size`, unchanged.

    At most ceil(log2(new_size)) + 1 hashes; none, if the sizes are equal or the old tree is empty.
    Reads as few tiles as `prove_inclusion`. Source: RFC 6962, section 2.1.2.

    Raises:
        Invalid: `tree-range`, when `old_size` is above `new_size`; `tile-content`, for too short a tile.
    """
    _require_order(old_size, new_size)
    if old_size == 0:
        return ()
    tiles = _Tiles(read_tile)
    start, end = 0, new_size
    passed: list[Hash] = []
    while end > old_size:
        middle = _middle(start, end)
        if old_size <= middle:
            passed.append(tiles.root(middle, end))
            end = middle
        else:
            passed.append(tiles.root(start, middle))
            start = middle
    if start:
        passed.append(tiles.root(start, end))
    return tuple(reversed(passed))


def check_consistency(old_size: int, old_root: Hash, new_size: int, new_root: Hash, proof: Sequence[Hash]) -> None:
    """
    Nothing, when `proof` shows that the new tree is the old one with leaves appended, or the same.

    Every tree extends the empty one, whose only root is `EMPTY_ROOT` and whose only proof is the empty one.

    Raises:
        Invalid: `consistency-proof`, when it shows anything else; `tree-range`, when the tree shrank.
    """
    _require_order(old_size, new_size)
    _require_hashes("consistency-proof", (old_root, new_root, *proof))
    if old_size == 0:
        if proof or old_root != EMPTY_ROOT or (new_size == 0 and new_root != EMPTY_ROOT):
            raise Invalid("consistency-proof", "The empty tree has one root and needs no proof.")
        return
    start, end = 0, new_size
    passed_left: list[bool] = []
    while end > old_size:
        middle = _middle(start, end)
        went_right = old_size > middle
        passed_left.append(went_right)
        start, end = (middle, end) if went_right else (start, middle)
    # The way ends at a tree that old and new share; if that is the whole old tree, its root is known already.
    hashes = list(proof) if start else [old_root, *proof]
    if len(hashes) != len(passed_left) + 1:
        raise Invalid("consistency-proof", "The proof has too many or too few hashes.")
    old = new = hashes[0]
    for is_left, sibling in zip(reversed(passed_left), hashes[1:], strict=True):
        old = node_hash(sibling, old) if is_left else old
        new = node_hash(sibling, new) if is_left else node_hash(new, sibling)
    if old != old_root or new != new_root:
        raise Invalid("consistency-proof", "The newer tree does not continue the older one.")


class _Tiles:
    """The stored tiles, each read at most once."""

    def __init__(self, read_tile: ReadTile) -> None:
        self._read_tile = read_tile
        self._seen: dict[tuple[int, int], bytes] = {}

    def root(self, start: int, end: int) -> Hash:
        """
        The root over the leaves from `start` up to `end`.

        `start` is a multiple of the largest power of two in `end - start`, as everywhere in a tree.
        """
        perfect: list[Hash] = []
        while start < end:
            height = (end - start).bit_length() - 1
            perfect.append(self._perfect(start, height))
            start += 1 << height
        root = perfect.pop()
        while perfect:
            root = node_hash(perfect.pop(), root)
        return root

    def _perfect(self, start: int, height: int) -> Hash:
        level, above = divmod(height, TILE_HEIGHT)
        index, offset = divmod(start >> TILE_HEIGHT * level, TILE_WIDTH)
        count = 1 << above
        if (level, index) not in self._seen:
            self._seen[level, index] = self._read_tile(level, index)
        content = self._seen[level, index]
        if level and len(content) >= (offset + count) * HASH_SIZE:
            return _rows(content)[above][offset >> above]
        return _root_over(first_hashes(content, offset + count)[offset * HASH_SIZE :])


@lru_cache(maxsize=64)
def _root_over(hashes: bytes) -> Hash:
    """The root over joined hashes; those at the right edge are asked for again with every checkpoint."""
    return root_hash(split_hashes(hashes))


@lru_cache(maxsize=64)
def _rows(content: bytes) -> list[list[Hash]]:
    """
    All whole rows of hashes inside a tile, lowest first: for those above the leaves.

    There are few of them and every proof needs one, so a proof costs as much among a million entries as among ten
    thousand: the hashes inside one lowest tile.
    """
    rows = [split_hashes(first_hashes(content, len(content) // HASH_SIZE))]
    while len(rows[-1]) > 1:
        row = rows[-1]
        rows.append([node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=False)])
    return rows


def _middle(start: int, end: int) -> int:
    """Where a tree over these leaves is halved: after the largest power of two below their number."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _require_position(position: int, size: int) -> None:
    require_size(size)
    if not 0 <= position < size:
        raise Invalid("tree-range", "The tree has no leaf at this position.", field="position")


def _require_order(old_size: int, new_size: int) -> None:
    require_size(old_size, "old_size")
    require_size(new_size, "new_size")
    if old_size > new_size:
        raise Invalid("tree-range", "A tree never shrinks.", field="old_size")


def _require_hashes(code: str, hashes: Sequence[Hash]) -> None:
    for value in hashes:
        require_hash(value, "", code)
