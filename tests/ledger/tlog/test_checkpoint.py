"""Checkpoints are those of c2sp.org/tlog-checkpoint, and one log's are not another's."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Invalid
from ledger.tlog.checkpoint import (
    Checkpoint,
    format_checkpoint,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from ledger.tlog.note import LogSigner, parse_note, parse_vkey, sign_note
from ledger.tlog.proofs import check_consistency, prove_consistency
from ledger.tlog.tree import EMPTY_ROOT, MAX_SIZE, leaf_hash, root_hash

if TYPE_CHECKING:
    from pathlib import Path

ORIGIN = "ledger.example.test/00c0ffee00c0ffee"
LOG = LogSigner(ORIGIN, bytes(range(32)))
WITNESS = LogSigner("witness.example", bytes(range(1, 33)))
ROOT = sha256(b"root").digest()
NOTE = sign_checkpoint(Checkpoint(ORIGIN, 7, ROOT), [LOG])


def code_of_opening(note: bytes, *, origin: str = ORIGIN) -> str:
    """The code under which a reader who knows the log and a witness refuses."""
    with pytest.raises(Invalid) as refused:
        open_checkpoint(note, [LOG.vkey, WITNESS.vkey], origin)
    return refused.value.code


def test_every_checkpoint_of_the_recorded_log_is_true(vectors: Path) -> None:
    """Tessera's test log at the sizes 0 to 8: signature, size and root, and consistency of all pairs."""
    folder = vectors / "tlog-tiles-tessera"
    key = json.loads((folder / "KEY.json").read_text())
    leaves = [leaf_hash(text.encode()) for text in key["entries_in_order"]]
    vkeys = [parse_vkey(key["vkey"])]

    notes = [(folder / f"checkpoint.{size}").read_bytes() for size in range(9)]
    roots = [open_checkpoint(note, vkeys, key["origin"]) for note in notes]

    assert roots == [Checkpoint(key["origin"], size, root_hash(leaves[:size])) for size in range(9)]
    for note, checkpoint in zip(notes, roots, strict=True):
        assert parse_note(note)[0] == format_checkpoint(checkpoint)
    for new in roots:
        tile = (folder / f"tile/0/000.p/{new.size}").read_bytes() if new.size else b""
        for old in roots[: new.size + 1]:
            proof = prove_consistency(old.size, new.size, lambda *_, tile=tile: tile)
            check_consistency(old.size, old.root, new.size, new.root, proof)


def test_the_go_checksum_database_has_another_key_name_than_origin(vectors: Path) -> None:
    """Its reader states the name of the key; ours does not have to."""
    key = json.loads((vectors / "checkpoint/sum.golang.org.KEY.json").read_text())
    note = (vectors / "checkpoint" / key["file"]).read_bytes()
    vkeys, origin = [parse_vkey(key["vkey"])], "go.sum database tree"

    checkpoint = open_checkpoint(note, vkeys, origin, key_name="sum.golang.org")

    assert (checkpoint.origin, checkpoint.size) == (origin, 35225469)
    with pytest.raises(Invalid, match="note-unsigned"):
        open_checkpoint(note, vkeys, origin)


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("checkpoint.txt", ["example.com/behind-the-sofa"]),
        ("cosigned-checkpoint.txt", ["example.com/behind-the-sofa", "witness.example.com/w1"]),
    ],
)
def test_the_examples_of_the_specification_have_our_form(vectors: Path, file: str, names: list[str]) -> None:
    """No key is published with them, so the form is all there is to check."""
    text, lines = parse_note((vectors / "c2sp-format-examples" / file).read_bytes())
    checkpoint = parse_checkpoint(text)

    assert [line.name for line in lines] == names
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert format_checkpoint(checkpoint) == text


def test_the_golden_checkpoints_are_made_byte_for_byte(example: dict[str, Any]) -> None:
    """Format v1, sizes 2 and 4: from seed, entries and origin to the signed note, and back."""
    signer = LogSigner(example["origin"], bytes.fromhex(example["log"]["seed"]))
    entries = [event["entry"] for event in example["events"]]
    entries += [example["extension"]["event"]["entry"], example["extension"]["heads"]["entry"]]
    leaves = [leaf_hash(entry.encode()) for entry in entries]

    assert str(signer.vkey) == example["log"]["vkey"]
    assert signer.vkey.key_id.hex() == example["log"]["key_id"]
    for golden, size in ((example["tree2"], 2), (example["extension"]["tree4"], 4)):
        checkpoint = Checkpoint(example["origin"], size, root_hash(leaves[:size]))
        note = golden["checkpoint"].encode()
        assert checkpoint.root.hex() == golden["root"]
        assert sign_checkpoint(checkpoint, [signer]) == note
        assert open_checkpoint(note, [parse_vkey(example["log"]["vkey"])], example["origin"]) == checkpoint


def test_a_flipped_bit_anywhere_in_a_checkpoint_is_refused() -> None:
    """Every bit of text and signature."""
    for at in range(8 * len(NOTE)):
        flipped = bytearray(NOTE)
        flipped[at // 8] ^= 1 << at % 8
        assert code_of_opening(bytes(flipped)) in {"note-format", "note-signature", "note-unsigned"}


def test_another_logs_checkpoint_is_refused() -> None:
    """Also when our own key signed it under its name."""
    other = sign_checkpoint(Checkpoint("other.example", 7, ROOT), [LOG])

    assert code_of_opening(other) == "checkpoint-origin"
    assert code_of_opening(NOTE, origin="other.example") == "note-unsigned"


def test_a_witness_alone_makes_no_checkpoint() -> None:
    """Its line is welcome beside the log's, checked, and not enough."""
    checkpoint = Checkpoint(ORIGIN, 7, ROOT)
    vkeys = [LOG.vkey, WITNESS.vkey]

    assert open_checkpoint(sign_checkpoint(checkpoint, [LOG, WITNESS]), vkeys, ORIGIN) == checkpoint
    assert code_of_opening(sign_checkpoint(checkpoint, [WITNESS])) == "note-unsigned"
    assert code_of_opening(NOTE + str(WITNESS.sign(b"else\n")).encode()) == "note-signature"


R = "zO5Rhdxcrr34AGMfdz3sPQkZPgmrqp5WWb4aBRyQq30="


@pytest.mark.parametrize(
    "text",
    [
        "",
        "o\n7\n",
        f"o\n7\n{R}",
        f"o\n7\n{R}\n\n",
        f"o\n7\n{R}\nextension\n",
        f"o\n7\n{R}\nextension",
        f"\n7\n{R}\n",
        f"o\n\n{R}\n",
        f"o\n07\n{R}\n",
        f"o\n+7\n{R}\n",
        f"o\n-7\n{R}\n",
        f"o\n7 \n{R}\n",
        f"o\n7.0\n{R}\n",
        f"o\n\u0667\n{R}\n",
        f"o\n0\n{R}\n",
        f"o\n{2**63}\n{R}\n",
        f"o\n{'9' * 5000}\n{R}\n",
        f"o\n7\n{R[:-1]}\n",
        f"o\n7\n{R[:-2]}1=\n",
        f"o\n7\n{R} \n",
        "o\n7\nAAAA\n",
        f"o\r\n7\n{R}\n",
    ],
)
def test_a_checkpoint_has_one_form(text: str) -> None:
    """Three lines, a canonical number, a canonical root; format v1 allows no extension lines."""
    assert parse_checkpoint(f"o\n7\n{R}\n".encode()).size == 7

    with pytest.raises(Invalid, match="checkpoint-format"):
        parse_checkpoint(text.encode())


def test_a_signed_note_that_is_no_checkpoint_is_refused() -> None:
    """The log's key signs nothing else, but who knows."""
    assert code_of_opening(sign_note(b"something\n", [LOG])) == "checkpoint-format"


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [
        ("", 1, ROOT),
        ("a\nb", 1, ROOT),
        ("\ud800", 1, ROOT),
        ("o", -1, ROOT),
        ("o", MAX_SIZE + 1, ROOT),
        ("o", 0, ROOT),
        ("o", 1, ROOT[:31]),
    ],
)
def test_an_impossible_checkpoint_is_not_made(origin: str, size: int, root: bytes) -> None:
    """What could not be read must not be signed."""
    with pytest.raises(Invalid, match="checkpoint-format"):
        Checkpoint(origin, size, root)


@given(st.integers(1, MAX_SIZE), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_comes_back(size: int, root: bytes) -> None:
    """There and back."""
    checkpoint = Checkpoint(ORIGIN, size, root)

    assert parse_checkpoint(format_checkpoint(checkpoint)) == checkpoint
    assert parse_checkpoint(format_checkpoint(Checkpoint(ORIGIN, 0, EMPTY_ROOT))).size == 0


@given(st.binary(max_size=80) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_garbage_is_no_checkpoint(text: bytes) -> None:
    """And never another error than `Invalid`."""
    with pytest.raises(Invalid, match="checkpoint-format"):
        parse_checkpoint(text)
