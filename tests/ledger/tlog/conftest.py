"""What the tests of the log share: the recorded vectors, and a small store of tiles."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ledger.tlog.tiles import RightEdge, grow

VECTORS = Path(__file__).parents[2] / "vectors"


class TileStore:
    """Tiles in memory, as a real store keeps them: the newest content under each (level, index)."""

    def __init__(self) -> None:
        self.edge = RightEdge.empty()
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.reads: list[tuple[int, int]] = []

    def append(self, *leaves: bytes) -> RightEdge:
        growth = grow(self.edge, leaves)
        self.tiles.update(growth.tiles)
        self.edge = growth.edge
        return self.edge

    def read(self, level: int, index: int) -> bytes:
        self.reads.append((level, index))
        return self.tiles[level, index]


@pytest.fixture
def store() -> TileStore:
    """An empty store of tiles."""
    return TileStore()


@pytest.fixture(scope="session")
def hundred() -> TileStore:
    """A tree of a hundred leaves, the n-th being the hash of n."""
    store = TileStore()
    store.append(*(sha256(str(n).encode()).digest() for n in range(100)))
    return store


@pytest.fixture(scope="session")
def vectors() -> Path:
    """The folder of the recorded vectors."""
    return VECTORS


@pytest.fixture(scope="session")
def example() -> dict[str, Any]:
    """The golden data of format v1."""
    data: dict[str, Any] = json.loads((VECTORS / "format-v1/example.json").read_text(encoding="utf-8"))
    return data
