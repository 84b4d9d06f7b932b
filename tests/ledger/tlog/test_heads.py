"""The heads root commits to the last version of every stream: presence is proved, and absence too."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import Invalid
from ledger.tlog.heads import (
    HeadProof,
    HeadRow,
    Heads,
    check_head,
    heads_entry,
    heads_root,
    parse_heads_entry,
    prove_head,
)
from ledger.tlog.tree import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

TAGS = [sha256(f"stream {n}".encode()).digest() for n in range(400)]
ROWS = [HeadRow(tag, 2 * n + 3, sha256(tag).digest()) for n, tag in enumerate(TAGS)]
NEIGHBOURS = st.integers(0, 40).map(lambda n: bytes(30) + n.to_bytes(2, "big")) | st.integers(0, 40).map(
    lambda n: n.to_bytes(2, "big") + bytes(30)
)


def n(rows: Sequence[HeadRow], d: int) -> bytes:
    """N of format v1, section 5, word for word and without regard to cost."""
    if not rows:
        return bytes(32)
    if len(rows) == 1:
        (row,) = rows
        return sha256(b"\x00" + row.tag + row.version.to_bytes(8, "big") + row.leaf).digest()
    halves: tuple[list[HeadRow], list[HeadRow]] = ([], [])
    for row in rows:
        halves[int(format(int.from_bytes(row.tag, "big"), "0256b")[d])].append(row)
    return sha256(b"\x01" + n(halves[0], d + 1) + n(halves[1], d + 1)).digest()


def refused(proof: HeadProof, root: bytes) -> None:
    """The proof proves nothing under this root."""
    with pytest.raises(Invalid, match="heads-proof"):
        check_head(proof, root)


def test_the_golden_heads_are_made_byte_for_byte(example: dict[str, Any]) -> None:
    """Format v1: rows, root, entry, leaf, and the proofs of two streams that exist and two that do not."""
    golden = example["extension"]["heads"]
    rows = [HeadRow.from_bytes(bytes.fromhex(text)) for text in golden["rows_hex"]]
    root = heads_root(rows)

    assert [row.to_bytes().hex() for row in rows] == golden["rows_hex"]
    assert [heads_root([row]).hex() for row in rows] == golden["row_leaves"]
    assert root.hex() == golden["root"]
    assert heads_entry(2, root, 3) == golden["entry"].encode()
    assert parse_heads_entry(golden["entry"].encode()) == Heads(2, root, 3)
    assert leaf_hash(golden["entry"].encode()).hex() == golden["leaf"]

    found = {}
    for stream, case in golden["proofs"].items():
        proof = prove_head(rows, bytes.fromhex(case["tag"]))
        assert case["tag"] == example["streams"][stream]
        assert [sibling.hex() for sibling in proof.siblings] == case["siblings"]
        assert (proof.terminal.to_bytes().hex() if proof.terminal else None) == case["terminal"]
        found[stream] = check_head(proof, root)
    assert list(found.values()) == [rows[0], rows[1], None, None]


def test_the_golden_rows_are_the_last_versions(example: dict[str, Any]) -> None:
    """The `keys` stream ends at its second entry, the revocation."""
    row = HeadRow.from_bytes(bytes.fromhex(example["extension"]["heads"]["rows_hex"][0]))

    assert row.tag.hex() == example["streams"]["keys"]
    assert (row.version, row.leaf.hex()) == (2, example["extension"]["event"]["leaf"])


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 200])
def test_every_stream_is_proved_present_or_absent(count: int) -> None:
    """Each of the first `count`, and each of the others."""
    rows, root = ROWS[:count], heads_root(ROWS[:count])

    assert root == n(rows, 0)
    for row in ROWS[:220]:
        proof = prove_head(rows, row.tag)
        assert check_head(proof, root) == (row if row in rows else None)


def test_no_rows_have_32_zero_bytes_and_an_absence_proof() -> None:
    """A young ledger."""
    assert heads_root([]) == bytes(32)
    assert prove_head([], TAGS[0]) == HeadProof(TAGS[0], (), None)
    assert check_head(HeadProof(TAGS[0], (), None), bytes(32)) is None
    refused(HeadProof(TAGS[0], (), None), heads_root(ROWS[:1]))


@settings(max_examples=80, deadline=None)
@given(st.sets(NEIGHBOURS, max_size=30), NEIGHBOURS)
def test_tags_that_share_many_bits_are_told_apart(tags: set[bytes], asked: bytes) -> None:
    """Real tags are hashes; these differ in their first or last bits only, so that the trie gets deep."""
    rows = {tag: HeadRow(tag, 1, bytes(32)) for tag in sorted(tags)}
    root = heads_root(rows.values())

    assert root == n(list(rows.values()), 0) == heads_root(reversed(rows.values()))
    proof = prove_head(rows.values(), asked)
    assert check_head(proof, root) == rows.get(asked)


def test_two_tags_that_differ_in_the_last_bit_only_have_256_siblings() -> None:
    """The deepest proof there can be."""
    rows = [HeadRow(bytes(31) + bytes([last]), 1, bytes(32)) for last in (0, 1)]
    proof = prove_head(rows, rows[1].tag)

    assert len(proof.siblings) == 256
    assert check_head(proof, heads_root(rows)) == rows[1]
    refused(replace(proof, siblings=(*proof.siblings, bytes(32))), heads_root(rows))


def test_every_flipped_bit_of_a_proof_fails() -> None:
    """Of the root, of every sibling, and of the row; for a stream that exists and one that does not."""
    rows, root = ROWS[:20], heads_root(ROWS[:20])
    for tag in (TAGS[3], TAGS[300]):
        proof = prove_head(rows, tag)
        assert proof.terminal is not None
        parts = [root, *proof.siblings, proof.terminal.to_bytes()]
        for at, part in enumerate(parts):
            for bit in range(8 * len(part)):
                flipped = bytearray(part)
                flipped[bit // 8] ^= 1 << bit % 8
                changed = [*parts[:at], bytes(flipped), *parts[at + 1 :]]
                forged = HeadProof(tag, tuple(changed[1:-1]), HeadRow.from_bytes(changed[-1]))
                refused(forged, changed[0])


def test_a_newer_version_cannot_be_hidden() -> None:
    """The row of version 1 under the root that has version 2, and absence of a stream that exists."""
    old, new = ROWS[0], replace(ROWS[0], version=2)
    root = heads_root([new, *ROWS[1:20]])
    proof = prove_head([new, *ROWS[1:20]], old.tag)

    assert check_head(proof, root) == new
    refused(replace(proof, terminal=old), root)
    refused(replace(proof, terminal=None), root)
    refused(prove_head(ROWS[1:20], old.tag), root)
    refused(prove_head(ROWS[:20], old.tag), root)


def test_a_row_of_another_branch_proves_no_absence() -> None:
    """The true way to another stream, shown for a tag that would have gone elsewhere."""
    rows, root = ROWS[:20], heads_root(ROWS[:20])
    for other in rows[1:]:
        way = prove_head(rows, other.tag)
        refused(replace(way, tag=rows[0].tag), root)


def test_a_row_that_stands_in_the_wrong_branch_proves_nothing() -> None:
    """A dishonest root: a row whose tag begins with 1 on the side of 0, to make streams seem absent."""
    low, high = ROWS[1:3]
    assert (low.tag[0] >> 7, high.tag[0] >> 7) == (0, 1)
    root = sha256(b"\x01" + heads_root([high]) + heads_root([high])).digest()

    refused(HeadProof(low.tag, (heads_root([high]),), high), root)
    assert check_head(HeadProof(high.tag, (heads_root([high]),), high), root) == high


def test_a_proof_shorter_or_longer_by_a_sibling_fails() -> None:
    """At both ends."""
    rows, root = ROWS[:20], heads_root(ROWS[:20])
    proof = prove_head(rows, TAGS[0])
    for siblings in (
        proof.siblings[1:],
        proof.siblings[:-1],
        (*proof.siblings, bytes(32)),
        (bytes(32), *proof.siblings),
        (*proof.siblings[:-1], proof.siblings[-1][:31]),
    ):
        refused(replace(proof, siblings=siblings), root)


def test_a_stream_has_one_last_row() -> None:
    """Two rows with one tag have no place in the trie."""
    twice = [*ROWS[:3], replace(ROWS[1], version=99)]

    with pytest.raises(Invalid, match="heads-row"):
        heads_root(twice)
    with pytest.raises(Invalid, match="heads-row"):
        prove_head(twice, TAGS[0])
    with pytest.raises(Invalid, match="heads-row"):
        prove_head(ROWS[:3], b"short")


@pytest.mark.parametrize(
    ("tag", "version", "leaf"),
    [
        (bytes(31), 1, bytes(32)),
        (bytes(32), 0, bytes(32)),
        (bytes(32), 2**64, bytes(32)),
        (bytes(32), 1, bytes(33)),
    ],
)
def test_a_row_has_72_bytes(tag: bytes, version: int, leaf: bytes) -> None:
    """Versions count from 1."""
    with pytest.raises(Invalid, match="heads-row"):
        HeadRow(tag, version, leaf)


@pytest.mark.parametrize("length", [0, 71, 73])
def test_a_row_of_another_length_is_not_read(length: int) -> None:
    """There and back for the right one."""
    assert HeadRow.from_bytes(ROWS[5].to_bytes()) == ROWS[5]

    with pytest.raises(Invalid, match="heads-row"):
        HeadRow.from_bytes(b"\x01" * length)


Z = "0" * 64


@pytest.mark.parametrize(
    "entry",
    [
        b"",
        f'session-ledger/heads/v1\n{{"count":2,"root":"{Z}","size":3}}\n',
        f'session-ledger/heads/v1\r\n{{"count":2,"root":"{Z}","size":3}}',
        f'session-ledger/heads/v2\n{{"count":2,"root":"{Z}","size":3}}',
        f'session-ledger/heads/v1\n{{"count": 2,"root":"{Z}","size":3}}',
        f'session-ledger/heads/v1\n{{"root":"{Z}","count":2,"size":3}}',
        f'session-ledger/heads/v1\n{{"count":2,"root":"{Z}"}}',
        f'session-ledger/heads/v1\n{{"count":2,"extra":1,"root":"{Z}","size":3}}',
        f'session-ledger/heads/v1\n{{"count":2,"root":"{Z[1:]}","size":3}}',
        f'session-ledger/heads/v1\n{{"count":2,"root":"{Z[1:]}A","size":3}}',
        f'session-ledger/heads/v1\n{{"count":02,"root":"{Z}","size":3}}',
        f'session-ledger/heads/v1\n{{"count":-0,"root":"{Z}","size":3}}',
        f'session-ledger/heads/v1\n{{"count":2,"root":"{Z}","size":3.0}}',
        f'session-ledger/heads/v1\n{{"count":2,"root":"{Z}","size":{2**53}}}',
        f'session-ledger/heads/v1\n{{"count":4,"root":"{Z}","size":3}}',
    ],
)
def test_a_heads_entry_has_one_form(entry: str | bytes) -> None:
    """Its bytes are hashed, so a second spelling would be a second entry."""
    assert parse_heads_entry(heads_entry(2, bytes(32), 3)) == Heads(2, bytes(32), 3)

    with pytest.raises(Invalid, match="heads-entry"):
        parse_heads_entry(entry if isinstance(entry, bytes) else entry.encode())


@pytest.mark.parametrize(
    ("count", "root", "size"), [(-1, bytes(32), 3), (4, bytes(32), 3), (0, b"", 0), (0, bytes(32), 2**53)]
)
def test_an_impossible_heads_entry_is_not_made(count: int, root: bytes, size: int) -> None:
    """What could not be read must not be logged."""
    with pytest.raises(Invalid, match="heads-entry"):
        heads_entry(count, root, size)


@given(st.binary(max_size=60))
def test_garbage_is_no_heads_entry(entry: bytes) -> None:
    """And never another error than `Invalid`."""
    with pytest.raises(Invalid, match="heads-entry"):
        parse_heads_entry(entry)


@given(
    st.lists(st.binary(max_size=33) | st.just(bytes(32)), max_size=5).map(tuple),
    st.none() | st.sampled_from(ROWS),
    st.binary(max_size=33) | st.sampled_from(TAGS),
    st.binary(min_size=32, max_size=32),
)
def test_garbage_proves_no_head(siblings: tuple[bytes, ...], terminal: HeadRow | None, tag: bytes, root: bytes) -> None:
    """And never another error than `Invalid`; the empty trie apart."""
    if root != bytes(32) or siblings or terminal or len(tag) != 32:
        refused(HeadProof(tag, siblings, terminal), root)
