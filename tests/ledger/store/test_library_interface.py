"""The reading interface of the eventsourcing library, as its readers expect it, over a ledger's file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from eventsourcing.persistence import ApplicationRecorder, NotSupportedError, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from ledger.store.sqlite import SQLiteStore, open_sqlite
from ledger.tlog.heads import heads_entry
from tests.ledger.store_contract import ANNA, BEN, ORIGIN, new_event, record


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SQLiteStore]:
    """Six events and, at position 3, a heads entry."""
    with closing(open_sqlite(tmp_path / "clinic.ledger", ORIGIN, create=True)) as store:
        record(store, "anna 1", "anna 2", stream=ANNA)
        record(store, "ben 1", stream=BEN)
        with store.writing() as writing:
            writing.append_heads(heads_entry(2, bytes(32), 3))
        record(store, "anna 3", "anna 4", stream=ANNA)
        record(store, "ben 2", stream=BEN)
        yield store


@pytest.fixture
def recorder(store: SQLiteStore) -> ApplicationRecorder:
    return store.recorder


def test_the_recorder_is_one_of_the_library(recorder: ApplicationRecorder) -> None:
    assert isinstance(recorder, SQLiteApplicationRecorder)


def test_a_stream_is_read_as_the_events_of_an_originator(recorder: ApplicationRecorder) -> None:
    events = recorder.select_events(ANNA)

    assert events[0] == StoredEvent(ANNA, 1, "dose-administered/1", new_event("anna 1").envelope)
    assert [event.originator_version for event in events] == [1, 2, 3, 4]
    assert [e.originator_version for e in recorder.select_events(ANNA, gt=1, lte=3, desc=True)] == [3, 2]
    assert [e.originator_version for e in recorder.select_events(ANNA, limit=2)] == [1, 2]
    assert recorder.select_events("session/none") == []


def test_notification_ids_are_positions_from_one_without_the_heads_entries(
    recorder: ApplicationRecorder,
) -> None:
    notifications = recorder.select_notifications(start=None, limit=100)

    assert [n.id for n in notifications] == [1, 2, 3, 5, 6, 7]
    assert [n.state for n in notifications][3] == new_event("anna 3").envelope
    assert recorder.max_notification_id() == 7


def test_notifications_are_selected_as_the_library_selects_them(recorder: ApplicationRecorder) -> None:
    def ids(start: int | None, limit: int = 100, stop: int | None = None, *, inclusive: bool = True) -> list[int]:
        found = recorder.select_notifications(start, limit, stop, inclusive_of_start=inclusive)
        return [n.id for n in found]

    assert ids(3) == [3, 5, 6, 7]
    assert ids(3, inclusive=False) == [5, 6, 7]
    assert ids(2, stop=6) == [2, 3, 5, 6]
    assert ids(2, limit=2) == [2, 3]
    assert ids(8) == []


def test_notifications_are_selected_by_topic(recorder: ApplicationRecorder) -> None:
    def count(*topics: str) -> int:
        return len(recorder.select_notifications(1, 100, topics=topics))

    assert count("dose-administered/1", "other/1") == 6
    assert count("other/1") == 0


def test_an_empty_ledger_has_no_notification(tmp_path: Path) -> None:
    with closing(open_sqlite(tmp_path / "empty.ledger", ORIGIN, create=True)) as store:
        assert store.recorder.max_notification_id() is None
        assert store.recorder.select_notifications(None, 10) == []


def test_the_librarys_plain_recorder_reads_the_file_as_its_own(store: SQLiteStore, tmp_path: Path) -> None:
    with closing(SQLiteDatastore(str(tmp_path / "clinic.ledger"), originator_id_type="text")) as datastore:
        plain = SQLiteApplicationRecorder(datastore)

        assert plain.select_events(ANNA) == store.recorder.select_events(ANNA)
        assert plain.select_notifications(2, 3) == store.recorder.select_notifications(2, 3)
        assert plain.max_notification_id() == 7


def test_events_do_not_enter_past_the_tree(recorder: ApplicationRecorder, store: SQLiteStore) -> None:
    event = StoredEvent(ANNA, 5, "dose-administered/1", b"envelope")

    with pytest.raises(NotSupportedError):
        recorder.insert_events([event])
    with store.recorder.datastore.transaction(commit=True) as c, pytest.raises(NotSupportedError):
        store.recorder._insert_events(c, [event])

    assert store.head().size == 7


def test_there_are_no_subscriptions_to_a_file(recorder: ApplicationRecorder) -> None:
    with pytest.raises(NotImplementedError):
        recorder.subscribe()
