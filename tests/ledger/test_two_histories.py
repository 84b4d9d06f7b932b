"""Two histories under one log key: signing stops for its own signature, durably, and for nothing less."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.bracket import root_of_first
from ledger.errors import Invalid, TamperDetected
from ledger.store.head_store import FileHeadStore, HeadStore, MemoryHeadStore
from ledger.tlog.checkpoint import Checkpoint, sign_checkpoint
from ledger.tlog.note import LogSigner
from tests.ledger.clinic import ORIGIN, Clinic


@pytest.fixture(params=["file", "memory"])
def clinic(request: pytest.FixtureRequest, tmp_path: Path) -> Clinic:
    heads: HeadStore = FileHeadStore(tmp_path / "head") if request.param == "file" else MemoryHeadStore()
    return Clinic(head_store=heads).open()


def note(clinic: Clinic, size: int, root: bytes | None = None, signer: LogSigner | None = None) -> bytes:
    true = root_of_first(size, clinic.store.read_tile) if root is None else root
    return sign_checkpoint(Checkpoint(ORIGIN, size, true), (signer or clinic.signer,))


def test_every_checkpoint_of_this_history_agrees(clinic: Clinic) -> None:
    for size in range(1, clinic.store.head().size + 1):
        assert clinic.recorder.hand_in(note(clinic, size)).size == size
    clinic.dose()


@pytest.mark.parametrize("ahead", [0, 1, 100], ids=["the same size", "one more", "many more"])
def test_another_root_or_more_than_was_ever_signed_stops_the_signing(clinic: Clinic, ahead: int) -> None:
    size = clinic.store.head().size

    with pytest.raises(TamperDetected) as caught:
        clinic.recorder.hand_in(note(clinic, size + ahead, b"\1" * 32))

    assert caught.value.code == "two-histories"
    with pytest.raises(TamperDetected, match="two-histories"):
        clinic.dose()
    assert clinic.store.head().size == size


def test_it_stays_stopped_after_a_restart_and_keeps_the_first_note(clinic: Clinic) -> None:
    first = note(clinic, 3, b"\1" * 32)
    with pytest.raises(TamperDetected):
        clinic.recorder.hand_in(first)

    with pytest.raises(TamperDetected, match="two-histories"):
        clinic.restart()
    clinic.head_store.stop(note(clinic, 3, b"\2" * 32))
    assert clinic.head_store.stopped_by() == first


def test_another_process_stops_too(tmp_path: Path) -> None:
    clinic = Clinic(head_store=FileHeadStore(tmp_path / "head")).open()
    FileHeadStore(tmp_path / "head").stop(b"a note")

    with pytest.raises(TamperDetected, match="two-histories"):
        clinic.dose()


def test_no_head_is_signed_once_it_is_stopped_whoever_asks(clinic: Clinic) -> None:
    before = clinic.head_store.read()
    clinic.head_store.stop(b"a note")
    assert before is not None

    with pytest.raises(TamperDetected, match="two-histories"):
        clinic.head_store.advance(before, type(before)(ORIGIN, before.size + 1, b"\3" * 32))
    assert clinic.head_store.read() == before


@pytest.mark.parametrize("size", [3, 500])
def test_a_contradiction_that_our_key_has_not_signed_stops_nothing(clinic: Clinic, size: int) -> None:
    stranger = LogSigner(ORIGIN, b"\7" * 32)

    with pytest.raises(Invalid, match="note-unsigned"):
        clinic.recorder.hand_in(note(clinic, size, b"\1" * 32, stranger))
    clinic.dose()


def test_what_is_no_note_stops_nothing(clinic: Clinic) -> None:
    for text in (b"", b"nonsense", note(clinic, 3)[:-2]):
        with pytest.raises(Invalid):
            clinic.recorder.hand_in(text)
    clinic.dose()


def test_people_may_lift_it_by_moving_the_note_away(tmp_path: Path) -> None:
    clinic = Clinic(head_store=FileHeadStore(tmp_path / "head")).open()
    clinic.head_store.stop(b"a note")
    (tmp_path / "head.stopped").rename(tmp_path / "papers")

    clinic.restart()
    clinic.dose()
