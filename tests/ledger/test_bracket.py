"""Brackets: between which instants an event was written; and checkpoints that are not of this log."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.bracket import Bracket, bracket, contradiction, root_of_first
from ledger.payload import NOTHING_SEEN, Seen
from ledger.tlog.tree import root_hash
from tests.ledger.clinic import Clinic

AT = "2026-05-16T14:05:00.000000Z"
SEEN_AT = "2026-05-16T13:00:00.000000Z"


@pytest.fixture(scope="module")
def clinic() -> Clinic:
    return Clinic().open()


def root_at(clinic: Clinic, size: int) -> bytes:
    return root_of_first(size, clinic.store.read_tile)


def test_an_event_is_no_older_than_what_its_device_knew_and_no_newer_than_its_receipt() -> None:
    assert bracket(Seen(root="0" * 64, size=7), AT, lambda size: SEEN_AT if size == 7 else None) == Bracket(SEEN_AT, AT)


def test_a_device_that_had_seen_nothing_bounds_nothing_from_below() -> None:
    assert bracket(NOTHING_SEEN, AT, lambda _: SEEN_AT) == Bracket(None, AT)


@given(st.data())
def test_every_size_the_log_ever_had_agrees_and_any_other_root_does_not(clinic: Clinic, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, clinic.store.head().size))
    root = root_at(clinic, size)
    wrong = bytes([root[0] ^ 1]) + root[1:]

    assert root == root_hash([row.leaf for row in clinic.store.rows(0, size)])
    assert contradiction(Seen(root=root.hex(), size=size), size, lambda n: root_at(clinic, n)) is None
    assert contradiction(Seen(root=wrong.hex(), size=size), size, lambda n: root_at(clinic, n)) == "other-root"


def test_more_entries_than_there_were_at_receipt_contradict_the_log_whatever_the_root(clinic: Clinic) -> None:
    seen = Seen(root=root_at(clinic, 5).hex(), size=5)

    assert contradiction(seen, 4, lambda n: root_at(clinic, n)) == "ahead-of-log"
    assert contradiction(seen, 5, lambda n: root_at(clinic, n)) is None


def test_who_had_seen_nothing_contradicts_nothing(clinic: Clinic) -> None:
    assert contradiction(NOTHING_SEEN, 0, lambda n: root_at(clinic, n)) is None
