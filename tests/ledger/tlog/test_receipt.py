"""A receipt is one text that shows offline that an entry is in the log, and no other text shows it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.encoding import to_base64
from ledger.errors import Invalid
from ledger.tlog.checkpoint import Checkpoint, sign_checkpoint
from ledger.tlog.note import LogSigner, parse_vkey
from ledger.tlog.proofs import check_consistency, prove_consistency, prove_inclusion
from ledger.tlog.receipt import Receipt, check_receipt, format_receipt, parse_receipt
from ledger.tlog.tiles import edge_root
from ledger.tlog.tree import leaf_hash, root_hash

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import TileStore

LOG = LogSigner("log.example", bytes(range(32)))


def golden(example: dict[str, Any]) -> list[tuple[str, int, int]]:
    """The three golden receipts: text, position, size."""
    tree4 = example["extension"]["tree4"]
    return [
        (example["tree2"]["receipt_for_1"], 1, 2),
        (tree4["receipt_for_1"], 1, 4),
        (tree4["receipt_for_heads"], 3, 4),
    ]


def test_the_golden_receipts_are_made_byte_for_byte(example: dict[str, Any], store: TileStore) -> None:
    """Format v1: from the four entries to the three texts, and back to a verified checkpoint."""
    entries = [event["entry"].encode() for event in example["events"]]
    entries += [example["extension"][name]["entry"].encode() for name in ("event", "heads")]
    store.append(*map(leaf_hash, entries))
    signer = LogSigner(example["origin"], bytes.fromhex(example["log"]["seed"]))

    for text, position, size in golden(example):
        root = root_hash([leaf_hash(entry) for entry in entries[:size]])
        note = sign_checkpoint(Checkpoint(example["origin"], size, root), [signer])
        receipt = Receipt(entries[position], position, prove_inclusion(position, size, store.read), note)
        assert format_receipt(receipt) == text.encode()
        assert parse_receipt(text.encode()) == receipt
        checkpoint = check_receipt(receipt, [parse_vkey(example["log"]["vkey"])], example["origin"])
        assert checkpoint == Checkpoint(example["origin"], size, root)


def test_the_golden_trees_are_consistent(example: dict[str, Any], store: TileStore) -> None:
    """Format v1: the proof from size 2 to size 4, byte for byte."""
    entries = [*example["events"], example["extension"]["event"], example["extension"]["heads"]]
    store.append(*(leaf_hash(entry["entry"].encode()) for entry in entries))
    old, new = bytes.fromhex(example["tree2"]["root"]), bytes.fromhex(example["extension"]["tree4"]["root"])

    proof = prove_consistency(2, 4, store.read)

    assert [leaf_hash(entry["entry"].encode()).hex() for entry in entries] == [entry["leaf"] for entry in entries]
    assert edge_root(store.edge) == new
    assert list(map(to_base64, proof)) == example["extension"]["tree4"]["consistency_2_4"]
    check_consistency(2, old, 4, new, proof)


def test_a_golden_receipt_fails_when_any_bit_is_flipped(example: dict[str, Any]) -> None:
    """Every bit of the text; nothing in it is decoration."""
    vkeys, origin = [parse_vkey(example["log"]["vkey"])], example["origin"]
    text = example["extension"]["tree4"]["receipt_for_1"].encode()

    for at in range(8 * len(text)):
        flipped = bytearray(text)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises(Invalid):
            check_receipt(parse_receipt(bytes(flipped)), vkeys, origin)


def test_a_receipt_holds_for_its_entry_position_and_log_only(example: dict[str, Any]) -> None:
    """Each part exchanged for another true one."""
    vkeys, origin = [parse_vkey(example["log"]["vkey"])], example["origin"]
    small, large, heads = (parse_receipt(text.encode()) for text, _, _ in golden(example))

    for wrong, code in [
        (replace(large, entry=heads.entry), "inclusion-proof"),
        (replace(large, position=0), "inclusion-proof"),
        (replace(large, position=4), "tree-range"),
        (replace(large, proof=small.proof), "inclusion-proof"),
        (replace(large, proof=(*large.proof, bytes(32))), "inclusion-proof"),
        (replace(large, checkpoint=small.checkpoint), "inclusion-proof"),
        (replace(large, checkpoint=large.checkpoint + b"x"), "note-format"),
    ]:
        with pytest.raises(Invalid, match=code):
            check_receipt(wrong, vkeys, origin)
    with pytest.raises(Invalid, match="note-unsigned"):
        check_receipt(large, vkeys, "other.example")
    with pytest.raises(Invalid, match="note-unsigned"):
        check_receipt(large, [LOG.vkey], origin)


def test_the_example_of_the_specification_has_our_form(vectors: Path) -> None:
    """Its signatures are cut in the specification, so its form is all there is to check."""
    text = (vectors / "c2sp-format-examples/tlog-proof.txt").read_bytes()

    receipt = parse_receipt(text)

    assert (receipt.position, len(receipt.proof)) == (73894, 5)
    assert receipt.entry.startswith(b"age-v1.2.1-darwin-arm64.tar.gz")
    assert receipt.checkpoint.startswith(b"example.com/fancylog\n109482\n")
    assert format_receipt(receipt) == text
    with pytest.raises(Invalid, match="note-format"):
        check_receipt(receipt, [LOG.vkey], "example.com/fancylog")


def test_a_receipt_for_the_only_entry_has_no_proof_lines(store: TileStore) -> None:
    """The smallest receipt."""
    root = edge_root(store.append(leaf_hash(b"only")))
    receipt = Receipt(b"only", 0, (), sign_checkpoint(Checkpoint("log.example", 1, root), [LOG]))

    text = format_receipt(receipt)

    assert text.startswith(b"c2sp.org/tlog-proof@v1\nextra b25seQ==\nindex 0\n\nlog.example\n1\n")
    assert check_receipt(parse_receipt(text), [LOG.vkey], "log.example").size == 1


H = to_base64(bytes(32))
HEAD = "c2sp.org/tlog-proof@v1\nextra b25seQ==\nindex 5"


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEAD,
        f"{HEAD}\n\n",
        f"{HEAD}\n{H}\nnote",
        f" {HEAD}\n\nnote",
        f"\n\n{HEAD}\n\nnote",
        HEAD.replace("@v1", "@v2") + "\n\nnote",
        HEAD.replace("extra b25seQ==\n", "") + "\n\nnote",
        HEAD.replace("b25seQ==", "") + "\n\nnote",
        HEAD.replace("b25seQ==", "b25seQ") + "\n\nnote",
        HEAD.replace("b25seQ==", "b25seR==") + "\n\nnote",
        HEAD.replace("b25seQ==", to_base64(bytes(65_536))) + "\n\nnote",
        HEAD.replace("extra ", "extra  ") + "\n\nnote",
        HEAD.replace("index 5", "index 05") + "\n\nnote",
        HEAD.replace("index 5", "index -5") + "\n\nnote",
        HEAD.replace("index 5", "index 5 ") + "\n\nnote",
        HEAD.replace("index 5", "index \u0665") + "\n\nnote",
        HEAD.replace("index 5", f"index {2**63}") + "\n\nnote",
        HEAD.replace("\n", "\r\n") + "\n\nnote",
        f"{HEAD}\n{H[:-1]}\n\nnote",
        f"{HEAD}\nAAAA\n\nnote",
        f"{HEAD}\n {H}\n\nnote",
        f"{HEAD}{(chr(10) + H) * 64}\n\nnote",
    ],
)
def test_a_receipt_has_one_form(text: str) -> None:
    """Whatever `format_receipt` would not write is not read."""
    assert parse_receipt(f"{HEAD}\n{H}\n\nnote".encode()).proof == (bytes(32),)

    with pytest.raises(Invalid, match="receipt-format"):
        parse_receipt(text.encode())


@pytest.mark.parametrize(
    "changes",
    [
        {"entry": b""},
        {"entry": bytes(65_536)},
        {"position": -1},
        {"proof": (bytes(31),)},
        {"proof": (bytes(32),) * 64},
        {"checkpoint": b""},
    ],
)
def test_an_impossible_receipt_is_not_made(changes: dict[str, Any]) -> None:
    """What could not be read must not be handed out."""
    with pytest.raises(Invalid, match="receipt-format"):
        replace(Receipt(b"e", 0, (), b"n"), **changes)


@given(
    st.binary(min_size=1, max_size=60),
    st.integers(0, 2**63 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=4).map(tuple),
    st.binary(min_size=1, max_size=60),
)
def test_a_receipt_comes_back(entry: bytes, position: int, proof: tuple[bytes, ...], checkpoint: bytes) -> None:
    """There and back, whatever the checkpoint's bytes."""
    receipt = Receipt(entry, position, proof, checkpoint)

    assert parse_receipt(format_receipt(receipt)) == receipt


@given(st.binary(max_size=60) | st.from_regex(re.escape(HEAD[:23]) + "(extra|index)? ?[0-9A-Za-z=]*\n{0,3}"))
def test_garbage_is_no_receipt(text: bytes | str) -> None:
    """And never another error than `Invalid`."""
    data = text if isinstance(text, bytes) else text.encode()
    try:
        receipt = parse_receipt(data)
    except Invalid:
        return

    assert format_receipt(receipt) == data
