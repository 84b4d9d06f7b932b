"""
What the log knows of each device: who vouched for it, its chain of events, and what its clock showed.

The chain of a device counts its events from 1, and each names the content of the one before (`prev`). So it
shows, without asking the device,

- a *hole*: an event is here whose predecessor is not;
- a *fork*: two events after the same one, as when a copy of a device goes on beside it;
- a *reset*: a second first event, as when a device has lost its memory;
- a *break*: a predecessor is named that is not the one we have.

None of it refuses anything. What comes late closes its hole from its own position on; asked as known before
that, the hole is there still. The order of arrival changes nothing of the end.
Source: format v1, section 3; the exact rules, REC-06 and REC-07.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

from ledger.encoding import from_instant
from ledger.events.devices import DeviceEnrolled, DeviceRevoked, SysSyncReceived
from ledger.events.expired import NoLongerKept
from ledger.reading import PlacedEvent

Fault: TypeAlias = Literal["hole", "fork", "reset", "break"]

_MILLISECOND = timedelta(milliseconds=1)
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_LAST = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Link:
    """One event of a device: its number there, which content came before, and where it stands in the log."""

    seq: int
    prev: str | None
    dig: str
    position: int


@dataclass(frozen=True, slots=True)
class Sync:
    """A time when the device was heard: what its clock showed, and which numbers it brought."""

    position: int
    received_at: datetime
    first_seq: int
    last_seq: int
    offset: timedelta | None
    round_trip: timedelta | None


@dataclass(frozen=True, slots=True)
class ChainFault:
    """
    Something wrong with a chain, as far as it was known.

    `first` and `last` are the numbers concerned (of a hole: those that are missing);
    `evidence` are the positions of the events that show it.
    """

    fault: Fault
    first: int
    last: int
    evidence: tuple[int, ...]


class DeviceChain:
    """One device; every question is asked as known at a size of the log, below which entries count."""

    def __init__(self, device: str, expired: AbstractSet[str] = frozenset()) -> None:
        self.id = device
        self._expired = expired
        self.enrolments: list[tuple[int, str]] = []
        self.revocations: list[int] = []
        self.syncs: list[Sync] = []
        self._links: dict[int, list[Link]] = {}
        self._numbers: list[int] = []
        self._positions: list[int] = []
        self._highest: list[int] = []
        self.happened: dict[int, str] = {}

    def up_to(self, instant: str) -> DeviceChain:
        """The chain of what is said to have happened by an instant, whenever it came; costs as much as the chain."""
        chain = DeviceChain(self.id)
        chain.enrolments = [each for each in self.enrolments if self.happened[each[0]] <= instant]
        chain.revocations = [each for each in self.revocations if self.happened[each] <= instant]
        chain.syncs = [each for each in self.syncs if self.happened[each.position] <= instant]
        chain.happened = self.happened
        links = (link for each in self._links.values() for link in each)
        for link in sorted(links, key=lambda link: link.position):
            if self.happened[link.position] <= instant:
                chain.take(link)
        return chain

    def take(self, link: Link) -> None:
        """Learn one more event; they come in the order of the log."""
        if link.seq not in self._links:
            insort(self._numbers, link.seq)
        self._links.setdefault(link.seq, []).append(link)
        self._positions.append(link.position)
        self._highest.append(max(link.seq, self._highest[-1] if self._highest else 0))

    def code(self, size: int) -> str | None:
        """What the device was last enrolled as, None if nobody has."""
        return next((code for position, code in reversed(self.enrolments) if position < size), None)

    def revoked_at(self, size: int) -> int | None:
        """The position at which the device was revoked and not enrolled again since."""
        last = next((position for position in reversed(self.revocations) if position < size), None)
        again = next((position for position, _ in reversed(self.enrolments) if position < size), -1)
        return last if last is not None and last > again else None

    def count(self, size: int) -> int:
        """How many events of it are here."""
        return bisect_left(self._positions, size)

    def last_seq(self, size: int) -> int:
        """The highest number that is here; 0 for none."""
        known = self.count(size)
        return self._highest[known - 1] if known else 0

    def links(self, seq: int, size: int) -> list[Link]:
        """The events of this number, in the order of the log; more than one after a reset or a fork."""
        return [link for link in self._links.get(seq, ()) if link.position < size]

    def sync_of(self, link: Link, recorded_at: datetime) -> Sync | None:
        """The sync by which an event came: the last before it that brought its number, and read the clock after it."""
        for sync in reversed(self.syncs):
            if sync.position < link.position and sync.first_seq <= link.seq <= sync.last_seq:
                if sync.offset is None or shifted(recorded_at, -sync.offset) <= sync.received_at + _MILLISECOND:
                    return sync
                return None
        return None

    def came_late(self, link: Link) -> bool:
        """Whether later ones were here before it: until it came there was a hole."""
        before = bisect_left(self._positions, link.position)
        return before > 0 and self._highest[before - 1] > link.seq

    def fault_before(self, link: Link, size: int) -> ChainFault | None:
        """What is wrong between an event and its predecessor."""
        if link.seq == 1 and link.prev is None:
            first = self.links(1, size)
            if len(first) > 1 and link != first[0]:
                return ChainFault("reset", 1, 1, (first[0].position, link.position))
            return None
        if link.seq == 1 or link.prev is None:
            return ChainFault("break", link.seq, link.seq, (link.position,))
        before = self.links(link.seq - 1, size)
        parent = next((each for each in before if each.dig == link.prev), None)
        if parent is None and before:
            evidence = (*(each.position for each in before), link.position)
            return ChainFault("break", link.seq, link.seq, evidence)
        if parent is None:
            return None if link.prev in self._expired else self._hole(link, size)
        twins = [each for each in self.links(link.seq, size) if each.prev == link.prev]
        if len(twins) > 1:
            return ChainFault("fork", link.seq, link.seq, (parent.position, *(each.position for each in twins)))
        return None

    def hole_after(self, seq: int, size: int) -> ChainFault | None:
        """The hole that begins behind this number, when later ones are here."""
        if self.links(seq + 1, size):
            return None
        for number in self._numbers[bisect_right(self._numbers, seq) :]:
            if found := self.links(number, size):
                return None if found[0].prev in self._expired else self._hole(found[0], size)
        return None

    def faults(self, size: int) -> list[ChainFault]:
        """All that is wrong, by number; each once."""
        found = {
            fault: None
            for seq in self._numbers
            for link in self.links(seq, size)
            if (fault := self.fault_before(link, size)) is not None
        }
        return list(found)

    def late(self, size: int) -> list[Link]:
        """Those that closed a hole when they came, by number."""
        return [link for seq in self._numbers for link in self.links(seq, size) if self.came_late(link)]

    def _hole(self, above: Link, size: int) -> ChainFault:
        below = 0
        for number in reversed(self._numbers[: bisect_left(self._numbers, above.seq)]):
            if found := self.links(number, size):
                below = number
                return ChainFault("hole", below + 1, above.seq - 1, (found[-1].position, above.position))
        return ChainFault("hole", below + 1, above.seq - 1, (above.position,))


class Devices:
    """Every device that was enrolled or wrote an event; grows with the log, one event at a time."""

    def __init__(self) -> None:
        self._chains: dict[str, DeviceChain] = {}
        self._expired: set[str] = set()
        """What is no longer kept: a chain that goes on behind it has no hole there."""

    def __iter__(self) -> Iterator[DeviceChain]:
        """All of them, by name."""
        return iter([self._chains[name] for name in sorted(self._chains)])

    def chain(self, device: str) -> DeviceChain:
        """One device; an unknown one has an empty chain."""
        return self._chains.get(device) or DeviceChain(device)

    def take(self, placed: PlacedEvent) -> None:
        """Learn one more event of the log; never refuses."""
        at = placed.payload.occurred.at
        if isinstance(placed.event, DeviceEnrolled | DeviceRevoked | SysSyncReceived):
            self._made(placed.stream).happened[placed.position] = at
        match placed.event:
            case DeviceEnrolled(code=code):
                self._made(placed.stream).enrolments.append((placed.position, code))
            case DeviceRevoked():
                self._made(placed.stream).revocations.append(placed.position)
            case SysSyncReceived() as sync:
                self._made(placed.stream).syncs.append(_sync(placed, sync))
            case NoLongerKept():
                self._expired.add(placed.dig)
        if (link := link_of(placed)) is not None:
            self._made(link[0]).happened[placed.position] = at  # first: somebody may read meanwhile
            self._made(link[0]).take(link[1])

    def _made(self, device: str) -> DeviceChain:
        return self._chains.setdefault(device, DeviceChain(device, self._expired))


def shifted(moment: datetime, by: timedelta) -> datetime:
    """A moment so much later or earlier; the first or last there is when a clock claims more than time has."""
    try:
        return moment + by
    except OverflowError:
        return _LAST if by > timedelta() else _FIRST


def link_of(placed: PlacedEvent) -> tuple[str, Link] | None:
    """The device an event was written on, and its place in that chain; None when it names no device."""
    device = placed.payload.device
    return None if device is None else (device.id, Link(device.seq, device.prev, placed.dig, placed.position))


def _sync(placed: PlacedEvent, event: SysSyncReceived) -> Sync:
    read = (event.offset_ms, event.round_trip_ms)
    offset, round_trip = (None if each is None else each * _MILLISECOND for each in read)
    received = from_instant(placed.received_at)
    return Sync(placed.position, received, event.first_seq, event.last_seq, offset, round_trip)
