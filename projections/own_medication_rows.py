"""
What moved participants' own medication: handed in, taken as a dose, handed back.

Only open fields are counted, so the sheet is complete for every reader; whose a container is stands in a
sealed block, and here only as the slot of the participant who signed when it was handed in.
A dose from any container is kept: one that was never handed in must be seen.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.dosing import DoseAdministered
from ledger.events.lifecycle import SessionScheduled
from ledger.events.stock import OwnMedicationCheckedIn, OwnMedicationCheckedOut
from ledger.reading import PlacedEvent
from ledger.vocabulary import Slot
from projections.joint_phrases import owner_slot
from projections.names import NAMED, NAMES, name_rows
from projections.said import local_moment
from projections.sources import CORRECTING, SOURCES, source_row
from projections.view import Statement, Table, Value, View, insert


def fold(placed: PlacedEvent) -> Iterator[Statement]:
    """The rows of one event."""
    yield source_row(placed)
    yield from name_rows(placed)
    match event := placed.event:
        case SessionScheduled():
            yield insert("session", position=placed.position, session=placed.stream, couple=event.couple)
        case OwnMedicationCheckedIn():
            yield _movement(
                placed,
                "handed-in",
                placed.stream,
                owner_slot(placed),
                event.session,
                units=event.count,
                strength=event.strength.value,
                product=f"{event.drug} {event.form}",
            )
        case OwnMedicationCheckedOut():
            yield _movement(placed, "handed-back", placed.stream, owner_slot(placed), event.session, units=event.count)
        case DoseAdministered():
            slot: Slot = "a" if placed.stream.endswith("/a") else "b"
            session = placed.stream.rpartition("/")[0]
            yield _movement(placed, "dose", event.container, slot, session, mg=event.mass.value)


def _movement(placed: PlacedEvent, kind: str, container: str, slot: str, session: str, **amounts: Value) -> Statement:
    values: dict[str, Value] = {"units": "", "mg": "", "strength": "", "product": "", **amounts}
    return insert(
        "movement",
        position=placed.position,
        container=container,
        at=placed.payload.occurred.at,
        local=local_moment(placed.payload.occurred),
        kind=kind,
        slot=slot,
        session=session,
        **values,
    )


OWN_MEDICATION = View(
    name="own_medication",
    version=2,
    tables=(
        NAMES,
        SOURCES,
        Table(
            "session",
            "position INTEGER PRIMARY KEY, session TEXT NOT NULL, couple TEXT NOT NULL",
            ("session",),
        ),
        Table(
            "movement",
            "position INTEGER PRIMARY KEY, container TEXT NOT NULL, at TEXT NOT NULL, local TEXT NOT NULL,"
            " kind TEXT NOT NULL, slot TEXT NOT NULL, session TEXT NOT NULL, units TEXT NOT NULL,"
            " mg TEXT NOT NULL, strength TEXT NOT NULL, product TEXT NOT NULL",
            ("container, at", "session"),
        ),
    ),
    reads=(SessionScheduled, OwnMedicationCheckedOut, DoseAdministered, *NAMED, *CORRECTING),
    fold=fold,
)
