"""
A device is heard again: what its clock showed is recorded before anything it brought.

The device sends what its clock shows as it sends the batch: the very clock that stamped these events. The service
compares with its own at the arrival. The request was on its way for a while, so the offset is too small by at most
a round trip, which the device has measured and says.
Nothing is refused for it: an unreadable clock, or a service without a key of its own, leaves the clock unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.web.composing import Composer
from api.web.service_key import OwnKey
from ledger.encoding import from_instant, to_instant
from ledger.envelope import parse_envelope
from ledger.errors import Invalid
from ledger.events.devices import SysSyncReceived
from ledger.events.sealing import make_event
from ledger.payload import Occurred
from ledger.record import Submission
from ledger.store.port import Store

_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class SyncSaid:
    """What a device says of itself with a batch: which it is, what its clock shows, how long an answer took."""

    device: str
    clock: str | None
    round_trip_ms: int | None


def offset_ms(clock: str | None, arrived: datetime) -> int | None:
    """The device's time less the ledger's, in whole milliseconds; None when it told none that can be read."""
    try:
        return None if clock is None else (from_instant(clock) - arrived) // _MILLISECOND
    except Invalid:
        return None


def sync_event(said: SyncSaid, items: Sequence[Submission], arrived: datetime, store: Store) -> SysSyncReceived | None:
    """What is to be recorded of this sync; None when the device brought nothing of its own that is new."""
    numbers = [seq for item in items if (seq := _new_number(item, said.device, store)) is not None]
    if not numbers:
        return None
    event = make_event(
        SysSyncReceived,
        {
            "first_seq": min(numbers),
            "last_seq": max(numbers),
            "offered": len(items),
            "offset_ms": offset_ms(said.clock, arrived),
            "round_trip_ms": said.round_trip_ms,
        },
    )
    return event if isinstance(event, SysSyncReceived) else None


def signed_sync(event: SysSyncReceived, device: str, own: OwnKey, composer: Composer) -> Submission:
    """The same, signed by the service."""
    now = Occurred(at=to_instant(composer.now), offset=0, precision="s", zone="UTC")
    return composer.signed(event, device, own.owner, own.key, "service", "received", now)


def _new_number(item: Submission, device: str, store: Store) -> int | None:
    """The number of an event of this device that is not recorded yet; what cannot be read has none."""
    try:
        envelope = parse_envelope(item.envelope)
    except Invalid:
        return None
    link = envelope.payload.device
    if link is None or link.id != device or store.by_dig(envelope.dig) is not None:
        return None
    return link.seq
