"""The Merkle tree gives the roots that RFC 6962 implementations agree on."""

from __future__ import annotations

import json
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from ledger.errors import Invalid
from ledger.tlog.peaks import Peaks
from ledger.tlog.tiles import RightEdge, edge_root, grow
from ledger.tlog.tree import EMPTY_ROOT, MAX_SIZE, leaf_hash, node_hash, require_hash, require_size, root_hash

if TYPE_CHECKING:
    from pathlib import Path


def test_the_reference_inputs_give_the_reference_roots(vectors: Path) -> None:
    """The eight inputs of the first certificate log, and the roots of sizes 0 to 8."""
    data = json.loads((vectors / "merkle-rfc6962/roots_0_to_8.json").read_text())
    leaves = [leaf_hash(bytes.fromhex(text)) for text in data["leaf_inputs_hex"]]

    assert len(data["roots_hex_by_size"]) == 9
    for size, root in enumerate(data["roots_hex_by_size"]):
        assert root_hash(leaves[:size]).hex() == root
        assert edge_root(grow(RightEdge.empty(), leaves[:size]).edge).hex() == root


def test_every_inner_node_of_the_reference_tree_is_a_root(vectors: Path) -> None:
    """Level by level, each node is the node hash of its two children."""
    levels = json.loads((vectors / "merkle-rfc6962/roots_0_to_8.json").read_text())["node_hashes_hex_by_level"]
    rows = [[bytes.fromhex(text) for text in row] for row in levels]

    assert [len(row) for row in rows] == [8, 4, 2, 1]
    for below, row in pairwise(rows):
        assert [node_hash(*below[2 * n : 2 * n + 2]) for n in range(len(row))] == row


def test_a_leaf_cannot_pass_for_a_node() -> None:
    """The same 64 bytes hash differently as an entry and as two halves."""
    left, right = sha256(b"left").digest(), sha256(b"right").digest()

    assert leaf_hash(left + right) != node_hash(left, right)
    assert leaf_hash(b"\x01" + left + right) != node_hash(left, right)


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    """RFC 6962, section 2.1: MTH({}) = SHA-256()."""
    assert root_hash([]) == EMPTY_ROOT == sha256(b"").digest()


def test_the_root_depends_on_the_order() -> None:
    """Two leaves swapped are another tree."""
    a, b = leaf_hash(b"a"), leaf_hash(b"b")

    assert root_hash([a, b]) == node_hash(a, b) != root_hash([b, a])


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_only_32_bytes_are_a_hash(length: int) -> None:
    """Any other length is refused under the code asked for."""
    with pytest.raises(Invalid) as refused:
        require_hash(bytes(length), "root", "some-code")

    assert (refused.value.code, refused.value.field) == ("some-code", "root")


def test_sizes_end_at_63_bits() -> None:
    """0 and the largest are sizes, their neighbours outside are not."""
    require_size(0)
    require_size(MAX_SIZE)

    for size in (-1, MAX_SIZE + 1):
        with pytest.raises(Invalid, match="tree-range"):
            require_size(size)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 5, 8, 13, 31])
@pytest.mark.parametrize("more", [0, 1, 2, 3, 4, 7, 8, 33])
def test_many_leaves_at_once_grow_the_tree_of_one_leaf_after_the_other(size: int, more: int) -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(size + more)]
    tree = Peaks()
    tree.extend(b"".join(leaves[:size]))

    tree.extend(b"".join(leaves[size:]))

    assert (tree.size, tree.root) == (len(leaves), root_hash(leaves))
    tree.add(leaf_hash(b"one more"))
    assert tree.root == root_hash([*leaves, leaf_hash(b"one more")])
