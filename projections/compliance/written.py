"""
How an entry was written: on which device, as its n-th, by what clock, knowing which checkpoint, and when it came.

`claimed` is when it happened as its signer says; `offset` is by how much its device's clock was ahead when the
device was heard with it, None when nobody knows. A time counts less that offset; both are kept and shown.
Source: the exact rules, section 0, item 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from ledger.bracket import Bracket
from ledger.devices import Link, Sync, link_of
from ledger.payload import Seen
from ledger.reading import PlacedEvent
from projections.compliance.moments import clock, span, to_second


@dataclass(frozen=True, slots=True)
class Written:
    """One entry of a session, without what it says."""

    stream: str
    position: int
    dig: str
    claimed: datetime
    at: datetime
    recorded_at: datetime
    received_at: datetime
    seen: Seen
    device: str | None
    link: Link | None
    sync: Sync | None

    @classmethod
    def of(cls, placed: PlacedEvent, sync: Sync | None, at: datetime) -> Written:
        """How a recorded event was written; `at` is when it counts as having happened."""
        found = link_of(placed)
        return cls(
            placed.stream,
            placed.position,
            placed.dig,
            to_second(placed.payload.occurred.at),
            at,
            to_second(placed.payload.recorded_at),
            to_second(placed.received_at),
            placed.payload.seen,
            None if found is None else found[0],
            None if found is None else found[1],
            sync,
        )

    @property
    def offset(self) -> timedelta | None:
        """By how much the device's clock was ahead; None when nobody knows."""
        return None if self.sync is None else self.sync.offset


def between(bracket: Bracket, zone: ZoneInfo) -> str:
    """`written between 10:05 and 10:40` in local time, by the ledger's own clock."""
    upper = clock(to_second(bracket.upper), zone)
    return (
        f"written between {clock(to_second(bracket.lower), zone)} and {upper}"
        if bracket.lower
        else f"written by {upper}"
    )


def within(length: timedelta) -> str:
    """`2 s`: a length in whole seconds, rounded up."""
    return f"{ceil(length.total_seconds())} s"


def ahead(offset: timedelta) -> str:
    """`7 min ahead`, `20 s behind`."""
    return f"{span(abs(offset))} {'behind' if offset < timedelta() else 'ahead'}"
