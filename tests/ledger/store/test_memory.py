"""The store in memory, held to the contract of all stores."""

from __future__ import annotations

import pytest

from ledger.store.memory import MemoryStore
from ledger.store.port import Store
from tests.ledger.ending_contract import EndingContract
from tests.ledger.store_contract import Opener, StoreContract


class TestMemoryStore(StoreContract):
    """An instance is the ledger; a second one of the same origin would be another ledger."""

    @pytest.fixture
    def open_ledger(self) -> Opener:
        ledgers: dict[str, Store] = {}
        return lambda origin: ledgers.setdefault(origin, MemoryStore(origin))


class TestMemoryEnding(EndingContract):
    """The same store, held to what is promised of what is no longer kept."""

    open_ledger = TestMemoryStore.open_ledger
