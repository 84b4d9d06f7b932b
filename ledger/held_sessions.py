"""
The sessions that a recorder remembers, as they stand: those it has changed last, and no more than so many.

One that was let go is put together again from the store when it is needed, at the cost of reading its records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ledger.follow import place
from ledger.reading import PlacedEvent
from ledger.session import Session, evolve
from ledger.store.port import EventRow, Store

MOST_SESSIONS = 256
"""Sessions that are remembered: several days of a large clinic."""


class HeldSessions:
    """Sessions by their record; changed by one thread at a time, asked by any."""

    def __init__(self, store: Store, most: int = MOST_SESSIONS) -> None:
        """Remember nothing yet."""
        self._store = store
        self._most = most
        self._held: dict[str, Session] = {}

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._held)

    def get(self, session_id: str) -> Session:
        """The state of a session as recorded so far; reads its records if it is not remembered."""
        known = self._held.get(session_id)
        if known is None:
            known = Session(session_id)
            for placed in _session_events(self._store, session_id):
                known = evolve(known, placed)
        return known

    def take(self, changed: Mapping[str, Session]) -> None:
        """Remember these as they are now; those that were not changed for longest are let go."""
        for session_id, session in changed.items():
            self._held.pop(session_id, None)  # the newest stand last
            self._held[session_id] = session
        while len(self._held) > self._most:
            del self._held[next(iter(self._held))]

    def forget(self) -> None:
        """Remember nothing: another process has written."""
        self._held.clear()


def _session_events(store: Store, session_id: str) -> Iterator[PlacedEvent]:
    rows: list[EventRow] = []
    beside = session_id.replace("session/", "governance/")
    for stream in (session_id, f"{session_id}/a", f"{session_id}/b", beside):
        rows.extend(store.stream_rows(stream))
    for row in sorted(rows, key=lambda row: row.position):
        yield place(store, row)
