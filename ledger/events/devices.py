"""
Devices: the tablets on which events are written, and when one of them was heard again.

A device signs nothing; people sign on it.
Each event says on which device it was written, as its n-th, after which other one: so what is missing shows.
An event of a device nobody enrolled is a fact like any other, and a finding.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from ledger.events.base import NOTHING, Critical, Event, Signer
from ledger.events.fields import Open
from ledger.events.words import Code, Named
from ledger.payload import Word
from ledger.vocabulary import StreamKind

Milliseconds = Annotated[int, Field(gt=-(2**53), lt=2**53), Named("milliseconds", "ms")]
Sequence = Annotated[int, Field(ge=1, lt=2**53), Named("number in the device's chain, from 1")]
Items = Annotated[int, Field(ge=0, le=10_000), Named("number of events")]


class DeviceEnrolled(Event):
    """A device is known here, under a short code such as T-1; an officer looked at it."""

    STREAM: ClassVar[StreamKind] = "device"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("enrolled", roles=("security-officer",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["device-enrolled/1"] = "device-enrolled/1"
    code: Open[Code]
    kind: Open[Literal["tablet", "phone", "computer", "other"]]


class DeviceRevoked(Event):
    """A device is lost, broken or given away; what still comes from it is recorded, and a finding."""

    STREAM: ClassVar[StreamKind] = "device"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("revoked", roles=("security-officer",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["device-revoked/1"] = "device-revoked/1"
    reason: Open[Word]


class SysSyncReceived(Event):
    """
    A device was heard again: what its clock showed beside the ledger's, before what it brought is recorded.

    `offset_ms` is the device's time less the ledger's, positive when the device is ahead, null when it told none.
    `round_trip_ms` is how long an answer took as the device says: the offset is too small by at most that.
    `offered` is how many events it brought, `first_seq` and `last_seq` their lowest and highest number.
    """

    STREAM: ClassVar[StreamKind] = "device"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("received", by="service", roles=("service",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["sys-sync-received/1"] = "sys-sync-received/1"
    first_seq: Open[Sequence]
    last_seq: Open[Sequence]
    offered: Open[Items]
    offset_ms: Open[Milliseconds | None]
    round_trip_ms: Open[Milliseconds | None]


DeviceEvent: TypeAlias = DeviceEnrolled | DeviceRevoked | SysSyncReceived
"""One tablet, and when it was heard."""
