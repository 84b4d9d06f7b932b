"""
The facts a couple's course is told from: for each partner apart what was given, measured and signed.

What one partner lets the other know is kept with them, with the word that stands for a value that is gone.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.afterwards import FollowUpContactMade
from ledger.events.arrival import ParticipantCheckedIn, PreDoseAssessed
from ledger.events.dosing import DoseAdministered, DoseDeclined
from ledger.events.emergencies import LeftAgainstAdvice, ParticipantTransferred
from ledger.events.keys import KeyRevoked
from ledger.events.lifecycle import SessionCancelled, SessionClosed, SessionOpened, SessionRescheduled, SessionScheduled
from ledger.events.measures import BloodPressure
from ledger.events.people import CoupleRegistered, SharingPreferenceRecorded
from ledger.events.release import DischargeAssessed, ParticipantDeparted, ReleaseAuthorised
from ledger.events.supervision import SupervisionChecked
from ledger.reading import PlacedEvent
from projections.key_marks import REVOCATIONS, keys_of, revocation_rows
from projections.names import NAMED, NAMES, name_rows
from projections.said import local_moment, said, until, yes_no
from projections.said_about import RESTATED, restated_rows
from projections.session_rows import PLANS, plan_rows
from projections.sources import CORRECTING, SECONDS, SOURCES, source_rows
from projections.view import Statement, Table, View, insert


def fold(placed: PlacedEvent) -> Iterator[Statement]:
    """The rows of one event."""
    yield from source_rows(placed)
    yield from restated_rows(placed)
    yield from name_rows(placed)
    yield from revocation_rows(placed)
    match event := placed.event:
        case CoupleRegistered():
            yield insert(
                "couple",
                position=placed.position,
                at=placed.payload.occurred.at,
                couple=placed.stream,
                person_a=said(event.person_a),
                person_b=said(event.person_b),
            )
        case SharingPreferenceRecorded():
            yield insert(
                "sharing",
                position=placed.position,
                at=placed.payload.occurred.at,
                person=placed.stream,
                couple=said(event.couple),
                attendance=said(event.attendance, yes_no),
                dosed=said(event.dosed, yes_no),
                dose=said(event.dose, yes_no),
                vitals=said(event.vitals, yes_no),
            )
        case SessionScheduled():
            yield insert(
                "session",
                position=placed.position,
                at=placed.payload.occurred.at,
                session=placed.stream,
                couple=event.couple,
                location=event.location,
                ordinal=event.ordinal,
                planned_start=event.planned_start,
            )
        case _:
            yield from _fact(placed)


def _fact(placed: PlacedEvent) -> Iterator[Statement]:
    match event := placed.event:
        case SessionRescheduled():
            yield from plan_rows(placed)
            yield _row(placed, "scheduled")
        case SessionCancelled():
            yield _row(placed, "cancelled")
        case SessionOpened():
            yield _row(placed, "opened")
        case SessionClosed():
            yield _row(placed, "closed")
        case ParticipantCheckedIn():
            yield _row(placed, "attended")
        case DoseAdministered():
            yield _row(placed, "dose", event.mass.value)
        case DoseDeclined():
            yield _row(placed, "declined")
        case PreDoseAssessed() | SupervisionChecked() | DischargeAssessed():
            pressure = said(event.blood_pressure, _pressure, "")
            if pressure:
                yield _row(placed, "pressure", pressure)
        case ReleaseAuthorised():
            yield _row(placed, "released", until(event.no_drive_until))
        case ParticipantDeparted():
            yield _row(placed, "departed")
        case ParticipantTransferred():
            yield _row(placed, "departed", "transferred")
        case LeftAgainstAdvice():
            yield _row(placed, "departed", "against advice")
        case FollowUpContactMade():
            reached = said(event.reached, lambda value: "reached" if value else "not reached")
            yield _row(placed, "followed-up", reached)


def _row(placed: PlacedEvent, kind: str, words: str = "") -> Statement:
    _, number, *slot = placed.stream.split("/")
    return insert(
        "fact",
        position=placed.position,
        session=f"session/{number}",
        slot=slot[0] if slot else "both",
        at=placed.payload.occurred.at,
        local=local_moment(placed.payload.occurred),
        kind=kind,
        words=words,
        keys=keys_of(placed.payload),
    )


def _pressure(pressure: BloodPressure) -> str:
    return f"{pressure.systolic}/{pressure.diastolic}"


COUPLE_HISTORY = View(
    name="couple_history",
    version=5,
    tables=(
        NAMES,
        REVOCATIONS,
        SOURCES,
        SECONDS,
        RESTATED,
        Table(
            "couple",
            "position INTEGER PRIMARY KEY, at TEXT NOT NULL, couple TEXT NOT NULL, person_a TEXT NOT NULL,"
            " person_b TEXT NOT NULL",
            ("couple",),
        ),
        Table(
            "sharing",
            "position INTEGER PRIMARY KEY, at TEXT NOT NULL, person TEXT NOT NULL, couple TEXT NOT NULL,"
            " attendance TEXT NOT NULL, dosed TEXT NOT NULL, dose TEXT NOT NULL, vitals TEXT NOT NULL",
            ("person",),
        ),
        Table(
            "session",
            "position INTEGER PRIMARY KEY, at TEXT NOT NULL, session TEXT NOT NULL, couple TEXT NOT NULL,"
            " location TEXT NOT NULL, ordinal INTEGER NOT NULL, planned_start TEXT NOT NULL",
            ("couple",),
        ),
        PLANS,
        Table(
            "fact",
            "position INTEGER PRIMARY KEY, session TEXT NOT NULL, slot TEXT NOT NULL, at TEXT NOT NULL,"
            " local TEXT NOT NULL, kind TEXT NOT NULL, words TEXT NOT NULL, keys TEXT NOT NULL",
            ("session, at",),
        ),
    ),
    reads=(
        *NAMED,
        KeyRevoked,
        SharingPreferenceRecorded,
        SessionScheduled,
        SessionRescheduled,
        SessionCancelled,
        SessionOpened,
        SessionClosed,
        ParticipantCheckedIn,
        PreDoseAssessed,
        DoseAdministered,
        DoseDeclined,
        SupervisionChecked,
        DischargeAssessed,
        ReleaseAuthorised,
        ParticipantDeparted,
        ParticipantTransferred,
        LeftAgainstAdvice,
        FollowUpContactMade,
        *CORRECTING,
    ),
    fold=fold,
)
