"""What is signed is the signed tree with the new leaves behind it, computed here once more before it is committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from ledger.checkpointing import Checkpointing
from ledger.errors import TamperDetected
from ledger.store.head_store import MemoryHeadStore
from ledger.store.memory import MemoryStore
from ledger.store.port import Left
from tests.ledger.clinic import ORIGIN, RN1, SLOT_A, Clinic, check
from tests.ledger.store_contract import next_event

NURSE = (RN1, "performed", "nurse")
Change = Callable[[Left], Left]

WRONG: dict[str, Change] = {
    "another root": lambda left: replace(left, head=replace(left.head, root=bytes(32))),
    "a larger size": lambda left: replace(left, head=replace(left.head, size=left.head.size + 1)),
    "a smaller size": lambda left: replace(left, head=replace(left.head, size=left.head.size - 1)),
    "another leaf": lambda left: replace(left, leaves=(*left.leaves[:-1], bytes(32))),
    "a leaf less": lambda left: replace(left, leaves=left.leaves[:-1]),
    "a leaf more": lambda left: replace(left, leaves=(*left.leaves, bytes(32))),
    "the leaves the other way round": lambda left: replace(left, leaves=left.leaves[::-1]),
    "nothing at all behind it": lambda left: replace(left, leaves=()),
}

each_wrong = pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)


@pytest.fixture
def clinic() -> Clinic:
    return Clinic().open()


def signing(clinic: Clinic) -> Checkpointing:
    """What signs for the clinic in a process that has signed nothing itself."""
    checkpointing = Checkpointing(clinic.store, clinic.head_store, (clinic.signer,))
    checkpointing.catch_up()
    return checkpointing


@contextmanager
def two_more(clinic: Clinic) -> Iterator[Left]:
    """What a transaction with two more entries leaves; it is undone."""
    with suppress(_Undone), clinic.store.writing() as writing:
        for name in ("one", "two"):
            writing.append(next_event(writing, name))
        left = writing.finish()
        assert left is not None
        yield left
        raise _Undone


class _Undone(Exception):
    pass


def test_the_signed_tree_with_the_new_leaves_is_the_head_that_is_left(clinic: Clinic) -> None:
    with two_more(clinic) as left:
        continued = signing(clinic).continued_by(left)

        assert continued.head == left.head
        assert (continued.peaks.size, continued.peaks.root) == (left.head.size, left.head.root)


@each_wrong
def test_a_head_that_is_anything_else_is_refused(clinic: Clinic, change: Change) -> None:
    with two_more(clinic) as left, pytest.raises(TamperDetected) as refused:
        signing(clinic).continued_by(change(left))

    assert refused.value.code == "tree-root"
    assert f"first {clinic.store.head().size} entries" in refused.value.message


def test_a_head_over_tiles_that_were_changed_since_they_were_signed_is_refused(clinic: Clinic) -> None:
    """The store is consistent in itself then: only who remembers what was signed can notice."""
    checkpointing, other = signing(clinic), Clinic(seed="another")
    other.open()
    with two_more(other) as left, pytest.raises(TamperDetected) as refused:
        checkpointing.continued_by(left)

    assert refused.value.code == "tree-root"


def test_asking_changes_nothing(clinic: Clinic) -> None:
    checkpointing = signing(clinic)
    with two_more(clinic) as left:
        for change in WRONG.values():
            with pytest.raises(TamperDetected):
                checkpointing.continued_by(change(left))
        assert checkpointing.continued_by(left).peaks.root == left.head.root
        assert checkpointing.continued_by(left).peaks.root == left.head.root


class WrongAtTheEnd(MemoryStore):
    """A store whose transactions say that they leave something else."""

    change: Change | None = None

    @contextmanager
    def writing(self) -> Iterator[Any]:
        with super().writing() as writing:
            yield _Ending(writing, self.change) if self.change else writing


class _Ending:
    def __init__(self, writing: Any, change: Change) -> None:
        self._writing, self._change = writing, change

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writing, name)

    def finish(self) -> Left:
        return self._change(self._writing.finish())


@each_wrong
def test_then_nothing_is_committed_and_nothing_signed(change: Change) -> None:
    store, head_store = WrongAtTheEnd(ORIGIN), MemoryHeadStore()
    clinic = Clinic(store, head_store).open()
    before = store.head(), head_store.read(), store.latest_checkpoint()
    both = [clinic.submission(check(systolic), SLOT_A, [NURSE]) for systolic in (120, 130)]

    store.change = change
    with pytest.raises(TamperDetected) as refused:
        clinic.recorder.record(both)

    assert refused.value.code == "tree-root"
    assert (store.head(), head_store.read(), store.latest_checkpoint()) == before
    store.change = None
    assert [each.position for each in clinic.recorder.record(both)] == [before[0].size, before[0].size + 1]
