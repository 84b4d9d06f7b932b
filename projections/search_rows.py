"""
What is searched: a row for each event of every record, and beside it the words it can be found by.

    row    position 42, session/6b7c…, slot a, 10:05, received 10:05:21, "100 mg sublingual from own-A"
    term   position 42  staff      staff/91d6…       position 42  container  stock/0e9f…
           position 42  signer     staff/91d6…       position 42  code       sublingual

Terms are identifiers and codes of open fields, of the record and of its signers; what is sealed is never a term.
Only who is in which slot is kept, apart from the terms, so that a person's record can be found by their number:
that goes with every other row when somebody is erased.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from ledger.events import EVENT_TYPES
from ledger.events.base import Event
from ledger.events.devices import SysSyncReceived
from ledger.events.expired import NoLongerKept
from ledger.events.fields import EXPIRED, FieldClass
from ledger.events.stock import OwnMedicationCheckedIn, OwnMedicationCheckedOut
from ledger.reading import PlacedEvent, stream_kind
from projections.joint_phrases import JointPhrase, joint_phrase
from projections.key_marks import REVOCATIONS, keys_of, revocation_rows
from projections.lateness import late_words
from projections.names import NAMES
from projections.readings import abnormal_marks
from projections.refusals import REFUSALS, TAGS, tag_rows
from projections.said import local_moment
from projections.said_about import RESTATED, restated_rows
from projections.session_rows import SESSION_STREAMS, phrase_of
from projections.sources import SECONDS, SOURCES, source_rows
from projections.view import Statement, Table, View, insert

KINDS: Final = {
    "staff": "staff",
    "stock": "container",
    "device": "device",
    "location": "location",
    "couple": "couple",
    "session": "session",
    "protocol": "protocol",
    "person": "person",
    "service": "service",
}
"""What a term is, by how its identifier begins."""

CODED: Final = frozenset({"staff", "location", "couple", "stock", "device"})
"""Records whose first entry gives them a short code."""

TIED: Final = frozenset({"session", "couple", "stock"})
"""Records that say whose they are."""

_ID = re.compile(rf"^({'|'.join(KINDS)})/[0-9a-f-]{{36}}(?:/[ab])?$")
_NO_WORD = re.compile(r"^(?:[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[0-9:.]+Z)$")
_TIES: Final = (("person_a", "a"), ("person_b", "b"), ("owner", ""))


def fold(placed: PlacedEvent) -> Iterator[Statement]:
    """The rows of one event; one that is no longer kept is found by the record it stood on."""
    if isinstance(placed.event, NoLongerKept):
        yield _row(placed)
        kind, record = _identifier(placed.stream)
        yield insert("term", position=placed.position, kind=kind, value=record)
        return
    yield from source_rows(placed)
    yield from restated_rows(placed)
    yield from revocation_rows(placed)
    yield _row(placed)
    yield from _name_rows(placed)
    if isinstance(event := placed.event, SysSyncReceived):
        yield insert(
            "sync",
            position=placed.position,
            device=placed.stream,
            received=placed.received_at,
            first_seq=event.first_seq,
            last_seq=event.last_seq,
            offset_ms=event.offset_ms,
        )
    yield from tag_rows(placed)
    for kind, value in sorted(terms(placed)):
        yield insert("term", position=placed.position, kind=kind, value=value)
    for record, slot, person in ties(placed):
        yield insert("tie", position=placed.position, record=record, slot=slot, person=person)


def ties(placed: PlacedEvent | None) -> Iterator[tuple[str, str, str]]:
    """Whose a record is, as an entry says: the record, the slot (empty for a whole record), and the person."""
    if placed is None or stream_kind(placed.stream) not in TIED:
        return
    for field, slot in _TIES:
        person = getattr(placed.event, field, None)
        if isinstance(person, str):
            yield placed.stream, slot, person


def terms(placed: PlacedEvent) -> set[tuple[str, str]]:
    """What an event can be found by: the kind of each term, and the term."""
    event, payload = placed.event, placed.payload
    found = {("signer", signer.by) for signer in placed.signed_by}
    found |= {_identifier(signer.by) for signer in placed.signed_by}
    found.add(_identifier(payload.stream))
    if isinstance(event, REFUSALS):
        found.add(("record", event.record))
    if payload.device is not None:
        found.add(("device", payload.device.id))
    values = event.__pydantic_serializer__.to_python(event, include=set(_open_fields(type(event))))
    for text in _texts(values):
        if _ID.fullmatch(text):
            found.add(_identifier(text))
        elif text and not _NO_WORD.fullmatch(text):
            found.add(("code", text))
    return found


@cache
def _open_fields(kind: type[Event]) -> tuple[str, ...]:
    return tuple(
        name
        for name, field in kind.model_fields.items()
        if any(isinstance(each, FieldClass) and each.privacy == "open" for each in field.metadata)
    )


def _identifier(text: str) -> tuple[str, str]:
    kind, _, rest = text.partition("/")
    return KINDS.get(kind, kind), f"{kind}/{rest.partition('/')[0]}" if rest else kind


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from _texts(inner)
        case list() | tuple():
            for inner in value:
                yield from _texts(inner)


def _name_rows(placed: PlacedEvent) -> Iterator[Statement]:
    """The code that an event gives to the record it stands on."""
    code = getattr(placed.event, "code", None)
    if isinstance(code, str) and type(placed.event).STREAM in CODED:
        zone = getattr(placed.event, "time_zone", "")
        yield insert("name", position=placed.position, id=placed.stream, code=code, zone=zone)


def _row(placed: PlacedEvent) -> Statement:
    """The event as a session's timeline shows it; what stands on no session's record is for staff only."""
    payload, event = placed.payload, placed.event
    session = ""
    if isinstance(event, OwnMedicationCheckedIn | OwnMedicationCheckedOut):
        session = event.session
    elif stream_kind(placed.stream) in SESSION_STREAMS:
        session = "/".join(placed.stream.split("/")[:2])
    if session:
        phrase = phrase_of(placed)
        slot, joint, a, b = phrase.slot, phrase.joint, phrase.a, phrase.b
    else:
        words = JointPhrase("staff", EXPIRED.why) if isinstance(event, NoLongerKept) else joint_phrase(placed)
        name = payload.type.partition("/")[0].replace("-", " ")
        slot, joint, a, b = "staff", words.joint if words else name, "", ""
    device = payload.device
    return insert(
        "row",
        position=placed.position,
        record=placed.stream,
        session=session,
        at=payload.occurred.at,
        local=local_moment(payload.occurred),
        precision=payload.occurred.precision,
        received=placed.received_at,
        type=payload.type,
        slot=slot,
        phrase=joint,
        phrase_a=a,
        phrase_b=b,
        marks=json.dumps(abnormal_marks(event)),
        late=1 if late_words(placed) else 0,
        recorded=payload.recorded_at,
        utc_offset=payload.occurred.offset,
        zone=payload.occurred.zone,
        device="" if device is None else device.id,
        seq=0 if device is None else device.seq,
        seen_size=payload.seen.size,
        seen_root=payload.seen.root,
        signed=json.dumps([[signer.by, signer.role, signer.meaning] for signer in placed.signed_by]),
        keys=keys_of(payload),
    )


SEARCH = View(
    name="search",
    version=5,
    tables=(
        NAMES,
        TAGS,
        REVOCATIONS,
        SOURCES,
        SECONDS,
        RESTATED,
        Table(
            "row",
            "position INTEGER PRIMARY KEY, record TEXT NOT NULL, session TEXT NOT NULL, at TEXT NOT NULL,"
            " local TEXT NOT NULL, precision TEXT NOT NULL, received TEXT NOT NULL, type TEXT NOT NULL,"
            " slot TEXT NOT NULL, phrase TEXT NOT NULL, phrase_a TEXT NOT NULL, phrase_b TEXT NOT NULL,"
            " marks TEXT NOT NULL, late INTEGER NOT NULL, signed TEXT NOT NULL, keys TEXT NOT NULL,"
            " recorded TEXT NOT NULL, utc_offset INTEGER NOT NULL, zone TEXT NOT NULL, device TEXT NOT NULL,"
            " seq INTEGER NOT NULL, seen_size INTEGER NOT NULL, seen_root TEXT NOT NULL",
            ("session", "record", "type"),
        ),
        Table(
            "sync",
            "position INTEGER PRIMARY KEY, device TEXT NOT NULL, received TEXT NOT NULL, first_seq INTEGER NOT NULL,"
            " last_seq INTEGER NOT NULL, offset_ms INTEGER",
            ("device, position",),
        ),
        Table(
            "term",
            "position INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL",
            ("value, kind, position", "position"),
        ),
        Table(
            "tie",
            "position INTEGER NOT NULL, record TEXT NOT NULL, slot TEXT NOT NULL, person TEXT NOT NULL",
            ("person", "position"),
        ),
    ),
    reads=(*EVENT_TYPES.values(), NoLongerKept),
    fold=fold,
)
