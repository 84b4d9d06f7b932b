"""A store that counts what is read, hides rows, and lets something happen in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ledger.store.port import EventRow, Row, SealedBlock
from tests.projections.house import House


class Counting:
    """The house's store, counting what is read from it."""

    def __init__(self, house: House) -> None:
        self.origin = house.store.origin
        self._store = house.store
        self.blocks_read: list[int] = []
        self.hidden: set[int] = set()
        self.before_rows: Callable[[], object] = lambda: None

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def rows(self, start: int, limit: int) -> Sequence[Row]:
        self.before_rows()
        return [row for row in self._store.rows(start, limit) if row.position not in self.hidden]

    def row(self, position: int) -> Row | None:
        return None if position in self.hidden else self._store.row(position)

    def blocks_of(self, position: int) -> Sequence[SealedBlock]:
        self.blocks_read.append(position)
        return self._store.blocks_of(position)

    def blocks_between(self, start: int, end: int) -> Mapping[int, Sequence[SealedBlock]]:
        return {
            p: blocks
            for p in range(start, end)
            if isinstance(self.row(p), EventRow) and (blocks := self.blocks_of(p)) is not None
        }
