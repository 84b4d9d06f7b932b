"""
How an example of a type of event is made: who is who, the fixed keys and ids, and the bytes that follow from them.

Everything here is fixed and public, TEST ONLY: ids, salts and seeds are SHA-256 of a label.
`sealed(example)` gives the blocks, the payload and the signed envelope, always the same bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from ledger.block import Block
from ledger.encoding import microseconds, to_instant
from ledger.entry import stream_tag
from ledger.envelope import Envelope, sign
from ledger.events.arrival import (
    Escort,
)
from ledger.events.base import Event, Reference
from ledger.events.keys import PublicKey
from ledger.events.measures import Amount, BloodPressure, Mass
from ledger.events.sealing import take_apart
from ledger.payload import NOTHING_SEEN, Attestation, Occurred, Payload
from ledger.signing import SigningKey
from ledger.vocabulary import Meaning, Role

ORIGIN = "ledger.example.test/00c0ffee00c0ffee"
ZONE = "America/New_York"
LOG_KEY = f"{ORIGIN}+c49f16b4+AfObajWzkfgTVO+oqX1aBVpu7ZjXzRxF1aTBrlDNfhbO"


def digest_of(kind: str, label: str) -> bytes:
    """32 fixed bytes for a label; `kind` is what they are used for."""
    return hashlib.sha256(f"session-ledger TEST ONLY {kind}: {label}".encode()).digest()


def name_of(kind: str, label: str) -> str:
    """The fixed id of a person, session, container and so on, such as `staff/…`."""
    return f"{kind}/{UUID(bytes=digest_of('uuid', f'{kind} {label}')[:16], version=4)}"


def local(when: str) -> datetime:
    """The moment of a local time at the retreat, `2026-05-16 10:05`."""
    return datetime.strptime(when, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(ZONE))


def instant(when: str) -> str:
    """The same in UTC, as events carry it."""
    return to_instant(local(when))


def key_of(owner: str) -> SigningKey:
    """The TEST ONLY key of an owner."""
    return SigningKey(digest_of("seed", owner))


RN1, MD1, PT1, D1 = (name_of("staff", code) for code in ("RN1", "MD1", "PT1", "D1"))
REGISTRAR, SCHEDULER, CREDENTIALS, COMPLIANCE, DIRECTOR, OFFICER_1, OFFICER_2 = (
    name_of("staff", code) for code in ("REG1", "SCH1", "CRD1", "CMP1", "MDIR", "SEC1", "SEC2")
)
ANA, BEN = name_of("person", "Ana A"), name_of("person", "Ben B")
COUPLE, RETREAT, OWN_A = name_of("couple", "C-07"), name_of("location", "R-1"), name_of("stock", "own-A")
SATURDAY, SUNDAY = name_of("session", "Sat"), name_of("session", "Sun")
SAT_A, SAT_B, SUN_A, SUN_B = f"{SATURDAY}/a", f"{SATURDAY}/b", f"{SUNDAY}/a", f"{SUNDAY}/b"
PROTOCOL, FORM = name_of("protocol", "KAP-COUPLE-SL"), name_of("protocol", "consent-kap")
GOVERNANCE = name_of("governance", "clock")
CORRECTIONS = SATURDAY.replace("session/", "governance/")
PRIVACY = name_of("staff", "PO1")
CLINIC, VIAL = name_of("location", "L-1"), name_of("stock", "V-77")
INCIDENT, BREACH, ACCESS = name_of("governance", "incident"), name_of("governance", "breach"), name_of("access", "one")
TABLET, SERVICE = name_of("device", "T-1"), name_of("service", "of the clinic")
TAG = stream_tag(ORIGIN, ANA)
TEXT = digest_of("text", "what was shown").hex()


@dataclass(frozen=True, slots=True)
class Example:
    """An event, the record it stands on, when it happened, and who signs it: owner, role, meaning."""

    event: Event
    stream: str
    when: str
    signed: tuple[tuple[str, Role, Meaning], ...]


@dataclass(frozen=True, slots=True)
class Sealed:
    """An example as bytes: its blocks in alphabetical order, its payload, its signed envelope."""

    blocks: tuple[Block, ...]
    payload: Payload
    envelope: Envelope


def sealed(example: Example) -> Sealed:
    """The blocks, payload and envelope of an example; salts, ids and keys follow from its type."""
    tag = example.event.type_tag()
    moment = local(example.when)
    parts = take_apart(example.event, example.stream)
    blocks = tuple(Block(digest_of("salt", f"{tag} {name}")[:16], name, value) for name, value in parts.sealed.items())
    offset = moment.utcoffset()
    assert offset is not None
    payload = Payload(
        attested=tuple(
            Attestation(by=owner, key=key_of(owner).kid, meaning=meaning, role=role)
            for owner, role, meaning in example.signed
        ),
        blocks=tuple(sorted(block.digest for block in blocks)),
        body=parts.body,
        device=None,
        id=_uuid7(tag, moment),
        ledger=ORIGIN,
        occurred=Occurred(at=to_instant(moment), offset=offset // timedelta(minutes=1), precision="min", zone=ZONE),
        recorded_at=to_instant(moment + timedelta(seconds=20)),
        seen=NOTHING_SEEN,
        stream=example.stream,
        type=tag,
    )
    return Sealed(blocks, payload, sign(payload, [key_of(owner) for owner, _, _ in example.signed]))


def _uuid7(label: str, moment: datetime) -> str:
    random = digest_of("uuid", label)
    head = (microseconds(moment) // 1000).to_bytes(6, "big")
    data = bytearray(head + random[:10])
    data[6] = 0x70 | data[6] & 0x0F
    data[8] = 0x80 | data[8] & 0x3F
    return str(UUID(bytes=bytes(data)))


def reference(tag: str) -> Reference:
    """A reference to the example of another type."""
    made = sealed(EXAMPLES[tag])
    return Reference(dig=made.envelope.dig, id=made.payload.id)


EXAMPLES: dict[str, Example] = {}
"""By type tag, in the order of the catalogue."""


def example(when: str, stream: str, event: Event, *signed: tuple[str, Role, Meaning]) -> None:
    """Keep the example of one type; `when` is the local time at the retreat."""
    EXAMPLES[event.type_tag()] = Example(event, stream, when, signed)


def listed(owner: str) -> PublicKey:
    """An officer's key as the first event lists it."""
    return PublicKey(alg="ed25519", custody="hardware", officer=True, owner=owner, pub=key_of(owner).public.hex())


def mg(value: str) -> Mass:
    """So many milligrams."""
    return Mass(value=value)


def amount(value: str) -> Amount:
    """So many milligrams, or none."""
    return Amount(value=value)


def bp(systolic: int, diastolic: int) -> BloodPressure:
    """A blood pressure."""
    return BloodPressure(systolic=systolic, diastolic=diastolic)


DRIVER = Escort(name="Dana Driver", person=None, phone="+1 518 555 0144", relationship="staff", staff=D1)
