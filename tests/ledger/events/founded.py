"""A ledger with everybody in it who signs an example of a type of event, and both partners in two sessions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from ledger.block import Block
from ledger.encoding import to_instant
from ledger.envelope import sign
from ledger.events.base import Event
from ledger.events.keys import KeyEnrolled
from ledger.events.people import StaffRegistered
from ledger.events.sealing import take_apart
from ledger.gate import Gate
from ledger.payload import NOTHING_SEEN, Attestation, Occurred, Payload
from ledger.record import Recorder, Submission
from ledger.store.head_store import MemoryHeadStore
from ledger.store.memory import MemoryStore
from ledger.store.subject_keys import MemorySubjectKeys
from ledger.tlog.note import LogSigner
from ledger.vocabulary import Meaning, Role
from tests.ledger.clinic import Entropy, SetClock
from tests.ledger.events.example_making import (
    ANA,
    BEN,
    CLINIC,
    D1,
    OFFICER_1,
    ORIGIN,
    REGISTRAR,
    SATURDAY,
    SUNDAY,
    Example,
    key_of,
    sealed,
)
from tests.ledger.events.examples import EXAMPLES

START = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


class House:
    """A ledger with everybody in it who signs an example."""

    def __init__(self) -> None:
        self.clock, self.entropy, self.store = SetClock(START), Entropy(), MemoryStore(ORIGIN)
        self.subject_keys = MemorySubjectKeys()
        self.signer, self.head_store = (
            LogSigner(ORIGIN, hashlib.sha256(b"TEST ONLY log key").digest()),
            MemoryHeadStore(),
        )
        self.recorder = self.restarted()

    def restarted(self, gates: Sequence[Gate] = ()) -> Recorder:
        """A new process over the same store, with these gates."""
        self.recorder = Recorder(
            self.store, self.head_store, (self.signer,), self.subject_keys, self.clock, self.entropy, gates
        )
        return self.recorder

    def submission(self, made: tuple[Payload, tuple[Block, ...]]) -> Submission:
        payload, blocks = made
        envelope = sign(payload, [key_of(signer.by) for signer in payload.attested])
        return Submission(envelope.raw, tuple(block.text for block in blocks))

    def example(self, example: Example) -> Submission:
        made = sealed(example)
        return self.submission((made.payload, made.blocks))

    def other(self, event: Event, stream: str, *who: tuple[str, Role, Meaning], ago: int = 0) -> Submission:
        """An event that is no example, such as the enrolment of a further key; it happened so many minutes ago."""
        parts = take_apart(event, stream)
        blocks = tuple(Block(self.entropy(16), name, value) for name, value in parts.sealed.items())
        now = to_instant(self.clock.now)
        payload = Payload(
            attested=tuple(
                Attestation(by=by, key=key_of(by).kid, meaning=meaning, role=role) for by, role, meaning in who
            ),
            blocks=tuple(sorted(block.digest for block in blocks)),
            body=parts.body,
            device=None,
            id=_uuid7(self.entropy(16)),
            ledger=ORIGIN,
            occurred=Occurred(
                at=to_instant(self.clock.now - timedelta(minutes=ago)),
                offset=-240,
                precision="min",
                zone="America/New_York",
            ),
            recorded_at=now,
            seen=NOTHING_SEEN,
            stream=stream,
            type=event.type,
        )
        return self.submission((payload, blocks))

    def founded(self) -> House:
        """Genesis; a key and a record for everybody; both partners, both places, the couple, both sessions."""
        first = EXAMPLES["ledger-opened/1"]
        opened = first.event.model_copy(update={"log_keys": (str(self.signer.vkey),)})
        self.take(self.other(opened, "keys", *first.signed))
        owners = sorted({by for each in EXAMPLES.values() for by, _, _ in each.signed})
        staff = [D1, *(owner for owner in owners if owner.startswith("staff/"))]
        for owner in staff:
            if owner not in {by for by, _, _ in first.signed}:
                self.take(self.enrolment(owner))
        for owner in (REGISTRAR, *(each for each in staff if each != REGISTRAR)):
            event = StaffRegistered(agreement=None, code=owner[-6:], name="Somebody")
            self.take(self.other(event, owner, (REGISTRAR, "registrar", "performed")))
        for tag, streams in (
            ("participant-registered/1", (ANA, BEN)),
            ("location-registered/1", (EXAMPLES["location-registered/1"].stream, CLINIC)),
            ("couple-registered/1", (EXAMPLES["couple-registered/1"].stream,)),
            ("session-scheduled/1", (SATURDAY, SUNDAY)),
        ):
            for stream in streams:
                example = EXAMPLES[tag]
                self.take(self.other(example.event, stream, *example.signed))
        for owner in (each for each in owners if each.startswith(("person/", "service/"))):
            self.take(self.enrolment(owner))
        for session in (SATURDAY, SUNDAY):
            self.take(self.enrolment(f"{session}/a"), self.enrolment(f"{session}/b"))
        return self

    def enrolment(self, owner: str) -> Submission:
        role: Role = "service" if owner.startswith("service/") else "participant"
        event = KeyEnrolled(alg="ed25519", custody="device", officer=False, owner=owner, pub=key_of(owner).public.hex())
        return self.other(event, "keys", (owner, role, "possession"), (OFFICER_1, "security-officer", "enrolled"))

    def take(self, *submissions: Submission) -> None:
        self.recorder.record(submissions)
        self.clock.forward(seconds=1)


def _uuid7(random: bytes) -> str:
    data = bytearray(random)
    data[6], data[8] = 0x70 | data[6] & 0x0F, 0x80 | data[8] & 0x3F
    return str(UUID(bytes=bytes(data)))
