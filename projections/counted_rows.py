"""The rows that changed entries give as they count, in tables of the same names beside the view's."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from ledger.effective import Standing
from projections.view import Value, View


class CountedRows:
    """A small copy of a view's tables, in memory, with the changed entries alone."""

    def __init__(self, view: View, generation: int) -> None:
        self._view = view
        self._generation = generation
        self._loaded: set[int] = set()
        self._beside: sqlite3.Connection | None = None

    def rows(self, changed: Mapping[int, Standing], sql: str, asked: tuple[Value, ...]) -> list[sqlite3.Row]:
        """What a query finds among these entries, and among those of questions before."""
        if self._beside is None:
            self._beside = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
            self._beside.row_factory = sqlite3.Row
            self._view.create(self._beside, self._generation)
        for position, each in changed.items():
            if position not in self._loaded and each.counts is not None:
                for statement in self._view.statements(each.counts):
                    self._beside.execute(self._view.sql(statement.sql, self._generation), statement.parameters)
        self._loaded |= set(changed)
        return self._beside.execute(self._view.sql(sql, self._generation), asked).fetchall()

    def close(self) -> None:
        """Let go of them."""
        if self._beside is not None:
            self._beside.close()
            self._beside = None
        self._loaded = set()
