"""What a writer remembers of its last transaction is true as long as nobody else has appended, and never after that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.entry import stream_tag
from ledger.store.port import Head, StreamEnd
from ledger.store.remembered import MOST, SELDOM, Remembered
from ledger.store.sqlite import SQLiteStore, open_sqlite
from ledger.tlog.tiles import RightEdge, edge_root, grow
from tests.ledger.store_contract import ANNA, BEN, ORIGIN, Boom, check_log, next_event, record

HEAD = Head(3, b"r" * 32, "2026-05-16T14:05:21.123456Z", 0)
EDGE = grow(RightEdge.empty(), [bytes([n]) * 32 for n in range(3)]).edge
DOSE = "dose-administered/1"
ERASURE, CORRECTION = SELDOM
KNOWN: dict[tuple[str, str], None] = {(ANNA, ERASURE): None}


def end(version: int) -> StreamEnd:
    return StreamEnd(version, bytes([version % 256]) * 32)


@pytest.fixture
def remembered() -> Remembered:
    return Remembered(HEAD, EDGE)


# -- by itself


@pytest.mark.parametrize(
    ("head", "same"),
    [
        (HEAD, True),
        (replace(HEAD, received_at=None, key_position=None), True),
        (replace(HEAD, size=4), False),
        (replace(HEAD, size=2), False),
        (replace(HEAD, root=b"s" * 32), False),
    ],
)
def test_it_is_of_a_head_of_the_same_size_and_root(remembered: Remembered, head: Head, same: bool) -> None:
    assert remembered.is_of(head) is same


def test_it_moves_on_with_what_was_committed(remembered: Remembered) -> None:
    grown = grow(EDGE, [b"x" * 32])
    head = replace(HEAD, size=4, root=edge_root(grown.edge))
    remembered.move(HEAD, EDGE, {"one": end(1), "two": end(7)}, [DOSE])

    remembered.move(head, grown.edge, {"two": end(8)}, [DOSE])

    assert (remembered.head, remembered.edge) == (head, grown.edge)
    assert remembered.is_of(head) and not remembered.is_of(HEAD)
    assert remembered.ends == {"one": end(1), "two": end(8)}


def test_the_streams_written_to_longest_ago_go_first(remembered: Remembered) -> None:
    remembered.move(HEAD, EDGE, {f"stream {n}": end(1) for n in range(MOST)}, [DOSE])
    remembered.move(HEAD, EDGE, {"stream 0": end(2)}, [DOSE])

    remembered.move(HEAD, EDGE, {"new": end(1), "newer": end(1)}, [DOSE])

    assert len(remembered.ends) == MOST
    assert {"stream 1", "stream 2"}.isdisjoint(remembered.ends)
    assert remembered.ends["stream 0"] == end(2)
    assert list(remembered.ends)[-2:] == ["new", "newer"]


def test_no_more_people_than_so_many_are_remembered_as_not_erased(remembered: Remembered) -> None:
    remembered.absent.update(dict.fromkeys((f"person/{n}", ERASURE) for n in range(MOST + 3)))

    remembered.move(HEAD, EDGE, {}, [DOSE])

    assert len(remembered.absent) == MOST
    assert ("person/2", ERASURE) not in remembered.absent and ("person/3", ERASURE) in remembered.absent


@pytest.mark.parametrize(("types", "kept"), [([DOSE], KNOWN), ([DOSE, ERASURE], {}), ([CORRECTION], {}), ([], KNOWN)])
def test_after_an_erasure_nobody_is_known_not_to_be_erased(
    remembered: Remembered, types: list[str], kept: dict[tuple[str, str], None]
) -> None:
    remembered.absent[ANNA, ERASURE] = None

    remembered.move(HEAD, EDGE, {"one": end(1)}, types)

    assert remembered.absent == kept
    assert remembered.ends == {"one": end(1)}


# -- in a store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clinic.ledger"


@pytest.fixture
def store(path: Path) -> Iterator[SQLiteStore]:
    with closing(open_sqlite(path, ORIGIN, create=True)) as opened:
        yield opened


def end_of(store: SQLiteStore, stream: str) -> StreamEnd | None:
    """Where a stream ends, as a writer is told."""
    with store.writing() as writing:
        return writing.stream_end(stream_tag(ORIGIN, stream))


def test_what_another_process_appended_to_a_remembered_stream_is_its_end(store: SQLiteStore, path: Path) -> None:
    record(store, "one", "two")
    with closing(open_sqlite(path)) as other:
        record(other, "three")
        theirs = end_of(other, ANNA)

    assert theirs is not None and theirs.version == 3
    assert end_of(store, ANNA) == theirs
    record(store, "four")
    check_log(store)


def test_an_erasure_by_another_process_is_not_missed(store: SQLiteStore, path: Path) -> None:
    with store.writing() as writing:
        assert not writing.has_event(ANNA, ERASURE)
        writing.append(next_event(writing, "one", stream=BEN))
    with closing(open_sqlite(path)) as other, other.writing() as writing:
        writing.append(replace(next_event(writing, "gone"), type=ERASURE))

    with store.writing() as writing:
        assert writing.has_event(ANNA, ERASURE)
        assert not writing.has_event(BEN, ERASURE)


def test_an_erasure_of_ones_own_is_not_missed_though_it_was_asked_before_in_the_same_turn(store: SQLiteStore) -> None:
    with store.writing() as writing:
        assert not writing.has_event(ANNA, ERASURE)
        writing.append(replace(next_event(writing, "gone"), type=ERASURE))

    with store.writing() as writing:
        assert writing.has_event(ANNA, ERASURE)


def test_what_was_undone_is_not_remembered(store: SQLiteStore) -> None:
    record(store, "one")
    before = end_of(store, ANNA)

    with suppress(Boom), store.writing() as writing:
        writing.append(next_event(writing, "never"))
        writing.finish()
        raise Boom

    assert end_of(store, ANNA) == before
    record(store, "two")
    assert [row.version for row in store.stream_rows(ANNA)] == [1, 2]
    check_log(store)


def test_a_writer_that_remembers_nothing_yet_reads_it_from_the_file(store: SQLiteStore, path: Path) -> None:
    record(store, "one", "two")
    last = store.stream_rows(ANNA)[-1]

    with closing(open_sqlite(path)) as again:
        assert end_of(again, ANNA) == StreamEnd(2, last.leaf)
