"""
The ledger as it will be read when something is destroyed: without a person's key, or without some envelopes.

For reading only; nothing is changed by looking.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, cast

from ledger.store.port import EventRow, Row, Store
from ledger.store.subject_keys import SubjectKeys


@dataclass(frozen=True, slots=True)
class WithoutKey:
    """The keys as they will be when one person's is destroyed."""

    keys: SubjectKeys
    person: str

    @property
    def epoch(self) -> int:
        """See `SubjectKeys.epoch`."""
        return self.keys.epoch

    def key_of(self, subject: str) -> bytes | None:
        """See `SubjectKeys.key_of`."""
        return None if subject == self.person else self.keys.key_of(subject)

    def make(self, subject: str, key: bytes) -> None:
        """See `SubjectKeys.make`."""
        self.keys.make(subject, key)

    def destroy(self, subject: str) -> None:
        """See `SubjectKeys.destroy`."""
        self.keys.destroy(subject)


def without_envelopes(store: Store, positions: Collection[int]) -> Store:
    """The store as it will be read when these envelopes are no longer kept."""
    return cast("Store", _WithoutEnvelopes(store, frozenset(positions)))


class _WithoutEnvelopes:
    """Rows without some envelopes; everything else is the store's own."""

    def __init__(self, store: Store, positions: frozenset[int]) -> None:
        self._store = store
        self._positions = positions

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # what the store itself answers
        return getattr(self._store, name)

    def rows(self, start: int, limit: int) -> Sequence[Row]:
        """See `Store.rows`."""
        return [self._without(row) for row in self._store.rows(start, limit)]

    def ended_under(self, position: int) -> int | None:
        """See `Store.ended_under`; the end that is to come stands behind everything."""
        return self._store.head().size if position in self._positions else self._store.ended_under(position)

    def _without(self, row: Row) -> Row:
        if isinstance(row, EventRow) and row.position in self._positions:
            return row._replace(envelope=b"")
        return row
