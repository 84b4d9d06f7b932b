"""
Payloads the service composes itself: statements signed with a custody key, and such a key's own enrolment.

What a person's device composes is never touched here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.identifiers import uuid7_from
from ledger.block import Block
from ledger.encoding import to_instant
from ledger.envelope import sign
from ledger.errors import Invalid, Refused
from ledger.events import EVENT_TYPES
from ledger.events.base import Event, Signer
from ledger.events.sealing import make_event, take_apart
from ledger.payload import Attestation, Occurred, Payload, Seen
from ledger.reading import check_record
from ledger.record import Submission
from ledger.signing import SigningKey
from ledger.tlog.checkpoint import Checkpoint


@dataclass(frozen=True, slots=True)
class Composer:
    """What every payload of this ledger has in common at this moment."""

    origin: str
    now: datetime
    seen: Seen
    entropy: Callable[[int], bytes]

    def payload(
        self, event: Event, stream: str, attested: Sequence[Attestation], occurred: Occurred
    ) -> tuple[Payload, tuple[str, ...]]:
        """The payload of an event, and the texts of its sealed blocks."""
        parts = take_apart(event, stream)
        blocks = [Block(self.entropy(16), name, value) for name, value in parts.sealed.items()]
        payload = Payload(
            attested=tuple(attested),
            blocks=tuple(sorted(block.digest for block in blocks)),
            body=parts.body,
            device=None,
            id=uuid7_from(self.now, self.entropy(10)),
            ledger=self.origin,
            occurred=occurred,
            recorded_at=to_instant(self.now),
            seen=self.seen,
            stream=stream,
            type=event.type,
        )
        return payload, tuple(block.text for block in blocks)

    def signed(
        self, event: Event, stream: str, by: str, key: SigningKey, role: str, meaning: str, occurred: Occurred
    ) -> Submission:
        """An event signed by one person."""
        attested = Attestation(by=by, key=key.kid, meaning=meaning, role=role)
        payload, texts = self.payload(event, stream, [attested], occurred)
        return Submission(sign(payload, [key]).raw, texts)


def composer_after(checkpoint: Checkpoint, now: datetime, entropy: Callable[[int], bytes]) -> Composer:
    """A composer of what is written now, by somebody who has seen this checkpoint."""
    return Composer(checkpoint.origin, now, Seen(root=checkpoint.root.hex(), size=checkpoint.size), entropy)


def event_of(type_tag: str, stream: str, fields: Mapping[str, object]) -> Event:
    """
    The event that a statement says.

    Raises:
        Invalid: `unknown-type`, `stream-of-type`, and what `make_event` raises.
    """
    kind = EVENT_TYPES.get(type_tag)
    if kind is None:
        raise Invalid("unknown-type", "This version knows no events of this type.", field="type")
    check_record(kind, stream)
    try:
        return make_event(kind, fields)
    except Invalid as error:
        raise Invalid(error.code, error.message, field=f"fields.{error.field}", remedy=error.remedy) from None


def signatures_of(event: Event, roles: Sequence[str], wanted: str | None) -> list[tuple[Signer, str]]:
    """
    Every signature that somebody with these roles gives to an event alone, with the role they give it in.

    Raises:
        Refused: `signature-meaning`, when there is none.
    """
    found = [
        (signer, role)
        for signer in type(event).SIGNERS
        for role in roles
        if signer.by == "staff" and (not signer.roles or role in signer.roles) and wanted in (None, role)
    ]
    if not found:
        raise Refused(
            "signature-meaning",
            f"Nobody in your role signs {event.type}.",
            field="role" if wanted else "type",
            remedy="docs/events.md lists who signs what.",
        )
    return found
