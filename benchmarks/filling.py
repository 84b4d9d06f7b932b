"""
Filling a ledger fast with what years of a clinic would leave in it: one session of 80 events after another.

Every byte is right: envelopes signed, blocks sealed, entries chained, the tree grown and covered (`tests/benchmarks`
audits one). But it goes straight into the store in big groups: what the recorder asks of each event is not asked.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.clinic import NURSE, Bench
from ledger.block import Block, text_digest
from ledger.checkpointing import Checkpointing
from ledger.encoding import from_base64url, microseconds, to_base64, to_base64url, to_instant
from ledger.entry import EventEntry, stream_tag
from ledger.envelope import pae, sign
from ledger.events.base import Event
from ledger.store.port import NewEvent, SealedBlock
from ledger.tlog.tree import leaf_hash
from tests.ledger.clinic import ANA, BEN, MD1, ORIGIN, PLACE, RN1, SLOT_A, Who, blank, check, make

PER_SESSION = 80
"""The planning, and 79 checks of both partners in turn."""

PER_COUPLE = 10
"""Sessions of one couple, one after another."""

_CORRECTS, _OPENS, _CLOSES = (RN1, "corrected", "nurse"), (RN1, "authorised", "nurse"), (RN1, "reviewed", "nurse")
_OPENED = make(
    "session-opened/1",
    location=PLACE,
    mode="simultaneous",
    prescriber=MD1,
    presence="on-site",
    room=None,
    protocol={"dig": "0" * 64, "id": "00000000-0000-7000-8000-000000000000"},
    staff=[{"role": "nurse", "staff": RN1}],
    role_a="dosing",
    role_b="dosing",
)
_CLOSED = make(
    "session-closed/1",
    **blank("session-closed/1") | {"stock_balanced": True, "ended_a": "departed", "ended_b": "departed"},
)
GROUP = 10_000
STEP = timedelta(milliseconds=20)
"""Between two events: a million of them fit into one day, so no daily entry comes between."""


def fill_fast(bench: Bench, size: int, lived: bool = False) -> list[str]:
    """
    Sessions until the ledger has `size` entries; their identifiers.

    `lived` ones are opened and closed, and in each of them an entry is corrected.
    """
    covering = Checkpointing(bench.store, bench.clinic.head_store, (bench.clinic.signer,))
    covering.catch_up()
    sessions: list[str] = []
    events = _Template(bench).events(sessions, lived)
    while (now := bench.store.head().size) < size:
        with bench.store.writing() as writing:
            for event in islice(events, min(GROUP, size - now)):
                writing.append(event)
            left = writing.finish()
            assert left is not None
            continued = covering.continued_by(left)
        covering.cover(continued)
    bench.clinic.restart()
    return sessions


@dataclass(frozen=True)
class _Part:
    """One sealed block of a check, as text with a place for its salt."""

    name: str
    before: str
    after: str


class _Template:
    """A check as the tablet signs it, with places for what differs."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        clinic = bench.clinic
        self._keys = {person: bench.subject_keys.key_of(person) or b"" for person in (ANA, BEN)}
        self._nurse = clinic.keys[RN1]
        payload, blocks = clinic.payload(check(), SLOT_A, [NURSE])
        (one, other), at = sorted(block.digest for block in blocks), payload.recorded_at
        text = payload.bytes().decode()
        for value, mark in ((one, "<one>"), (other, "<other>"), (payload.id, "<id>"), (at, "<at>"), (SLOT_A, "<who>")):
            text = text.replace(value, mark)
        self._payload = text
        self._parts = [_part(block) for block in blocks]
        raw = sign(payload, [self._nurse]).raw.decode()
        body, signature = to_base64(payload.bytes()), raw.rpartition('"sig":"')[2].partition('"')[0]
        self._envelope = raw.replace(body, "<body>").replace(signature, "<signature>")

    def events(self, sessions: list[str], lived: bool = False) -> Iterator[NewEvent]:
        """Session after session, for ever; `sessions` gets the identifier of each that begins."""
        couple = ""
        while True:
            session = f"session/{UUID(bytes=os.urandom(16), version=4)}"
            if len(sessions) % PER_COUPLE == 0:
                couple = f"couple/{UUID(bytes=os.urandom(16), version=4)}"
                yield self._registered(couple, f"C-{1000 + len(sessions)}")
            sessions.append(session)
            yield (event := self._planned(session, couple))
            if lived:
                yield (event := self._made(_OPENED, session, _OPENS, 2, _leaf(event)))
            joint = _leaf(event)
            ends: dict[str, tuple[int, str | None]] = {"a": (0, None), "b": (0, None)}
            for number in range(PER_SESSION - 1):
                slot = "ab"[number % 2]
                version, before = ends[slot]
                event = self._check(f"{session}/{slot}", slot, version + 1, before)
                ends[slot] = version + 1, _leaf(event)
                yield event
            if lived:
                yield self._correction(event, *ends[slot])
                if len(sessions) % 1000:
                    yield self._made(_CLOSED, session, _CLOSES, 3, joint)

    def _registered(self, couple: str, code: str) -> NewEvent:
        event = make(
            "couple-registered/1",
            code=code,
            location=PLACE,
            sharing_policy="v1",
            started="2026-05-01",
            person_a=ANA,
            person_b=BEN,
        )
        return self._made(event, couple, (MD1, "performed", "registrar"))

    def _planned(self, session: str, couple: str) -> NewEvent:
        """The planning, made as every event is."""
        event = make(
            "session-scheduled/1",
            couple=couple,
            course=None,
            location=PLACE,
            mode="simultaneous",
            ordinal=1,
            planned_start=to_instant(self._bench.clinic.clock.now),
            staff=[],
            person_a=ANA,
            person_b=BEN,
        )
        return self._made(event, session, (MD1, "performed", "scheduler"))

    def _correction(self, target: NewEvent, version: int, before: str | None) -> NewEvent:
        """Of the check before it: the blood pressure was another."""
        named = {"dig": target.dig, "id": target.event_id}
        change = {"field": "blood_pressure.systolic", "now": 126, "was": 128}
        elsewhere = {f"{group}_{slot}": None for group in ("clinical", "identity", "sensitive") for slot in "ab"}
        fields = blank("entry-corrected/1") | elsewhere
        fields |= {"clinical": [change], "reason": "transcription", "target": named}
        return self._made(make("entry-corrected/1", **fields), target.stream, _CORRECTS, version + 1, before)

    def _made(self, event: Event, stream: str, who: Who, version: int = 1, before: str | None = None) -> NewEvent:
        clinic = self._bench.clinic
        payload, blocks = clinic.payload(event, stream, [who])
        envelope = sign(payload, [clinic.keys[who[0]]])
        sealed = [
            self._seal(block.name, ANA if block.name[0] == "a" else BEN, block.text, payload.id) for block in blocks
        ]
        return self._entered(stream, payload.type, version, before, payload.id, envelope.dig, envelope.raw, sealed)

    def _check(self, stream: str, slot: str, version: int, before: str | None) -> NewEvent:
        clock = self._bench.clinic.clock
        head = (microseconds(clock.now) // 1000).to_bytes(6, "big")
        event_id = str(UUID(bytes=_version_7(head + os.urandom(10))))
        sealed = []
        for part in self._parts:
            name = slot + part.name[1:]
            json = part.before + to_base64url(os.urandom(16)) + part.after.replace(part.name, name, 1)
            sealed.append(self._seal(name, ANA if slot == "a" else BEN, to_base64url(json.encode()), event_id))
        one, other = sorted(each.digest for each in sealed)
        payload = self._payload.replace("<one>", one).replace("<other>", other).replace("<id>", event_id)
        payload = payload.replace("<at>", to_instant(clock.now)).replace("<who>", stream)
        message = pae(payload.encode())
        raw = self._envelope.replace("<body>", to_base64(payload.encode()))
        raw = raw.replace("<signature>", to_base64(self._nurse.sign(message)))
        dig = hashlib.sha256(message).hexdigest()
        return self._entered(stream, "supervision-checked/1", version, before, event_id, dig, raw.encode(), sealed)

    def _seal(self, name: str, person: str, text: str, event_id: str) -> SealedBlock:
        digest, nonce = text_digest(text), os.urandom(12)
        bound = (
            "session-ledger/block/v1\n"
            f'{{"digest":"{digest}","event":"{event_id}","ledger":"{ORIGIN}","name":"{name}","subject":"{person}"}}'
        )
        stored = nonce + AESGCM(self._keys[person]).encrypt(nonce, text.encode(), bound.encode())
        return SealedBlock(digest, name, person, stored)

    def _entered(
        self,
        stream: str,
        kind: str,
        version: int,
        before: str | None,
        event_id: str,
        dig: str,
        raw: bytes,
        sealed: list[SealedBlock],
    ) -> NewEvent:
        clock = self._bench.clinic.clock
        received, tag = to_instant(clock.now), stream_tag(ORIGIN, stream)
        entry = EventEntry(hashlib.sha256(raw).hexdigest(), before, received, tag, version)
        clock.forward(milliseconds=STEP.total_seconds() * 1000)
        blocks = tuple(sorted(sealed, key=lambda block: block.digest))
        return NewEvent(entry.bytes(), tag, version, received, stream, kind, event_id, dig, raw, blocks)


def _leaf(event: NewEvent) -> str:
    return leaf_hash(event.entry).hex()


def _part(block: Block) -> _Part:
    before, after = from_base64url(block.text).decode().split(to_base64url(block.salt))
    return _Part(block.name, before, after)


def _version_7(data: bytes) -> bytes:
    value = bytearray(data)
    value[6], value[8] = value[6] & 0x0F | 0x70, value[8] & 0x3F | 0x80
    return bytes(value)
