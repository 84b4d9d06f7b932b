"""
The rows of every session: one for each event that belongs to it, whoever's record it stands on.

Beside the facts of both partners and the joint ones these are the containers handed in and out for it.
A row keeps what its signers, device and ledger said of the time, and the sentence of what happened.
What was refused is kept under the tag of the record it was for, as the refusal names it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

from ledger.events import EVENT_TYPES
from ledger.events.base import Event
from ledger.events.corrections import LateEntryDeclared
from ledger.events.expired import NoLongerKept
from ledger.events.fields import EXPIRED
from ledger.events.keys import KeyRevoked
from ledger.events.lifecycle import SessionPhaseChanged, SessionRescheduled, SessionScheduled
from ledger.events.stock import OwnMedicationCheckedIn, OwnMedicationCheckedOut
from ledger.reading import PlacedEvent, stream_kind
from ledger.transcribed import may_be_transcribed
from projections.correction_phrases import correction_phrase
from projections.joint_phrases import JointPhrase, joint_phrase
from projections.key_marks import REVOCATIONS, keys_of, revocation_rows
from projections.names import NAMED, NAMES, name_rows
from projections.partner_phrases import partner_phrase
from projections.readings import abnormal_marks
from projections.refusals import REFUSALS, TAGS, tag_rows
from projections.said import local_moment
from projections.said_about import RESTATED, restated_rows
from projections.sources import CORRECTING, SECONDS, SOURCES, source_rows
from projections.view import Statement, Table, View, insert

PLANS = Table(
    "plan",
    "position INTEGER PRIMARY KEY, at TEXT NOT NULL, session TEXT NOT NULL, location TEXT NOT NULL, mode TEXT NOT NULL,"
    " planned_start TEXT NOT NULL",
    ("session", "location"),
)
"""When, where and how a session is planned anew; the last of them counts."""

SESSION_STREAMS = ("session", "partner")

READS: tuple[type[Event], ...] = (
    NoLongerKept,
    *(kind for kind in EVENT_TYPES.values() if kind.STREAM in SESSION_STREAMS),
    OwnMedicationCheckedOut,
    KeyRevoked,
    *NAMED,
    *CORRECTING,
    *REFUSALS,
    LateEntryDeclared,
    *(kind for kind in EVENT_TYPES.values() if any(signer.when == "later" for signer in kind.SIGNERS)),
)
"""
Every type that stands on a session's records, also one that has no sentence of its own yet.

Of other records what may still lack a signature is kept, without a row.
"""

_FROM_PAPER = tuple(kind for kind in EVENT_TYPES.values() if kind not in READS and may_be_transcribed(kind))
"""Of these only what was typed from a sheet is kept: it lacks the signature of whom the sheet names."""


@cache
def _is_kept_from_paper_alone(kind: type[Event]) -> bool:
    return issubclass(kind, _FROM_PAPER)


def fold(placed: PlacedEvent) -> Iterator[Statement]:
    """The rows of one event."""
    if isinstance(placed.event, NoLongerKept):
        yield from expired_rows(placed)
        return
    if not placed.performed and _is_kept_from_paper_alone(type(placed.event)):
        return
    yield from source_rows(placed)
    yield from restated_rows(placed)
    yield from name_rows(placed)
    yield from revocation_rows(placed)
    event = placed.event
    if isinstance(event, SessionScheduled):
        yield insert(
            "session",
            position=placed.position,
            at=placed.payload.occurred.at,
            session=placed.stream,
            couple=event.couple,
            location=event.location,
            ordinal=event.ordinal,
            mode=event.mode,
            planned_start=event.planned_start,
        )
    yield from plan_rows(placed)
    yield from tag_rows(placed)
    if isinstance(event, REFUSALS):
        yield _row(placed, event.record)
    elif isinstance(event, OwnMedicationCheckedIn | OwnMedicationCheckedOut):
        yield _row(placed, event.session)
    elif stream_kind(placed.stream) in SESSION_STREAMS:
        yield _row(placed, "/".join(placed.stream.split("/")[:2]))


def expired_rows(placed: PlacedEvent) -> Iterator[Statement]:
    """Of an entry of a session that is no longer kept: that it was there, and the word in the place of all it said."""
    if stream_kind(placed.stream) in SESSION_STREAMS:
        at, session = placed.payload.occurred.at, "/".join(placed.stream.split("/")[:2])
        yield insert("expired", position=placed.position, at=at, session=session)
        yield _row(placed, session)


def plan_rows(placed: PlacedEvent) -> Iterator[Statement]:
    """The row of a session that is planned anew."""
    event = placed.event
    if isinstance(event, SessionRescheduled):
        yield insert(
            "plan",
            position=placed.position,
            at=placed.payload.occurred.at,
            session=placed.stream,
            location=event.location,
            mode=event.mode,
            planned_start=event.planned_start,
        )


def phrase_of(placed: PlacedEvent) -> JointPhrase:
    """The sentence of an event; a type without one is shown by its name, for staff only if it is joint."""
    if isinstance(placed.event, NoLongerKept):
        slot = placed.stream[-1] if stream_kind(placed.stream) == "partner" else "both"
        return JointPhrase(slot, EXPIRED.why)
    if isinstance(placed.event, (*CORRECTING, LateEntryDeclared)):
        return correction_phrase(placed)
    if type(placed.event).STREAM == "partner":
        return JointPhrase(placed.stream[-1], partner_phrase(placed) or _type_in_words(placed))
    return joint_phrase(placed) or JointPhrase("unknown", _type_in_words(placed))


def _row(placed: PlacedEvent, session: str) -> Statement:
    payload, phrase = placed.payload, phrase_of(placed)
    event = placed.event
    return insert(
        "row",
        position=placed.position,
        session=session,
        at=payload.occurred.at,
        local=local_moment(payload.occurred),
        precision=payload.occurred.precision,
        type=payload.type,
        slot=phrase.slot,
        phrase=phrase.joint,
        phrase_a=phrase.a,
        phrase_b=phrase.b,
        phase=event.phase if isinstance(event, SessionPhaseChanged) else "",
        marks=json.dumps(abnormal_marks(event)),
        signed=json.dumps([[signer.by, signer.role, signer.meaning] for signer in placed.signed_by]),
        keys=keys_of(payload),
    )


def _type_in_words(placed: PlacedEvent) -> str:
    return placed.payload.type.partition("/")[0].replace("-", " ")


SESSIONS = View(
    name="session_timeline",
    version=8,
    tables=(
        NAMES,
        REVOCATIONS,
        SOURCES,
        SECONDS,
        RESTATED,
        Table(
            "session",
            "position INTEGER PRIMARY KEY, at TEXT NOT NULL, session TEXT NOT NULL, couple TEXT NOT NULL,"
            " location TEXT NOT NULL, ordinal INTEGER NOT NULL, mode TEXT NOT NULL,"
            " planned_start TEXT NOT NULL",
            ("session", "couple", "location"),
        ),
        PLANS,
        TAGS,
        Table("expired", "position INTEGER PRIMARY KEY, at TEXT NOT NULL, session TEXT NOT NULL", ("session",)),
        Table(
            "row",
            "position INTEGER PRIMARY KEY, session TEXT NOT NULL, at TEXT NOT NULL, local TEXT NOT NULL,"
            " precision TEXT NOT NULL, type TEXT NOT NULL, slot TEXT NOT NULL, phrase TEXT NOT NULL,"
            " phrase_a TEXT NOT NULL, phrase_b TEXT NOT NULL, phase TEXT NOT NULL, marks TEXT NOT NULL,"
            " signed TEXT NOT NULL, keys TEXT NOT NULL",
            ("session, at", "type, session, at, slot"),
        ),
    ),
    reads=(*READS, *_FROM_PAPER),
    fold=fold,
)
