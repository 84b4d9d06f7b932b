"""
The library's application recorder over the ledger's own tables.

What its readers know stays: `select_events`, `select_notifications` and `max_notification_id` give
`StoredEvent` and `Notification` with the stream as originator, the type as topic, and the envelope as state.
A notification's id is its position + 1; ids of heads entries, which are no events, are left out.
Writing goes through `Store.writing` alone, because a bare `StoredEvent` has no place in the tree.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from eventsourcing.persistence import IntegrityError, Notification, NotSupportedError, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteDatastore

from ledger.store.statements import in_rows, script, statement

_LAST_POSITION = 2**63 - 1


EventColumns: TypeAlias = "tuple[int, str, int, str, str, str, str, bytes, bytes, bytes]"
"""A row of the table `events`: position, stream, version, type, tag, id, content, leaf, entry and envelope."""


@dataclass(frozen=True)
class PositionedEvent(StoredEvent):
    """A stored event of the library with its place in the log and the keys it is found by."""

    position: int
    tag: str
    event_id: str
    dig: str
    leaf: bytes
    entry: bytes


class LedgerRecorder(SQLiteApplicationRecorder):
    """Events in the table `events`, read by the library through the view `stored_events`."""

    def __init__(self, datastore: SQLiteDatastore) -> None:
        """Use this datastore; creates nothing."""
        super().__init__(datastore, events_table_name="stored_events")
        self.select_max_notification_id_statement = statement("last_notification")

    def construct_create_table_statements(self) -> list[str]:
        """The tables, then the triggers that keep them append-only."""
        return [*script("schema"), *script("append_only")]

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: object) -> NoReturn:
        """
        Nothing.

        Raises:
            NotSupportedError: always.
        """
        count = len(stored_events)
        raise NotSupportedError(f"{count} events: they enter through Store.writing(), which grows the tree.")

    def _insert_events(self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **_: object) -> Sequence[int]:
        """
        The notification ids of events inserted inside the transaction of `c`.

        Raises:
            IntegrityError: the library's, when a key is repeated.
        """
        events = [event for event in stored_events if isinstance(event, PositionedEvent)]
        if len(events) < len(stored_events):
            raise NotSupportedError("An event without a position has no place in the ledger.")
        self.insert_rows(c, [_columns(event) for event in events])
        return [event.position + 1 for event in events]

    def insert_rows(self, c: SQLiteCursor, rows: Sequence[EventColumns]) -> None:
        """
        Insert events, ascending by position, inside the transaction of `c`.

        Raises:
            IntegrityError: the library's, when a key is repeated.
        """
        try:
            for sql, values in in_rows("insert_event", rows):
                c.execute(sql, values)
        except sqlite3.IntegrityError as error:
            raise IntegrityError(error) from error

    def create_in(self, c: SQLiteCursor) -> None:
        """Create the tables inside the transaction of `c`."""
        self._create_table(c)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Up to `limit` events by position, from the id `start` to the id `stop`, both included."""
        first = 0 if start is None else start - 1 if inclusive_of_start else start
        last = _LAST_POSITION if stop is None else stop - 1
        with self.datastore.transaction(commit=False) as c:
            if topics:
                c.execute(statement("notifications_of_topics"), (first, last, json.dumps(list(topics)), limit))
            else:
                c.execute(statement("notifications"), (first, last, limit))
            return [Notification(**row) for row in c.fetchall()]


def _columns(event: PositionedEvent) -> EventColumns:
    return (
        event.position,
        str(event.originator_id),
        event.originator_version,
        event.topic,
        event.tag,
        event.event_id,
        event.dig,
        event.leaf,
        event.entry,
        event.state,
    )
