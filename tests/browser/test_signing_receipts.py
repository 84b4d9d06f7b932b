"""A receipt is believed when it is for this envelope, on this stream, in this log; nothing else is."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ledger.encoding import to_base64
from ledger.entry import EventEntry, stream_tag
from ledger.errors import Invalid
from ledger.tlog.checkpoint import Checkpoint, sign_checkpoint
from ledger.tlog.note import LogSigner, parse_vkey, sign_note
from ledger.tlog.receipt import Receipt, check_receipt, format_receipt, parse_receipt
from ledger.tlog.tree import leaf_hash, node_hash, root_hash

from .javascript import run

EXAMPLE = json.loads((Path(__file__).parents[1] / "vectors/format-v1/example.json").read_text(encoding="utf-8"))
ORIGIN, VKEY = EXAMPLE["origin"], EXAMPLE["log"]["vkey"]
LOG = LogSigner(ORIGIN, bytes.fromhex(EXAMPLE["log"]["seed"]))
ENVELOPE = EXAMPLE["events"][1]["envelope"]
STREAM = "session/5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d603/a"
GOOD = EXAMPLE["tree2"]["receipt_for_1"]

CHECK = """
  const { checkReceipt } = await use("receipt");
  return Promise.all(given.map(({ receipt, ...expected }) => attempt(() => checkReceipt(receipt, expected))));
"""


def asked(receipt: str = GOOD, **changed: Any) -> dict[str, Any]:
    """A receipt and what it should be for."""
    return {"envelope": ENVELOPE, "origin": ORIGIN, "receipt": receipt, "stream": STREAM, "vkeys": [VKEY]} | changed


def path(leaves: list[bytes], position: int) -> tuple[bytes, ...]:
    """RFC 6962, section 2.1.1, as it stands there."""
    if len(leaves) == 1:
        return ()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if position < half:
        return (*path(leaves[:half], position), root_hash(leaves[half:]))
    return (*path(leaves[half:], position - half), root_hash(leaves[:half]))


def test_the_receipts_of_the_example_are_believed(page: Any) -> None:
    size4 = EXAMPLE["extension"]["tree4"]

    answers = run(page, CHECK, [asked(), asked(size4["receipt_for_1"]), asked(size4["receipt_for_heads"])])

    where = {"position": 1, "received_at": "2026-05-16T14:05:21.123456Z", "version": 1}
    assert answers[0] == {"value": where | {"seen": {"root": EXAMPLE["tree2"]["root"], "size": 2}}}
    assert answers[1] == {"value": where | {"seen": {"root": size4["root"], "size": 4}}}
    assert answers[2]["refused"] == "entry-format"


def test_the_checkpoints_of_the_example_are_believed(page: Any) -> None:
    answers = run(
        page,
        """
        const { openCheckpoint } = await use("checkpoint");
        const { toHex } = await use("bytes");
        return Promise.all(given.notes.map(async (note) => {
          const { size, root } = await openCheckpoint(note, given);
          return { size, root: toHex(root) };
        }));
        """,
        {
            "notes": [EXAMPLE["tree2"]["checkpoint"], EXAMPLE["extension"]["tree4"]["checkpoint"]],
            "origin": ORIGIN,
            "vkeys": [VKEY],
        },
    )

    assert answers == [
        {"root": EXAMPLE["tree2"]["root"], "size": 2},
        {"root": EXAMPLE["extension"]["tree4"]["root"], "size": 4},
    ]


def test_every_changed_character_is_refused(page: Any) -> None:
    """Also those that only change a hash, the index, the entry, the size, the root, the signature or the key's name."""
    changed = [
        GOOD[:at] + other + GOOD[at + 1 :]
        for at in range(len(GOOD))
        for other in ("A" if GOOD[at] != "A" else "B", "\n", "")
    ]
    changed = [text for text in changed if text != GOOD]

    answers = run(page, CHECK, [asked(text) for text in changed])

    assert [text for text, answer in zip(changed, answers, strict=True) if "refused" not in answer] == []


def test_a_receipt_for_something_else_is_refused(page: Any) -> None:
    other_log = LogSigner(ORIGIN, bytes(32))
    foreign = LogSigner("log.example", bytes(32))
    forged = sign_checkpoint(Checkpoint(ORIGIN, 2, bytes.fromhex(EXAMPLE["tree2"]["root"])), [other_log]).decode()
    head = GOOD.partition("\n\n")[0]
    cases = [
        (asked(envelope=EXAMPLE["events"][0]["envelope"]), "receipt-envelope"),
        (asked(envelope=f"{ENVELOPE} "), "receipt-envelope"),
        (asked(stream=f"{STREAM[:-1]}b"), "receipt-stream"),
        (asked(vkeys=[str(other_log.vkey)]), "note-unsigned"),
        (asked(vkeys=[]), "note-unsigned"),
        (asked(vkeys=[str(foreign.vkey)]), "vkey"),
        (asked(origin="ledger.example.test/00c0ffee00c0ffef"), "vkey"),
        (asked(vkeys=[VKEY.replace("c49f16b4", "c49f16b5")]), "vkey"),
        (asked(vkeys=["nonsense"]), "vkey"),
        (asked(f"{head}\n\n{forged}"), "note-unsigned"),
        (asked(GOOD.replace("index 1", "index 0")), "inclusion-proof"),
        (asked(GOOD.replace("index 1", "index 2")), "tree-range"),
        (asked(GOOD.replace("index 1", "index 01")), "receipt-format"),
        (asked(GOOD.replace("index 1", "index -1")), "receipt-format"),
        (asked(GOOD.replace("index 1", "index 9007199254740993")), "receipt-format"),
        (asked(""), "receipt-format"),
        (asked(head), "note-format"),
    ]

    answers = run(page, CHECK, [case for case, _ in cases])

    assert [answer.get("refused") for answer in answers] == [code for _, code in cases]


def test_several_pinned_keys_and_unknown_witnesses_are_fine_and_a_false_line_of_a_pinned_key_is_not(page: Any) -> None:
    newer = LogSigner(ORIGIN, bytes(31) + b"\x01")
    witness = LogSigner("witness.example", bytes(31) + b"\x02")
    head = GOOD.partition("\n\n")[0]
    checkpoint = Checkpoint(ORIGIN, 2, bytes.fromhex(EXAMPLE["tree2"]["root"]))
    witnessed = sign_checkpoint(checkpoint, [witness, LOG, newer]).decode()
    line = str(newer.sign(b"another text\n"))
    false = sign_checkpoint(checkpoint, [LOG]).decode() + line
    pinned = [VKEY, str(newer.vkey)]

    answers = run(
        page,
        CHECK,
        [
            asked(f"{head}\n\n{witnessed}"),
            asked(f"{head}\n\n{witnessed}", vkeys=pinned),
            asked(f"{head}\n\n{false}"),
            asked(f"{head}\n\n{false}", vkeys=pinned),
        ],
    )

    assert [answer.get("refused") for answer in answers] == [None, None, None, "note-signature"]


def test_what_the_log_signed_is_still_refused_when_it_is_no_checkpoint(page: Any) -> None:
    head, _, note = GOOD.partition("\n\n")
    text = note.partition("\n\n")[0] + "\n"
    origin, size, root, _ = text.split("\n")
    short = to_base64(bytes.fromhex(EXAMPLE["tree2"]["root"])[:31])
    witnesses = [LogSigner(f"witness-{n}.example", bytes(32)) for n in range(100)]
    texts = {
        f"{text}extension\n": "checkpoint-format",
        f"{text}\n": "checkpoint-format",
        f"{origin}\n{size}\n": "checkpoint-format",
        f"{origin}\n0{size}\n{root}\n": "checkpoint-format",
        f"{origin}\n-{size}\n{root}\n": "checkpoint-format",
        f"{origin}\n{size}\n{short}\n": "checkpoint-format",
        f"{origin}x\n{size}\n{root}\n": "checkpoint-origin",
        text: None,
    }
    cases = [(sign_note(text.encode(), [LOG]), code) for text, code in texts.items()]
    cases += [(sign_note(text.encode(), [LOG, *witnesses[:99]]), None)]
    cases += [(cases[-1][0] + str(witnesses[99].sign(b"x\n")).encode(), "note-format")]

    receipts = [f"{head}\n\n{note.decode()}" for note, _ in cases]
    answers = run(page, CHECK, [asked(receipt) for receipt in receipts])

    assert [answer.get("refused") for answer in answers] == [code for _, code in cases]
    assert [_is_believed(receipt) for receipt in receipts] == [code is None for _, code in cases]


@pytest.mark.parametrize("length", [31, 33])
def test_a_hash_of_another_length_proves_nothing_even_under_a_root_made_for_it(page: Any, length: int) -> None:
    entry = EXAMPLE["events"][1]["entry"].encode()
    sibling = bytes(length)
    root = sha256(b"\x01" + sibling + leaf_hash(entry)).digest()
    note = sign_checkpoint(Checkpoint(ORIGIN, 2, root), [LOG]).decode()
    receipt = f"c2sp.org/tlog-proof@v1\nextra {to_base64(entry)}\nindex 1\n{to_base64(sibling)}\n\n{note}"

    answer = run(page, CHECK, [asked(receipt)])[0]

    assert answer["refused"] == "inclusion-proof"
    assert not _is_believed(receipt)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 21])
def test_every_place_in_trees_of_any_shape_is_proved_and_its_proof_fits_no_other(page: Any, size: int) -> None:
    entries = [
        EventEntry(
            f"{n:064x}", None if n == 0 else "0" * 64, "2026-05-16T14:05:21.123456Z", stream_tag(ORIGIN, STREAM), n + 1
        ).bytes()
        for n in range(size)
    ]
    leaves = [leaf_hash(entry) for entry in entries]
    note = sign_checkpoint(Checkpoint(ORIGIN, size, root_hash(leaves)), [LOG])
    receipts, expected = [], []
    for position in range(size):
        proof = path(leaves, position)
        mutants = [proof[1:], (*proof, leaves[0]), proof[::-1]]
        mutants += [tuple(node_hash(h, h) if n == at else h for n, h in enumerate(proof)) for at in range(len(proof))]
        for place, hashes in [
            (position, proof),
            ((position + 1) % size, proof),
            *((position, mutant) for mutant in mutants),
        ]:
            receipts.append(format_receipt(Receipt(entries[position], place, hashes, note)).decode())
            expected.append(_is_believed(receipts[-1]))

    answers = run(page, CHECK, [asked(receipt) for receipt in receipts])

    # The envelope of these entries is nobody's, and that is looked at last.
    assert [answer["refused"] == "receipt-envelope" for answer in answers] == expected
    assert expected.count(True) >= size


def _is_believed(receipt: str) -> bool:
    try:
        check_receipt(parse_receipt(receipt.encode()), [parse_vkey(VKEY)], ORIGIN)
    except Invalid:
        return False
    return True


@pytest.mark.parametrize(
    "members",
    [
        '{"env":"E","prev":null,"received_at":"T","stream":"S","version":2}',
        '{"env":"E","prev":"E","received_at":"T","stream":"S","version":1}',
        '{"env":"E","prev":"E","received_at":"T","stream":"S","version":"2"}',
        '{"env":"E","prev":["E"],"received_at":"T","stream":"S","version":2}',
        '{"env":"E","prev":null,"received_at":["T"],"stream":"S","version":1}',
        '{"env":null,"prev":null,"received_at":"T","stream":"S","version":1}',
        '{"env":"E","prev":null,"received_at":"T","stream":"00","version":1}',
        '{"env":"00","prev":null,"received_at":"T","stream":"S","version":1}',
        '{"env":"E","note":1,"prev":null,"received_at":"T","stream":"S","version":1}',
        '{"env":"E","prev":null,"received_at":"T","stream":"S"}',
        "null", "[]", "7", '"x"', "", "{}",
    ],
)  # fmt: skip
def test_an_entry_of_another_form_is_refused_even_when_the_log_signed_it(page: Any, members: str) -> None:
    text = members.replace("E", "0" * 64).replace("S", "0" * 64).replace('"T"', '"2026-05-16T14:05:21.123456Z"')
    entry = b"session-ledger/entry/v1\n" + text.encode()
    note = sign_checkpoint(Checkpoint(ORIGIN, 1, leaf_hash(entry)), [LOG]).decode()
    receipt = f"c2sp.org/tlog-proof@v1\nextra {to_base64(entry)}\nindex 0\n\n{note}"

    answer = run(page, CHECK, [asked(receipt)])[0]

    assert answer["refused"] in {"entry-format", "instant", "not-canonical"}
