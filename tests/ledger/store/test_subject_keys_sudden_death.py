"""A process that dies while it makes, destroys or takes over keys: nobody's key is lost, and doing it again ends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.store.subject_keys import FolderSubjectKeys
from tests.ledger.store.crashing import Crashing
from tests.ledger.store.test_subject_keys import ANNA, BEN, KEY, OTHER_KEY, SCRIPT, names, raw_keys


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "secrets" / "keys"


def test_a_crash_at_any_step_of_the_first_making_leaves_no_key_or_the_whole_one(folder: Path, crash: Crashing) -> None:
    found = []
    step = 0
    died = True
    while died:
        step += 1
        here = folder / str(step) / "keys"

        died = crash(SCRIPT + 'keys.make(sys.argv[3], b"k" * 32)', step, str(here), ANNA)

        keys = FolderSubjectKeys(here)
        found.append(keys.key_of(ANNA))
        if found[-1] is None:
            keys.make(ANNA, OTHER_KEY)
            assert keys.key_of(ANNA) == OTHER_KEY
        assert names(here) == ["epoch/1.key", "keys/epoch-1.keys"]

    assert step > 15
    assert found == sorted(found, key=lambda key: key or b"")
    assert set(found) == {None, KEY}


def test_a_crash_at_any_step_of_making_another_leaves_the_first(folder: Path, crash: Crashing) -> None:
    step = 0
    died = True
    while died:
        step += 1
        here = folder / str(step) / "keys"
        FolderSubjectKeys(here).make(BEN, OTHER_KEY)

        died = crash(SCRIPT + 'keys.make(sys.argv[3], b"k" * 32)', step, str(here), ANNA)

        keys = FolderSubjectKeys(here)
        assert keys.key_of(ANNA) in (None, KEY)
        assert keys.key_of(BEN) == OTHER_KEY
    assert step > 10


def test_a_crash_at_any_step_of_destroying_loses_no_other_key_and_is_finished_by_doing_it_again(
    folder: Path, crash: Crashing
) -> None:
    found = []
    step = 0
    died = True
    while died:
        step += 1
        here = folder / str(step) / "keys"
        keys = FolderSubjectKeys(here)
        keys.make(ANNA, KEY)
        keys.make(BEN, OTHER_KEY)

        died = crash(SCRIPT + "keys.destroy(sys.argv[3])", step, str(here), ANNA)

        assert keys.key_of(BEN) == OTHER_KEY
        after = FolderSubjectKeys(here)
        found.append(after.key_of(ANNA))
        assert keys.key_of(ANNA) == found[-1], "a process that lived on says the same"
        after.destroy(ANNA)
        assert after.key_of(ANNA) is None
        assert after.key_of(BEN) == keys.key_of(BEN) == OTHER_KEY
        assert names(here) == ["epoch/2.key", "keys/epoch-2.keys"]
    assert step > 20
    assert found == sorted(found, key=lambda key: key is None)
    assert set(found) == {KEY, None}


def test_a_crash_at_any_step_of_the_taking_over_loses_nobodys_key(folder: Path, crash: Crashing) -> None:
    step = 0
    died = True
    while died:
        step += 1
        here = folder / str(step) / "keys"
        raw_keys(here, ANNA, BEN)

        died = crash(SCRIPT, step, str(here))

        keys = FolderSubjectKeys(here)
        assert (keys.key_of(ANNA), keys.key_of(BEN)) == (KEY, KEY)
        keys.destroy(ANNA)
        assert len(names(here)) == 2
    assert step > 20
