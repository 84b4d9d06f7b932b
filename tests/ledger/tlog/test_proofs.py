"""Every proof of every small tree is the one RFC 6962 defines, checks, and fails with any bit flipped."""

from __future__ import annotations

import base64
import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import Invalid
from ledger.tlog.proofs import check_consistency, check_inclusion, prove_consistency, prove_inclusion
from ledger.tlog.tiles import RightEdge, grow
from ledger.tlog.tree import EMPTY_ROOT, MAX_SIZE, root_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .conftest import TileStore

VECTORS = Path(__file__).parents[2] / "vectors/merkle-rfc6962"
INCLUSION = sorted((VECTORS / "inclusion").glob("*/*.json"))
CONSISTENCY = sorted((VECTORS / "consistency").glob("*/*.json"))
LEAVES = [sha256(str(n).encode()).digest() for n in range(100)]


# RFC 6962, section 2.1, word for word and without regard to cost; nothing is shared with the code under test.


def split(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while 2 * k < n:
        k *= 2
    return k


@cache
def mth(start: int, end: int) -> bytes:
    """MTH(D[start:end]) over `LEAVES`."""
    if end == start:
        return sha256(b"").digest()
    if end - start == 1:
        return LEAVES[start]
    k = start + split(end - start)
    return sha256(b"\x01" + mth(start, k) + mth(k, end)).digest()


def path(m: int, start: int, end: int) -> list[bytes]:
    """PATH(m, D[start:end])."""
    if end - start == 1:
        return []
    k = split(end - start)
    if m < k:
        return [*path(m, start, start + k), mth(start + k, end)]
    return [*path(m - k, start + k, end), mth(start, start + k)]


def subproof(m: int, start: int, end: int, *, known: bool) -> list[bytes]:
    """SUBPROOF(m, D[start:end], b)."""
    if m == end - start:
        return [] if known else [mth(start, end)]
    k = split(end - start)
    if m <= k:
        return [*subproof(m, start, start + k, known=known), mth(start + k, end)]
    return [*subproof(m - k, start + k, end, known=False), mth(start, start + k)]


def one_bit_flipped(hashes: Sequence[bytes], bits: Sequence[int]) -> Iterator[list[bytes]]:
    """The same hashes with one bit changed, for each hash and each of these bits."""
    for at, value in enumerate(hashes):
        for bit in bits:
            flipped = bytearray(value)
            flipped[bit // 8] ^= 1 << bit % 8
            yield [*hashes[:at], bytes(flipped), *hashes[at + 1 :]]


def every_length_is_wrong(proof: Sequence[bytes]) -> Iterator[list[bytes]]:
    """The same proof with a hash too many or too few, at either end."""
    yield from ([bytes(32), *proof], [*proof, bytes(32)], [b"", *proof], [*proof, b""])
    if proof:
        yield from (list(proof[1:]), list(proof[:-1]), [proof[0], *proof], [*proof, proof[-1]])


def refused(check: Callable[..., None], *arguments: object) -> str:
    """The code under which the check fails; an accepted proof fails the test."""
    try:
        check(*arguments)
    except Invalid as error:
        return error.code
    pytest.fail(f"accepted: {arguments}")


def inclusion_survives_no_flip(size: int, store: TileStore, bits: Sequence[int]) -> None:
    """Leaf, root and every proof hash, for every position of the tree."""
    root = root_hash(LEAVES[:size])
    for position in range(size):
        proof = prove_inclusion(position, size, store.read)
        for leaf, false_root, *hashes in one_bit_flipped([LEAVES[position], root, *proof], bits):
            assert refused(check_inclusion, leaf, position, size, hashes, false_root) == "inclusion-proof"


def consistency_survives_no_flip(size: int, store: TileStore, bits: Sequence[int]) -> None:
    """Both roots and every proof hash, for every older tree."""
    root = root_hash(LEAVES[:size])
    for old in range(1, size + 1):
        proof = prove_consistency(old, size, store.read)
        for old_root, new_root, *hashes in one_bit_flipped([root_hash(LEAVES[:old]), root, *proof], bits):
            assert refused(check_consistency, old, old_root, size, new_root, hashes) == "consistency-proof"


def decoded(proof: list[str] | None) -> list[bytes]:
    return [base64.b64decode(text) for text in proof or []]


def test_all_recorded_vectors_are_here() -> None:
    """A vector that was not copied would be a test that silently does not run."""
    assert (len(INCLUSION), len(CONSISTENCY)) == (34, 25)


@pytest.mark.parametrize("file", INCLUSION, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_recorded_inclusion_proofs(file: Path) -> None:
    """The vectors of transparency-dev/merkle, most of them damaged on purpose."""
    case = json.loads(file.read_text())
    arguments = (
        base64.b64decode(case["leafHash"]),
        case["leafIdx"],
        case["treeSize"],
        decoded(case["proof"]),
        base64.b64decode(case["root"]),
    )

    if case["wantErr"]:
        assert refused(check_inclusion, *arguments) in {"inclusion-proof", "tree-range"}
    else:
        check_inclusion(*arguments)


@pytest.mark.parametrize("file", CONSISTENCY, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_recorded_consistency_proofs(file: Path) -> None:
    """The vectors of transparency-dev/merkle, most of them damaged on purpose."""
    case = json.loads(file.read_text())
    arguments = (
        case["size1"],
        base64.b64decode(case["root1"]),
        case["size2"],
        base64.b64decode(case["root2"]),
        decoded(case["proof"]),
    )

    if case["wantErr"]:
        assert refused(check_consistency, *arguments) in {"consistency-proof", "tree-range"}
    else:
        check_consistency(*arguments)


def test_every_inclusion_proof_to_a_hundred_leaves_is_the_one_of_the_rfc(hundred: TileStore) -> None:
    """Equal to PATH(m, D[n]), and accepted; with a hash more or fewer, refused."""
    for size in range(1, 101):
        for position in range(size):
            proof = prove_inclusion(position, size, hundred.read)
            assert list(proof) == path(position, 0, size)
            check_inclusion(LEAVES[position], position, size, proof, mth(0, size))
            for wrong in every_length_is_wrong(proof):
                assert refused(check_inclusion, LEAVES[position], position, size, wrong, mth(0, size))


def test_every_consistency_proof_to_a_hundred_leaves_is_the_one_of_the_rfc(hundred: TileStore) -> None:
    """Equal to PROOF(m, D[n]), and accepted; with a hash more or fewer, refused."""
    for size in range(1, 101):
        for old in range(1, size + 1):
            proof = prove_consistency(old, size, hundred.read)
            assert list(proof) == subproof(old, 0, size, known=True)
            check_consistency(old, mth(0, old), size, mth(0, size), proof)
            for wrong in every_length_is_wrong(proof):
                assert refused(check_consistency, old, mth(0, old), size, mth(0, size), wrong)


def test_a_proof_holds_for_no_other_position_size_or_leaf(hundred: TileStore) -> None:
    """Each proof of each tree to 20 leaves, tried at every other position and size of those trees."""
    for size in range(1, 21):
        for position in range(size):
            proof = prove_inclusion(position, size, hundred.read)
            for other in set(range(size)) - {position}:
                assert refused(check_inclusion, LEAVES[position], other, size, proof, mth(0, size))
                assert refused(check_inclusion, LEAVES[other], position, size, proof, mth(0, size))


@pytest.mark.parametrize("size", range(1, 17))
def test_every_flipped_bit_fails_to_sixteen_leaves(size: int, hundred: TileStore) -> None:
    """Every bit of every leaf, root and proof hash."""
    inclusion_survives_no_flip(size, hundred, range(256))
    consistency_survives_no_flip(size, hundred, range(256))


def test_a_flipped_bit_in_every_hash_fails_to_a_hundred_leaves(hundred: TileStore) -> None:
    """One bit of each, another one for each size."""
    for size in range(17, 101):
        inclusion_survives_no_flip(size, hundred, [size * 37 % 256])
        consistency_survives_no_flip(size, hundred, [size * 91 % 256])


@pytest.mark.soak
@pytest.mark.parametrize("size", range(17, 101))
def test_every_flipped_bit_fails_to_a_hundred_leaves(size: int, hundred: TileStore) -> None:
    """Every bit of every leaf, root and proof hash: some ten million refusals."""
    inclusion_survives_no_flip(size, hundred, range(256))
    consistency_survives_no_flip(size, hundred, range(256))


def test_every_tree_extends_the_empty_one(hundred: TileStore) -> None:
    """With the empty proof and the empty root, and with nothing else."""
    for size in (0, 1, 100):
        assert prove_consistency(0, size, hundred.read) == ()
        check_consistency(0, EMPTY_ROOT, size, mth(0, size), [])
        assert refused(check_consistency, 0, mth(0, 1), size, mth(0, size), []) == "consistency-proof"
        assert refused(check_consistency, 0, EMPTY_ROOT, size, mth(0, size), [bytes(32)]) == "consistency-proof"
    assert refused(check_consistency, 0, EMPTY_ROOT, 0, mth(0, 1), []) == "consistency-proof"


def test_a_rewritten_past_has_no_consistency_proof(hundred: TileStore) -> None:
    """No proof of the true tree leads from a history in which one leaf was another."""
    for changed in range(40):
        forged = root_hash([*LEAVES[:changed], sha256(b"forged").digest(), *LEAVES[changed + 1 : 40]])
        proof = prove_consistency(40, 100, hundred.read)
        assert refused(check_consistency, 40, forged, 100, mth(0, 100), proof) == "consistency-proof"


@pytest.mark.parametrize(("position", "size"), [(0, 0), (1, 1), (-1, 1), (5, 4), (0, -1), (0, MAX_SIZE + 1)])
def test_a_position_outside_the_tree_is_refused(position: int, size: int) -> None:
    """By the prover before it reads, and by the checker before it computes."""
    assert refused(check_inclusion, LEAVES[0], position, size, [], LEAVES[0]) == "tree-range"
    with pytest.raises(Invalid, match="tree-range"):
        prove_inclusion(position, size, lambda *_: pytest.fail("read a tile"))


@pytest.mark.parametrize(("old", "new"), [(1, 0), (5, 4), (-1, 4), (0, MAX_SIZE + 1)])
def test_a_tree_that_shrinks_is_refused(old: int, new: int) -> None:
    """By the prover before it reads, and by the checker before it computes."""
    assert refused(check_consistency, old, LEAVES[0], new, LEAVES[0], []) == "tree-range"
    with pytest.raises(Invalid, match="tree-range"):
        prove_consistency(old, new, lambda *_: pytest.fail("read a tile"))


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_hash_of_another_length_is_refused(length: int, hundred: TileStore) -> None:
    """Every place where a hash stands."""
    proof = list(prove_inclusion(3, 8, hundred.read))
    assert refused(check_inclusion, bytes(length), 3, 8, proof, mth(0, 8)) == "inclusion-proof"
    assert refused(check_inclusion, LEAVES[3], 3, 8, proof, bytes(length)) == "inclusion-proof"
    assert refused(check_inclusion, LEAVES[3], 3, 8, [*proof[:2], bytes(length)], mth(0, 8)) == "inclusion-proof"
    assert refused(check_consistency, 8, bytes(length), 8, bytes(length), []) == "consistency-proof"


def test_bytes_cannot_move_from_one_hash_to_the_next() -> None:
    """Cut at another place, leaf and sibling join to the same node; only their lengths betray it."""
    joined, root = LEAVES[0] + LEAVES[1], mth(0, 2)

    check_inclusion(joined[:32], 0, 2, [joined[32:]], root)
    for cut in (0, 31, 33, 64):
        assert refused(check_inclusion, joined[:cut], 0, 2, [joined[cut:]], root) == "inclusion-proof"
    assert refused(check_inclusion, b"", 0, 1, [], b"") == "inclusion-proof"


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_proofs_across_many_tiles_hold(data: st.DataObject) -> None:
    """Trees of three levels of tiles; each tile is read once, and few are."""
    size = data.draw(st.integers(1, BIG))
    position, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    reads: list[tuple[int, int]] = []

    def read_tile(level: int, index: int) -> bytes:
        reads.append((level, index))
        return BIG_TILES[level, index]

    root, old_root = root_hash(BIG_LEAVES[:size]), root_hash(BIG_LEAVES[:old])
    check_inclusion(BIG_LEAVES[position], position, size, prove_inclusion(position, size, read_tile), root)
    assert len(reads) == len(set(reads)) <= 5
    reads.clear()
    check_consistency(old, old_root, size, root, prove_consistency(old, size, read_tile))
    assert len(reads) == len(set(reads)) <= 5


def test_a_tile_that_is_too_short_proves_nothing() -> None:
    """The store lost something: said at the tile, not later at the root."""
    with pytest.raises(Invalid, match="tile-content"):
        prove_inclusion(3, 8, lambda *_: b"".join(LEAVES[:7]))


@given(
    st.integers(0, 40),
    st.integers(0, 40),
    st.lists(st.binary(max_size=40) | st.sampled_from(LEAVES), max_size=8),
    st.binary(max_size=40) | st.just(EMPTY_ROOT),
    st.sampled_from(LEAVES),
)
def test_garbage_proves_nothing(a: int, b: int, proof: list[bytes], x: bytes, root: bytes) -> None:
    """Never accepted, and never another error than `Invalid`; one true case apart."""
    assert refused(check_inclusion, x, a, b, proof, root) in {"inclusion-proof", "tree-range"}
    if not (a == 0 < b and x == EMPTY_ROOT and not proof):
        assert refused(check_consistency, a, x, b, root, proof) in {"consistency-proof", "tree-range"}


BIG = 66_100
BIG_LEAVES = [sha256(n.to_bytes(4, "big")).digest() for n in range(BIG)]
BIG_TILES = grow(RightEdge.empty(), BIG_LEAVES).tiles
