"""The served clinic, with and without a browser's way in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.web.practice import Practice


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    """A clinic that is served to test clients."""
    served = Practice(tmp_path / "ledger")
    with served.client:
        yield served
    served.opened.store.close()


@pytest.fixture
def unserved(tmp_path: Path) -> Iterator[Practice]:
    """The same clinic, for a real server."""
    served = Practice(tmp_path / "ledger")
    yield served
    served.opened.store.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """One served clinic for all tests of a file that record nothing."""
    served = Practice(tmp_path_factory.mktemp("shared") / "ledger")
    with served.client:
        yield served
    served.opened.store.close()


@pytest.fixture
def quiet(shared: Practice) -> Iterator[Practice]:
    """The shared clinic; nothing may be recorded in it, and everybody has their own key again."""
    keys, size = dict(shared.clinic.keys), shared.size
    yield shared
    shared.clinic.keys.clear()
    shared.clinic.keys.update(keys)
    assert shared.size == size
