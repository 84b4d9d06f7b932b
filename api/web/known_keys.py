"""The ledger's keys as of now, read again whenever the stream `keys` has grown."""

from __future__ import annotations

from threading import Lock

from api.log_key_proofs import ProvenLogKey, proven_log_keys
from ledger.follow import place
from ledger.keys import KEY_EVENTS, EnrolledKey, KeyHistory, KeyState
from ledger.log_keys import LogKey
from ledger.store.port import Store


class KnownKeys:
    """Who holds which key; `refresh` is called after each recording, everything else reads memory."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._turn = Lock()
        self._version = 0
        self._size = 0
        self._key_position: int | None = None
        self.history = KeyHistory()
        self._proven: tuple[tuple[LogKey, ...], tuple[ProvenLogKey, ...]] = ((), ())
        self.refresh()

    def refresh(self) -> None:
        """Take in what was added to the stream `keys`."""
        with self._turn:
            head = self._store.head()
            self._size = head.size
            if head.key_position == self._key_position:
                return
            rows = self._store.stream_rows("keys", self._version)
            if not rows:
                return
            grown = self.history.copy()
            for row in rows:
                event = place(self._store, row).event
                if isinstance(event, KEY_EVENTS):
                    grown.apply(row.position, event)
            self.history, self._version, self._key_position = grown, rows[-1].version, head.key_position

    def state(self, key: EnrolledKey) -> KeyState:
        """What a key counts for in the next entry."""
        return self.history.state(key.kid, self._size)

    def valid(self, owner: str) -> tuple[EnrolledKey, ...]:
        """The keys with which somebody may sign now."""
        return self.history.valid_keys(owner, self._size)

    def is_officer(self, owner: str) -> bool:
        """Whether somebody holds an officer's key that counts."""
        return any(key.officer for key in self.valid(owner))

    def is_of_genesis(self, vkey: str) -> bool:
        """Whether the ledger was opened with this log key."""
        return any(key.vkey == vkey and key.added_at == 0 for key in self.history.log_keys())

    def proven_log_keys(self) -> tuple[ProvenLogKey, ...]:
        """The later log keys with their proofs; looked for once after each change of log keys."""
        log_keys = self.history.log_keys()
        if self._proven[0] != log_keys:
            self._proven = log_keys, proven_log_keys(self._store, log_keys)
        return self._proven[1]
