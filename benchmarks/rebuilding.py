"""
Every view built from nothing, by ours and by the library's `ProjectionRunner`, from the same events.

The library has its events in PostgreSQL, where its subscriptions are, and writes the same rows of the same fold there.
Both read every event: a view here asserts that none is missing. What is sealed with us stands open with the library.
"""

from __future__ import annotations

import secrets
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.resources import as_file, files
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import Tracking
from eventsourcing.projection import Projection, ProjectionRunner

from api.folder import OpenLedger
from api.play_story import play_story
from api.story.script import read_script
from benchmarks.figure import Figure, at_least
from benchmarks.postgres import missing, postgres, version
from benchmarks.rounds import Took, in_turn
from ledger.block import parse_block
from ledger.entry import parse_event_entry
from ledger.envelope import parse_envelope
from ledger.follow import events_from, rows_between
from ledger.reading import PlacedEvent, read_event
from projections import VIEWS
from projections.runner import Runner
from projections.tables import ViewDatabase
from projections.view import View

STORY, AIM = "six-sessions", 20.0
"""The story whose log is read, and how many times the library's rate a view has to reach."""

_COUNT = "SELECT count(*) AS rows FROM [table_name]"
_AT_ONCE = 10
"""Events saved together: with many hundred kilobytes at once the driver's pipeline waits for itself."""

_WHOSE = UUID("00000000-0000-4000-8000-000000000001")


class Kept(Aggregate):
    """One record of the library, with all the events of a ledger in it."""

    class Happened(Aggregate.Event):
        position: int
        entry: str
        envelope: str
        texts: dict[str, str]


def rebuilding(folder: Path, rounds: int) -> Iterator[Figure]:
    """Entries a second, view by view; nothing where there is no PostgreSQL to compare with, and a loud word."""
    if lacking := missing():
        print(f"\n*** NOT MEASURED: rebuild beside the library: {lacking} ***\n", file=sys.stderr, flush=True)
        return
    with as_file(files("api") / "stories") as stories:
        opened = play_story(read_script(stories / f"{STORY}.yaml"), folder, secrets.token_bytes).ledger
    size, numbers = opened.store.head().size, count()
    with postgres() as env:
        last = _kept_by_the_library(opened, size, env)
        for view in VIEWS:
            took = in_turn(
                {
                    "library": lambda view=view: _library(view, opened, env, last, f"build{next(numbers)}"),
                    "ours": lambda view=view: _ours(view, opened, folder / f"views-{next(numbers)}.db"),
                },
                rounds,
            )
            yield from _figures(view, size, took["library"].wall, Took(took["ours"].wall, took["ours"].cpu))
    opened.store.close()


def _figures(view: View, size: int, library: float, ours: Took) -> Iterator[Figure]:
    title = f"`ProjectionRunner` builds {view.name} of {size} entries, {version()}"
    yield Figure(f"rebuild.{view.name}.library", title, size / library, "entries/s")
    ratio = library / ours.wall
    yield Figure(
        f"rebuild.{view.name}",
        f"**ours**: {view.name}",
        size / ours.wall,
        "entries/s",
        size / ours.cpu,
        "the library's `ProjectionRunner`",
        ratio,
        f"at least {AIM:g} x",
        at_least(AIM, ratio),
    )


def _ours(view: View, opened: OpenLedger, path: Path) -> int:
    database = ViewDatabase(path)
    try:
        return Runner(database, opened.store, opened.subject_keys, [view]).catch_up()
    finally:
        database.close()


def _rows(view: View, opened: OpenLedger) -> list[int]:
    """How many rows ours has in each table, which are as many as the library has, or it is not the same view."""
    said = (view.statements(placed) for placed in events_from(opened.store, opened.subject_keys, 0, 1_000_000))
    into = Counter(each.sql.partition("[")[2].partition("]")[0] for statements in said for each in statements)
    return [into[table.name] for table in view.tables]


def _kept_by_the_library(opened: OpenLedger, size: int, env: dict[str, str]) -> int:
    """The events of the ledger, saved as the library saves its own; the number of the last one."""
    application: Application[UUID] = Application(env)
    said = (row for row in rows_between(opened.store, opened.subject_keys, 0, size) if row.envelope is not None)
    events = [
        Kept.Happened(
            originator_id=_WHOSE,
            originator_version=number,
            timestamp=datetime.now(UTC),
            position=row.position,
            entry=row.entry.decode(),
            envelope=row.envelope.decode() if row.envelope else "",
            texts={digest: text for digest, text in row.blocks.items() if isinstance(text, str)},
        )
        for number, row in enumerate(said, 1)
    ]
    for at in range(0, len(events), _AT_ONCE):
        some = events[at : at + _AT_ONCE]
        application.recorder.insert_events([application.mapper.to_stored_event(event) for event in some])
    last = application.recorder.max_notification_id()
    application.close()
    assert last is not None
    return last


def _library(view: View, opened: OpenLedger, env: dict[str, str], last: int, name: str) -> Took:
    """One view built by the library in tables of its own, as long as it takes and no longer."""
    rows_class, projection_class = _classes(view, name)
    began = time.perf_counter()
    with ProjectionRunner(
        application_class=Application[UUID], projection_class=projection_class, view_class=rows_class, env=env
    ) as runner:
        runner.wait(last, timeout=600)
        took = time.perf_counter() - began
        rows = runner.view.rows()
    assert rows == _rows(view, opened), view.name
    return Took(took, took)


def _classes(view: View, name: str) -> tuple[type[Any], type[Projection[Any]]]:
    """The library's two classes for a view: where its rows are, and what an event does to them."""
    from eventsourcing.postgres import PostgresTrackingRecorder  # noqa: PLC0415  # only where psycopg is
    from psycopg.sql import SQL  # noqa: PLC0415

    in_postgres = _spelled(view, name)

    class Rows(PostgresTrackingRecorder):  # type: ignore[misc,unused-ignore]
        """The rows of the view, written in one transaction with the place they were read at."""

        def __init__(self, datastore: Any, **options: Any) -> None:
            super().__init__(datastore, **options)
            self.sql_create_statements += [SQL(each) for each in _tables(view, in_postgres)]  # type: ignore[arg-type,unused-ignore]

        def take(self, placed: PlacedEvent, tracking: Tracking) -> None:
            """What this event changes."""
            statements = view.statements(placed)
            with self.datastore.transaction(commit=True) as cursor:
                for each in statements:
                    cursor.execute(in_postgres(each.sql), each.parameters, prepare=True)  # type: ignore[call-overload,unused-ignore]
                self._insert_tracking(cursor, tracking)

        def rows(self) -> list[int]:
            """How many rows there are in each table."""
            counts = []
            with self.datastore.transaction() as cursor:
                for table in view.tables:
                    cursor.execute(in_postgres(_COUNT.replace("table_name", table.name)))  # type: ignore[call-overload,unused-ignore]
                    found = cursor.fetchone()
                    counts.append(found["rows"] if found else 0)
            return counts

    class Following(Projection[Rows]):
        """Reads an event as a view of ours reads it, and hands it on."""

        name = ""

        def process_event(self, domain_event: Any, tracking: Tracking) -> None:
            self.view.take(_placed(domain_event), tracking)

    Following.name = name
    return Rows, Following


def _placed(happened: Any) -> PlacedEvent:
    """As `ledger.follow` makes it of a row whose blocks are open."""
    envelope, entry = parse_envelope(happened.envelope.encode()), parse_event_entry(happened.entry.encode())
    event = read_event(envelope.payload, {digest: parse_block(text) for digest, text in happened.texts.items()})
    return PlacedEvent(happened.position, entry.version, entry.received_at, envelope.dig, envelope.payload, event, ())


def _spelled(view: View, name: str) -> Callable[[str], str]:
    """SQL of a view in the words of PostgreSQL, about tables of this name."""
    known: dict[str, str] = {}

    def in_postgres(text: str) -> str:
        if text not in known:
            with_tables = view.sql(text, 0).replace(f'"{view.name}', f'"{name}')
            known[text] = with_tables.replace("?", "%s").replace(" INTEGER", " BIGINT").replace(" BLOB", " BYTEA")
        return known[text]

    return in_postgres


def _tables(view: View, in_postgres: Callable[[str], str]) -> Sequence[str]:
    made = []
    for table in view.tables:
        made.append(in_postgres(f"CREATE TABLE [{table.name}] ({table.columns})"))
        for columns in table.indexes:
            of, _, only = columns.partition(" WHERE ")
            made.append(in_postgres(f"CREATE INDEX ON [{table.name}] ({of})") + (f" WHERE {only}" if only else ""))
    return made
