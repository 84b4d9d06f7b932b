"""One event of a story as its people sign it: the same bytes that a tablet would send."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.identifiers import uuid7_from
from ledger.block import Block
from ledger.encoding import to_instant
from ledger.envelope import sign
from ledger.events.base import Event
from ledger.events.sealing import take_apart
from ledger.payload import Attestation, Occurred, Payload, Seen
from ledger.record import Submission
from ledger.signing import SigningKey


@dataclass(frozen=True, slots=True)
class Said:
    """Of which ledger, by somebody who had seen how much of it; when it happened and was written, in which zone."""

    origin: str
    seen: Seen
    at: datetime
    recorded: datetime
    zone: str


def signed(
    event: Event,
    stream: str,
    signers: Sequence[tuple[str, str, str, SigningKey]],
    said: Said,
    entropy: Callable[[int], bytes],
) -> Submission:
    """The signed envelope of an event with its blocks; of each signer owner, meaning, role and key."""
    parts = take_apart(event, stream)
    blocks = [Block(entropy(16), name, value) for name, value in parts.sealed.items()]
    offset = said.at.utcoffset()
    payload = Payload(
        attested=tuple(
            Attestation(by=owner, key=key.kid, meaning=meaning, role=role) for owner, meaning, role, key in signers
        ),
        blocks=tuple(sorted(block.digest for block in blocks)),
        body=parts.body,
        device=None,
        id=uuid7_from(said.recorded, entropy(10)),
        ledger=said.origin,
        occurred=Occurred(
            at=to_instant(said.at),
            offset=0 if offset is None else int(offset.total_seconds() // 60),
            precision="min",
            zone=said.zone,
        ),
        recorded_at=to_instant(said.recorded),
        seen=said.seen,
        stream=stream,
        type=event.type,
    )
    return Submission(sign(payload, [key for *_, key in signers]).raw, tuple(block.text for block in blocks))
