"""
The sessions that a recorder remembers: those it has changed last, and no more than so many.

Only an authorisation asks how a session stands, so what was recorded since somebody asked is kept beside it, and
folded in when it is asked again. One that was let go is read again from the store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ledger.follow import place
from ledger.keys import Revoked
from ledger.reading import PlacedEvent
from ledger.session import Past, Session, evolve, in_order, under
from ledger.store.port import EventRow, Store

MOST_SESSIONS = 256
"""Sessions that are remembered: several days of a large clinic."""

MOST_SINCE = 128
"""Events that are kept beside a session before they are folded in: an authorisation waits some 10 µs for each."""


@dataclass(frozen=True, slots=True)
class HeldSession:
    """A session as it was put together last, what was recorded in it since, and the keys known to be revoked then."""

    session: Session
    since: Past = None
    count: int = 0
    revoked: Revoked | None = None

    def after(self, placed: PlacedEvent, revoked: Revoked) -> HeldSession:
        """The same after one more event of its records."""
        later = HeldSession(self.session, (self.since, placed), self.count + 1, revoked)
        return later if later.count < MOST_SINCE else HeldSession(later.now())

    def now(self) -> Session:
        """How the session stands."""
        session = self.session
        for placed in in_order(self.since):
            session = evolve(session, placed)
        return session if self.revoked is None else under(session, self.revoked)


class HeldSessions:
    """Sessions by their record; changed by one thread at a time, asked by any."""

    def __init__(self, store: Store, most: int = MOST_SESSIONS) -> None:
        """Remember nothing yet."""
        self._store = store
        self._most = most
        self._held: dict[str, HeldSession] = {}

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._held)

    def get(self, session_id: str) -> Session:
        """The state of a session as recorded so far; reads its records if it is not remembered."""
        return self.held(session_id).now()

    def held(self, session_id: str) -> HeldSession:
        """The same, with what came last not folded in yet."""
        known = self._held.get(session_id)
        if known is None:
            session = Session(session_id)
            for placed in _session_events(self._store, session_id):
                session = evolve(session, placed)
            known = HeldSession(session)
        return known

    def take(self, changed: Mapping[str, HeldSession]) -> None:
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
