"""One founded ledger to copy from, and one nursery of children for each test file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.house import make_house
from tests.faults.nursery import Nursery


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clinic's ledger after its founding; only copied from."""
    return make_house(tmp_path_factory.mktemp("house") / "ledger")


@pytest.fixture
def house(founded: Path, tmp_path: Path) -> Path:
    """A ledger of one's own."""
    return Path(shutil.copytree(founded, tmp_path / "ledger"))


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Where children come from."""
    children = Nursery(tmp_path_factory.mktemp("nursery"))
    yield children
    children.close()
