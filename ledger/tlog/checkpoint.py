"""
The signed size and root of the log: a checkpoint (c2sp.org/tlog-checkpoint), a signed note of three lines.

    ledger.example.test/00c0ffee00c0ffee               <- origin: which log
    2                                                  <- size: how many entries
    6GCxs4YuhHBbVhRW2Aphc+dbiFsFEl1lrD/LtBOSi9A=       <- root over them

    — ledger.example.test/00c0ffee00c0ffee xJ8WtHuavBo7AkFizNPtZHqhDHwG8mMQW8ZIYqpP0f0X…

Whoever keeps one can later demand a proof that today's log continues it.
Format v1 (section 6) allows no further lines in the text; further signature lines (witnesses) are welcome.
The log's key has the origin as its name. Some foreign logs differ (sum.golang.org signs for the origin
`go.sum database tree`), so a reader of those states the name of the key.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.encoding import from_base64, to_base64
from ledger.errors import Invalid
from ledger.tlog.note import LogSigner, VerifierKey, open_note, sign_note
from ledger.tlog.tree import EMPTY_ROOT, HASH_SIZE, MAX_SIZE, Hash

_NOT_A_LINE = re.compile("[\x00-\x1f\ud800-\udfff]")
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Which log, how many entries, and the root over them."""

    origin: str
    size: int
    root: Hash

    def __post_init__(self) -> None:
        """
        Refuse what no tree can be.

        Raises:
            Invalid: `checkpoint-format`; also for the size 0 with another root than that of the empty tree.
        """
        if not self.origin or _NOT_A_LINE.search(self.origin):
            raise Invalid("checkpoint-format", "An origin is one line of text.", field="origin")
        if not 0 <= self.size <= MAX_SIZE:
            raise Invalid("checkpoint-format", "No tree has this size.", field="size")
        if len(self.root) != HASH_SIZE or (self.size == 0 and self.root != EMPTY_ROOT):
            raise Invalid("checkpoint-format", "This is not the root of a tree of this size.", field="root")


def format_checkpoint(checkpoint: Checkpoint) -> bytes:
    """The three lines that are signed."""
    return f"{checkpoint.origin}\n{checkpoint.size}\n{to_base64(checkpoint.root)}\n".encode()


def parse_checkpoint(text: bytes) -> Checkpoint:
    """
    The checkpoint of a note's text; the mirror of `format_checkpoint`.

    Raises:
        Invalid: `checkpoint-format`, for another number of lines, or a number or root in a second spelling.
    """
    try:
        origin, size, root, end = text.decode().split("\n")
        if end or not _DECIMAL.fullmatch(size):
            raise ValueError
        return Checkpoint(origin, int(size), from_base64(root))
    except (ValueError, Invalid):
        raise Invalid("checkpoint-format", "A checkpoint is three lines: origin, size and root.") from None


def sign_checkpoint(checkpoint: Checkpoint, signers: Sequence[LogSigner]) -> bytes:
    """
    The signed note of this checkpoint.

    Whether it may be signed (format v1, section 6: committed, continuing the last one) is the caller's duty.

    Raises:
        Invalid: `note-format`, when there are no signers or more than 100.
    """
    return sign_note(format_checkpoint(checkpoint), signers)


def open_checkpoint(
    note: bytes, vkeys: Sequence[VerifierKey], origin: str, *, key_name: str | None = None
) -> Checkpoint:
    """
    The checkpoint in a signed note, after one of `vkeys` that bears the log's name has verified it.

    `key_name` is the name of the log's key; without it, the origin, as format v1 has it.
    A known key of another name (a witness) must verify where it signed, but does not make a checkpoint.

    Raises:
        Invalid: `note-format`, `note-signature`, `note-unsigned` as in `open_note`;
            `checkpoint-format` for a text of another shape; `checkpoint-origin` for another log's checkpoint.
    """
    opened = open_note(note, vkeys)
    log_name = origin if key_name is None else key_name
    if all(key.name != log_name for key in opened.verified):
        raise Invalid("note-unsigned", "The log's own key has not signed this checkpoint.")
    checkpoint = parse_checkpoint(opened.text)
    if checkpoint.origin != origin:
        raise Invalid("checkpoint-origin", "This is a checkpoint of another log.", field="origin")
    return checkpoint
