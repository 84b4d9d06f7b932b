"""What several parts of the tests share: story S1, played once; processes that die."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from api.play_story import StoryLedger, play_story
from api.story.script import read_script
from tests.ledger.clinic import Entropy
from tests.ledger.store.crashing import Crashing

settings.register_profile("ledger", deadline=None)  # how fast this machine is just now is no property of the code
settings.load_profile("ledger")

WEEKEND = Path(__file__).parents[1] / "api" / "stories" / "retreat-weekend.yaml"

FIRST = (
    "tests/browser/",  # one after another, so that a worker starts its browser once
    "tests/projections/generated/",
    "tests/faults/",
    "tests/whole/",
    "tests/stories/",
    "tests/projections/rules/test_rules.py",
)
"""What takes longest begins first, so that no worker is left alone with it in the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files in the order in which they are to begin; inside a file nothing changes."""
    items.sort(key=lambda item: next((n for n, path in enumerate(FIRST) if item.nodeid.startswith(path)), len(FIRST)))


@pytest.fixture(scope="session")
def weekend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoryLedger]:
    """
    The retreat weekend of Ana and Ben, played into a ledger of its own; always the same bytes.

    It is shared: read it, and play the story anew to write (`play_story(read_script(WEEKEND), …)`).
    """
    played = play_story(read_script(WEEKEND), tmp_path_factory.mktemp("weekend") / "ledger", Entropy("weekend"))
    yield played
    played.ledger.store.close()


@pytest.fixture(scope="session")
def crash() -> Iterator[Crashing]:
    """Run a script until it dies at a step: see `tests.ledger.store.crashing`."""
    crashing = Crashing()
    yield crashing
    crashing.close()
