"""What a recorder works with, and what it knows while it writes: of keys, of sessions, of people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ledger.gate import Gate
from ledger.held_sessions import HeldSession
from ledger.keeping import Keeping
from ledger.keys import KeyHistory
from ledger.reading import PlacedEvent
from ledger.store.port import Store
from ledger.store.subject_keys import SubjectKeys
from ledger.subjects import Ties


@dataclass(frozen=True, slots=True)
class Desk:
    """What one recorder works with, the same for every group; `log_vkeys` are the keys it signs checkpoints with."""

    store: Store
    subject_keys: SubjectKeys
    entropy: Callable[[int], bytes]
    gates: tuple[Gate, ...]
    log_vkeys: tuple[str, ...]
    keeping: Keeping


@dataclass(slots=True)
class Known:
    """
    What is known of keys, sessions and people, with what this group has recorded so far.

    `placed` are the events of this group alone: nobody can read them from the store yet; `opened` are the keys of
    the people for whom it has sealed something.
    """

    keys: KeyHistory
    sessions: dict[str, HeldSession] = field(default_factory=dict)
    ties: Ties = field(default_factory=dict)
    placed: list[PlacedEvent] = field(default_factory=list)
    opened: dict[str, bytes] = field(default_factory=dict)

    def branch(self, *, with_keys: bool) -> Known:
        """The same, to be changed on its own and kept or forgotten."""
        keys = self.keys.copy() if with_keys else self.keys
        return Known(keys, dict(self.sessions), dict(self.ties), list(self.placed), dict(self.opened))
