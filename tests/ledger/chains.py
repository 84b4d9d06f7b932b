"""Words for tests of devices: events on a tablet, with no store, in the order they were received."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from ledger.devices import Devices
from ledger.encoding import to_instant
from ledger.events.base import Event
from ledger.payload import NOTHING_SEEN, Attestation, DeviceLink, Occurred, Payload
from ledger.reading import PlacedEvent
from tests.ledger.clinic import ORIGIN, RN1, SLOT_A, check, make, uuid

TABLET, OTHER = f"device/{uuid(81)}", f"device/{uuid(82)}"
NOON = datetime(2026, 5, 16, 12, 0, tzinfo=UTC)


def written(seq: int, *, prev: str | None = "", device: str = TABLET, words: str = "") -> tuple[Payload, str]:
    """The `seq`-th event of a device, after the one before unless said otherwise; and its digest."""
    before = digest(device, seq - 1, words) if seq > 1 else None
    moment = to_instant(NOON + timedelta(minutes=seq))
    payload = Payload(
        attested=(Attestation(by=RN1, key="0" * 64, meaning="performed", role="nurse"),),
        blocks=(),
        body={},
        device=DeviceLink(id=device, prev=before if prev == "" else prev, seq=seq),
        id="00000000-0000-7000-8000-000000000000",
        ledger=ORIGIN,
        occurred=Occurred(at=moment, offset=0, precision="s", zone="UTC"),
        recorded_at=moment,
        seen=NOTHING_SEEN,
        stream=SLOT_A,
        type="supervision-checked/1",
    )
    return payload, digest(device, seq, words)


def digest(device: str, seq: int, words: str = "") -> str:
    """The content digest these tests give to an event."""
    return hashlib.sha256(f"{device} {seq} {words}".encode()).hexdigest()


def received(events: Iterable[tuple[Payload, str]], event: Event | None = None) -> list[PlacedEvent]:
    """The events in this order of the log, a minute apart."""
    known = event or check()
    return [
        PlacedEvent(position, 1, to_instant(NOON + timedelta(hours=1, minutes=position)), dig, payload, known)
        for position, (payload, dig) in enumerate(events)
    ]


def known(placed: Iterable[PlacedEvent]) -> Devices:
    """What is known of the devices behind these events."""
    devices = Devices()
    for each in placed:
        devices.take(each)
    return devices


def about(tag: str, position: int, device: str = TABLET, **fields: Any) -> PlacedEvent:
    """An event about a device, at this position."""
    payload, dig = written(1, device=device, words=f"{tag} {position}")
    payload = payload.model_copy(update={"device": None, "stream": device, "type": tag})
    return PlacedEvent(
        position, 1, to_instant(NOON + timedelta(hours=1, minutes=position)), dig, payload, make(tag, **fields)
    )
