"""
What is handed in for recording, and what of it can be checked before it is anybody's turn to write.

Form and signatures need no lock: a key's public bytes never change, so a signature that fits now fits for ever.
Whether the key *counts* is another question; it is decided under the lock, at the position the event gets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.block import Block
from ledger.envelope import Envelope, PublicKeyOf, fitting_signatures, parse_envelope
from ledger.errors import Invalid, Refused
from ledger.events.base import Event
from ledger.practice import check_same_sort
from ledger.reading import open_blocks, read_event


@dataclass(frozen=True, slots=True)
class Submission:
    """
    What is handed in: one signed envelope, and the texts of all its sealed blocks.

    `handed_in_by` is the person who brings it, such as `staff/…`; only with them is taken what a key signed that
    was revoked meanwhile.
    """

    envelope: bytes
    blocks: tuple[str, ...] = ()
    handed_in_by: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """
    Where an event stands; `repeated` says that it stood there already and was handed in again.

    `quarantined` says that a key which signed it was revoked before this position.
    """

    position: int
    version: int
    dig: str
    event_id: str
    received_at: str
    repeated: bool
    quarantined: bool = False


@dataclass(frozen=True, slots=True)
class ReadSubmission:
    """
    A submission whose form is good: what it says, before anything is known of its signers.

    `fitting` are the kids whose signature was checked already and fits; one that does not fit is not refused yet,
    because the same content may stand in the log, and then its first receipt is the answer.
    """

    envelope: Envelope
    dig: str
    blocks: Mapping[str, Block]
    event: Event
    fitting: frozenset[str]
    handed_in_by: str | None


def read_submission(submission: Submission, origin: str, public_key_of: PublicKeyOf) -> ReadSubmission:
    """
    A submission read and, for the keys that are known, its signatures checked; needs no lock.

    Raises:
        Invalid: the bytes or values are malformed (the codes of `parse_envelope`, `open_blocks`, `read_event`), or
            `block-missing`.
        Refused: `other-ledger`, `practice-ledger` or `real-ledger`.
    """
    envelope = parse_envelope(submission.envelope)
    payload = envelope.payload
    check_same_sort(origin, payload.ledger, "event", "ledger")
    if payload.ledger != origin:
        raise Refused("other-ledger", "This was signed for another ledger.", field="ledger")
    blocks = open_blocks(payload, submission.blocks)
    if len(blocks) != len(payload.blocks):
        raise Invalid(
            "block-missing",
            "A sealed block that was signed is not handed in.",
            field="blocks",
            remedy="Send the text of every block with the event.",
        )
    event = read_event(payload, blocks)
    fitting = fitting_signatures(envelope, public_key_of)
    return ReadSubmission(envelope, envelope.dig, blocks, event, fitting, submission.handed_in_by)
