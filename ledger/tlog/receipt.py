"""
What a person takes home: one entry and the proof that the log holds it, in one text (c2sp.org/tlog-proof@v1).

    c2sp.org/tlog-proof@v1
    extra c2Vzc2lvbi1sZWRnZXIvZW50cnkvdjEKeyJlbnYiOi…        <- the entry, in base64
    index 1                                                  <- its position
    r78Czo16h7RA4eOE0HQ2WPHP/4wSZaDmJNEBdbEpagQ=             <- inclusion proof, leaf side first

    ledger.example.test/00c0ffee00c0ffee                     <- the signed checkpoint, as it is
    2
    6GCxs4YuhHBbVhRW2Aphc+dbiFsFEl1lrD/LtBOSi9A=

    — ledger.example.test/00c0ffee00c0ffee xJ8WtHuavBo7AkFizNPtZHqhDHwG8mMQW8ZIYqpP0f0X…

C2SP calls `extra` optional and opaque; format v1 (section 7) always puts the entry there, so that the text
can be checked alone. A receipt says *logged*, not *valid*: validity also needs the envelope and the keys of
the day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.encoding import from_base64, to_base64
from ledger.errors import Invalid
from ledger.tlog.checkpoint import Checkpoint, open_checkpoint
from ledger.tlog.note import MAX_NOTE_BYTES, VerifierKey
from ledger.tlog.proofs import check_inclusion
from ledger.tlog.tree import HASH_SIZE, MAX_SIZE, Hash, leaf_hash

_FIRST_LINE = "c2sp.org/tlog-proof@v1"
_HEAD = re.compile(re.escape(_FIRST_LINE) + r"\nextra ([^\n]+)\nindex (0|[1-9][0-9]{0,18})((?:\n[^\n]+){0,63})")
_MAX_ENTRY_BYTES = 0xFFFF


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry, its position, its inclusion proof (leaf side first), and the bytes of a signed checkpoint."""

    entry: bytes
    position: int
    proof: tuple[Hash, ...]
    checkpoint: bytes

    def __post_init__(self) -> None:
        """
        Refuse what has no text of this format.

        Raises:
            Invalid: `receipt-format`.
        """
        if not 1 <= len(self.entry) <= _MAX_ENTRY_BYTES:
            raise Invalid("receipt-format", "An entry has 1 to 65,535 bytes.", field="extra")
        if not 0 <= self.position <= MAX_SIZE:
            raise Invalid("receipt-format", "No entry has this position.", field="index")
        if len(self.proof) > 63 or any(len(value) != HASH_SIZE for value in self.proof):
            raise Invalid("receipt-format", "A proof has at most 63 hashes of 32 bytes.", field="proof")
        if not 1 <= len(self.checkpoint) <= MAX_NOTE_BYTES:
            raise Invalid("receipt-format", "A receipt ends with a checkpoint.", field="checkpoint")


def format_receipt(receipt: Receipt) -> bytes:
    """The text of a receipt; the checkpoint is put in as it is."""
    lines = [_FIRST_LINE, f"extra {to_base64(receipt.entry)}", f"index {receipt.position}"]
    lines += map(to_base64, receipt.proof)
    return "\n".join(lines).encode() + b"\n\n" + receipt.checkpoint


def parse_receipt(text: bytes) -> Receipt:
    """
    The receipt of a text; the mirror of `format_receipt`.

    Nothing of it is verified, and the checkpoint is not looked at.

    Raises:
        Invalid: `receipt-format`, for any text that `format_receipt` does not give.
    """
    head, _, checkpoint = text.partition(b"\n\n")
    try:
        match = _HEAD.fullmatch(head.decode("ascii"))
        if match is None:
            raise ValueError
        entry, position, proof = match.groups()
        hashes = tuple(map(from_base64, proof.split("\n")[1:]))
        return Receipt(from_base64(entry), int(position), hashes, checkpoint)
    except (ValueError, Invalid):
        raise Invalid("receipt-format", "This is not a receipt of the form c2sp.org/tlog-proof@v1.") from None


def check_receipt(
    receipt: Receipt, vkeys: Sequence[VerifierKey], origin: str, *, key_name: str | None = None
) -> Checkpoint:
    """
    The verified checkpoint, whose tree holds the receipt's entry at the receipt's position.

    Needs no log and no network: one signature check and at most 63 hashes.
    `vkeys`, `origin` and `key_name` as in `open_checkpoint`.

    Raises:
        Invalid: `inclusion-proof` or `tree-range`, when the entry is not there; and all of `open_checkpoint`.
    """
    checkpoint = open_checkpoint(receipt.checkpoint, vkeys, origin, key_name=key_name)
    check_inclusion(leaf_hash(receipt.entry), receipt.position, checkpoint.size, receipt.proof, checkpoint.root)
    return checkpoint
