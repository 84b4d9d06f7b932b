"""Where entries stand: by position, by digest, and by when they came; grows with the log, in its order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime

from ledger.reading import PlacedEvent
from projections.compliance.moments import as_instant, to_second


class EntryIndex:
    """Every event as it was signed; whoever reads meanwhile looks only below a size that is whole."""

    def __init__(self) -> None:
        """Know of none."""
        self._positions: list[int] = []
        self._received: list[datetime] = []
        self._placed: list[PlacedEvent] = []
        self._digs: dict[str, int] = {}

    def take(self, placed: PlacedEvent) -> None:
        """One more event of the log."""
        self._digs.setdefault(placed.dig, len(self._placed))
        self._placed.append(placed)
        self._received.append(to_second(placed.received_at))
        self._positions.append(placed.position)  # last: it is what is looked up first

    def entry_at(self, position: int) -> PlacedEvent | None:
        """The event at a position; None where the log wrote of itself."""
        place = bisect_left(self._positions, position)
        found = self._placed[place] if place < len(self._positions) else None
        return found if found is not None and found.position == position else None

    def since(self, position: int) -> list[PlacedEvent]:
        """The events from a position on, in the order of the log."""
        return self._placed[bisect_left(self._positions, position) : len(self._positions)]

    def first(self) -> PlacedEvent | None:
        """The first event of the log; None while there is none."""
        return self._placed[0] if self._placed else None

    def entry_of(self, dig: str) -> PlacedEvent | None:
        """The event with this digest."""
        place = self._digs.get(dig)
        return None if place is None else self._placed[place]

    def received_of(self, position: int) -> datetime:
        """When an event came; of a position where none stands, when the next one came, or the last."""
        return self._received[min(bisect_left(self._positions, position), len(self._positions) - 1)]

    def known_until(self, size: int) -> datetime | None:
        """The second up to which the first `size` entries were all there was; None if they are it still."""
        following = bisect_left(self._positions, size)
        return self._received[following] if following < len(self._positions) else None

    def size_at(self, moment: datetime) -> int:
        """How many entries the log had at the end of that second."""
        count = bisect_right(self._received, moment, 0, len(self._positions))
        return self._positions[count - 1] + 1 if count else 0

    def last_received_below(self, size: int) -> str | None:
        """The received_at of the last event below a size of the log."""
        count = bisect_left(self._positions, size)
        return as_instant(self._received[count - 1]) if count else None
