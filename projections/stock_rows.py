"""
Which facts each container has: its own record's, the counts of its place, and the doses that name it.

The entries stand whole beside (`projections.sources`), and the balance is worked out from them when somebody asks
(`ledger.stock`), so a correction moves it as of the position it counts from, and what was known before stays known.
Only open fields are used, so a sheet is complete for every reader; whose a container is stands in a sealed block,
and is here only the slot of the participant who signed when it was handed in.
A dose from any container is kept: one that was never handed in must be seen.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.base import Event
from ledger.events.kept_amounts import AmountsKept
from ledger.events.keys import KeyRevoked
from ledger.events.lifecycle import SessionScheduled
from ledger.reading import PlacedEvent, stream_kind
from ledger.stock_facts import SHORTENED, STOCK_FACTS, containers_of, dose_of, doses_kept
from projections.key_marks import REVOCATIONS, revocation_rows
from projections.names import NAMED, NAMES, name_rows
from projections.said_about import RESTATED, restated_rows
from projections.sources import CORRECTING, SECONDS, SOURCES, source_rows
from projections.view import Statement, Table, View, insert


def fold(placed: PlacedEvent) -> Iterator[Statement]:
    """The rows of one event."""
    yield from source_rows(placed)
    yield from restated_rows(placed)
    yield from name_rows(placed)
    yield from revocation_rows(placed)
    event, at = placed.event, placed.payload.occurred.at
    if isinstance(event, SessionScheduled):
        yield insert("session", position=placed.position, at=at, session=placed.stream, couple=event.couple)
    elif isinstance(event, SHORTENED) and not containers_of(placed):
        taken = 0 if event.mass_taken.mg == 0 else 1
        yield insert("shortened", position=placed.position, at=at, dose=dose_of(event), taken=taken)
    elif isinstance(event, AmountsKept):
        for dose in doses_kept(placed):
            yield insert(
                "kept",
                position=dose.position,
                at=dose.payload.occurred.at,
                container=placed.stream,
                session=event.session,
                by_position=placed.position,
            )
    else:
        for container in containers_of(placed):
            yield insert("fact", position=placed.position, container=container, at=at, session=session_of(placed))


def session_of(placed: PlacedEvent) -> str:
    """The session a fact of a container belongs to, empty if it names none."""
    if stream_kind(placed.stream) == "partner":
        return placed.stream.rpartition("/")[0]
    session = getattr(placed.event, "session", None)
    return session if isinstance(session, str) else ""


READS: tuple[type[Event], ...] = (SessionScheduled, KeyRevoked, AmountsKept, *STOCK_FACTS, *NAMED, *CORRECTING)

STOCK = View(
    name="own_medication",  # its first name: a database that has the old rows is built anew beside them
    version=8,
    tables=(
        NAMES,
        SOURCES,
        SECONDS,
        RESTATED,
        REVOCATIONS,
        Table(
            "session",
            "position INTEGER PRIMARY KEY, at TEXT NOT NULL, session TEXT NOT NULL, couple TEXT NOT NULL",
            ("session", "couple"),
        ),
        Table(
            "fact",
            "position INTEGER NOT NULL, container TEXT NOT NULL, at TEXT NOT NULL, session TEXT NOT NULL,"
            " PRIMARY KEY (position, container)",
            ("container, at", "session"),
        ),
        Table(
            "kept",
            "position INTEGER NOT NULL, container TEXT NOT NULL, at TEXT NOT NULL, session TEXT NOT NULL,"
            " by_position INTEGER NOT NULL, PRIMARY KEY (position, container)",
            ("container",),
        ),
        Table(
            "shortened",
            "position INTEGER PRIMARY KEY, at TEXT NOT NULL, dose TEXT NOT NULL, taken INTEGER NOT NULL",
            ("dose",),
        ),
    ),
    reads=tuple(dict.fromkeys(READS)),
    fold=fold,
)
