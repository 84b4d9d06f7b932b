"""A small clinic for tests: its people, their keys, a settable clock, and a recorder over any store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from ledger.block import Block
from ledger.encoding import microseconds, to_instant
from ledger.envelope import sign
from ledger.erasure import KEPT_BY_DEFAULT, Retention
from ledger.events import EVENT_TYPES
from ledger.events.base import Event
from ledger.events.keys import KeyEnrolled
from ledger.events.sealing import make_event, take_apart
from ledger.payload import NOTHING_SEEN, Attestation, Occurred, Payload
from ledger.record import Recorded, Recorder, Submission
from ledger.signing import SigningKey
from ledger.store.head_store import HeadStore, MemoryHeadStore
from ledger.store.memory import MemoryStore
from ledger.store.port import Store
from ledger.store.subject_keys import MemorySubjectKeys, SubjectKeys
from ledger.tlog.note import LogSigner

ORIGIN = "clinic.example.test/00c0ffee00c0ffee"
START = datetime(2026, 5, 15, 12, 0, tzinfo=UTC)


def uuid(number: int) -> str:
    """A readable uuid4 for tests."""
    return f"00000000-0000-4000-8000-{number:012d}"


MD1, PT1, RN1 = (f"staff/{uuid(n)}" for n in (1, 2, 3))
ANA, BEN = (f"person/{uuid(n)}" for n in (11, 12))
COUPLE, PLACE, SESSION, OWN_A = f"couple/{uuid(21)}", f"location/{uuid(22)}", f"session/{uuid(31)}", f"stock/{uuid(41)}"
SLOT_A, SLOT_B = f"{SESSION}/a", f"{SESSION}/b"
Who = tuple[str, str, str]
"""Owner, meaning, role."""


class Entropy:
    """Bytes that look random and come the same again each time."""

    def __init__(self, seed: str = "TEST ONLY") -> None:
        self._seed = seed
        self.drawn = 0

    def __call__(self, length: int) -> bytes:
        self.drawn += 1
        return hashlib.shake_256(f"{self._seed} {self.drawn}".encode()).digest(length)

    def skip(self, times: int) -> None:
        """Go on where somebody else stopped who drew so many times."""
        self.drawn += times


class SetClock:
    """A clock that shows what a test says, on both hands."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.ticks = 0.0

    def wall(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.ticks

    def forward(self, **step: float) -> None:
        """Let time pass on both hands."""
        self.now += timedelta(**step)
        self.ticks += timedelta(**step).total_seconds()


class Clinic:
    """People who sign; `recorder` is None until `open` was called."""

    def __init__(
        self,
        store: Store | None = None,
        head_store: HeadStore | None = None,
        subject_keys: SubjectKeys | None = None,
        seed: str = "TEST ONLY",
        retention: Retention = KEPT_BY_DEFAULT,
    ) -> None:
        self.entropy = Entropy(seed)
        self.retention = retention
        self.clock = SetClock(START)
        self.store: Store = store or MemoryStore(ORIGIN)
        self.head_store = head_store or MemoryHeadStore()
        self.subject_keys = subject_keys or MemorySubjectKeys()
        self.signer = LogSigner(ORIGIN, hashlib.sha256(b"TEST ONLY log key").digest())
        self.keys = {
            owner: SigningKey(hashlib.sha256(f"TEST ONLY {owner}".encode()).digest())
            for owner in (MD1, PT1, RN1, ANA, BEN, SLOT_A, SLOT_B)
        }
        self.recorder = self.restart()

    def restart(self) -> Recorder:
        """A new process over the same store."""
        self.recorder = Recorder(
            self.store,
            self.head_store,
            (self.signer,),
            self.subject_keys,
            self.clock,
            self.entropy,
            retention=self.retention,
        )
        return self.recorder

    # -- signing ------------------------------------------------------------------------------------

    def payload(self, event: Event, stream: str, who: Sequence[Who], **changes: Any) -> tuple[Payload, list[Block]]:
        """The payload of an event by these people, and its blocks; `changes` replace payload members."""
        parts = take_apart(event, stream)
        blocks = [Block(self.entropy(16), name, value) for name, value in parts.sealed.items()]
        now = to_instant(self.clock.now)
        members: dict[str, Any] = {
            "attested": tuple(
                Attestation(by=owner, key=self.keys[owner].kid, meaning=meaning, role=role)
                for owner, meaning, role in who
            ),
            "blocks": tuple(sorted(block.digest for block in blocks)),
            "body": parts.body,
            "device": None,
            "id": self.event_id(),
            "ledger": ORIGIN,
            "occurred": Occurred(at=now, offset=-240, precision="min", zone="America/New_York"),
            "recorded_at": now,
            "seen": NOTHING_SEEN,
            "stream": stream,
            "type": event.type,
        }
        return Payload(**(members | changes)), blocks

    def event_id(self) -> str:
        """A new UUIDv7."""
        value = bytearray((microseconds(self.clock.now) // 1000).to_bytes(6, "big") + self.entropy(10))
        value[6], value[8] = value[6] & 0x0F | 0x70, value[8] & 0x3F | 0x80
        text = value.hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def submission(self, event: Event, stream: str, who: Sequence[Who], **changes: Any) -> Submission:
        """The signed envelope of an event with its blocks."""
        payload, blocks = self.payload(event, stream, who, **changes)
        return Submission(
            sign(payload, [self.keys[owner] for owner, _, _ in who]).raw, tuple(block.text for block in blocks)
        )

    def record(self, event: Event, stream: str, *who: Who, **changes: Any) -> Recorded:
        """Sign and record one event now, and let a minute pass."""
        result = self.recorder.record([self.submission(event, stream, who, **changes)])[0]
        self.clock.forward(minutes=1)
        return result

    # -- what happens -------------------------------------------------------------------------------

    def open(self) -> Clinic:
        """Genesis, staff, both partners, the couple, a scheduled session with its slot keys."""
        self.recorder.record(
            [self.submission(self.genesis(), "keys", [(o, "opened", "security-officer") for o in (MD1, PT1)])]
        )
        for submissions in self.founding():
            self.recorder.record(submissions)
            self.clock.forward(minutes=1)
        return self

    def genesis(self) -> Event:
        """The first event: MD1 and PT1 open the ledger."""
        return make(
            "ledger-opened/1",
            continues=None,
            keys=[
                {
                    "alg": "ed25519",
                    "custody": "hardware",
                    "officer": True,
                    "owner": owner,
                    "pub": self.keys[owner].public.hex(),
                }
                for owner in (MD1, PT1)
            ],
            log_keys=[str(self.signer.vkey)],
            organisation="Test Clinic",
        )

    def enrolment(self, owner: str, **changes: Any) -> Event:
        """The enrolment of somebody's key."""
        members = {
            "alg": "ed25519",
            "custody": "device",
            "officer": False,
            "owner": owner,
            "pub": self.keys[owner].public.hex(),
        }
        return make("key-enrolled/1", **(members | changes))

    def enrol(self, owner: str, **changes: Any) -> Submission:
        """The signed enrolment of somebody's key, vouched for by PT1."""
        event = self.enrolment(owner, **changes)
        assert isinstance(event, KeyEnrolled)
        return self.submission(
            event, "keys", [(owner, "possession", "participant"), (PT1, "enrolled", "security-officer")]
        )

    def founding(self) -> Iterator[list[Submission]]:
        """All that stands before the first session, group by group."""
        registrar, scheduler = [(MD1, "performed", "registrar")], [(MD1, "performed", "scheduler")]
        for code, owner in (("MD1", MD1), ("PT1", PT1), ("RN1", RN1)):
            event = make("staff-registered/1", agreement=None, code=code, name=f"{code} of the clinic")
            yield [self.submission(event, owner, registrar)]
        yield [self.enrol(RN1)]
        place = make(
            "location-registered/1",
            address=None,
            code="R-1",
            connectivity="wired",
            dea_from=None,
            dea_number=None,
            dea_to=None,
            emergency_resources=[],
            kind="retreat",
            nearest_ed_min=20,
            state="NY",
            time_zone="America/New_York",
        )
        yield [self.submission(place, PLACE, [(MD1, "verified", "compliance-officer")])]
        for person, name in ((ANA, "Ana"), (BEN, "Ben")):
            event = make(
                "participant-registered/1",
                pregnancy_applicable=person == ANA,
                address="1 Test Road",
                birth_date="1980-01-01",
                id_check="passport",
                language="en",
                name=name,
                phone="+15550100",
                pseudonym=f"P-{name}",
                sex="unknown",
                time_zone="America/New_York",
            )
            yield [self.submission(event, person, registrar)]
        couple = make(
            "couple-registered/1",
            code="C-07",
            location=PLACE,
            sharing_policy="v1",
            started="2026-05-01",
            person_a=ANA,
            person_b=BEN,
        )
        yield [self.submission(couple, COUPLE, registrar)]
        session = make(
            "session-scheduled/1",
            couple=COUPLE,
            course=None,
            location=PLACE,
            mode="simultaneous",
            ordinal=1,
            planned_start=to_instant(self.clock.now),
            staff=[],
            person_a=ANA,
            person_b=BEN,
        )
        yield [self.submission(session, SESSION, scheduler)]
        yield [self.enrol(SLOT_A), self.enrol(SLOT_B)]

    def dose(
        self, stream: str = SLOT_A, mg: str = "100", who: Sequence[Who] = ((RN1, "performed", "nurse"),), **changes: Any
    ) -> Recorded:
        """A dose given now."""
        return self.record(dose(mg, **changes), stream, *who)

    def check(self, stream: str = SLOT_A, systolic: int = 128, diastolic: int = 80) -> Recorded:
        """A supervision check made now."""
        return self.record(check(systolic, diastolic), stream, (RN1, "performed", "nurse"))


def make(tag: str, **fields: Any) -> Event:
    """An event of this type."""
    return make_event(EVENT_TYPES[tag], fields)


def dose(mg: str = "100", **changes: Any) -> Event:
    """A lozenge of own-A."""
    fields: dict[str, Any] = blank("dose-administered/1") | {
        "container": OWN_A,
        "mass": {"unit": "mg", "value": mg},
        "ordinal": 1,
        "route": "sublingual",
        "hold_min": 12,
        "identifiers": ["name", "photo"],
        "self_administered": False,
        "swallowed": True,
    }
    return make("dose-administered/1", **(fields | changes))


def check(systolic: int = 128, diastolic: int = 80, **changes: Any) -> Event:
    """A check with a blood pressure."""
    fields: dict[str, Any] = blank("supervision-checked/1") | {
        "blood_pressure": {"diastolic": diastolic, "systolic": systolic},
        "moaas": 5,
        "spo2": 98,
    }
    return make("supervision-checked/1", **(fields | changes))


def blank(tag: str) -> dict[str, Any]:
    """Every field null, every list empty."""
    return {name: [] if is_list else None for name, is_list in _fields(tag)}


@cache
def _fields(tag: str) -> tuple[tuple[str, bool], ...]:
    """The fields of a type, and whether each is a list; written out once, because their hints are long."""
    fields = EVENT_TYPES[tag].model_fields
    return tuple((name, "tuple" in str(field.annotation)) for name, field in fields.items() if name != "type")
