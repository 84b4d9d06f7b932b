"""
What the names on a sheet stand for in the ledger: people by their codes, sessions by their day, entries by position.

    staff: {RN3: {roles: [nurse]}}                   the code under which they are registered
    staff: {Rafael: {code: RN3, roles: [nurse]}}     another name on the paper
    sessions: {S4: {on: 2026-09-12, a: Ava, b: Boris}}
    stock: {own-A: {new: yes}, V-77: }               handed in that day, or known already
    governance: {incident: {new: yes}}
    protocols: {consent-kap: {entry: 29}}            the record of the entry at this position
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from api.identifiers import uuid4_from, uuid7_from
from api.paper.sheet import Sheet
from api.story.reader import Raw, local_moment
from api.story.script import KINDS
from ledger.canonical import Json
from ledger.errors import Invalid, LedgerError
from ledger.events.fields import Gone
from ledger.events.lifecycle import SessionScheduled
from ledger.follow import place
from ledger.reading import PlacedEvent
from ledger.store.port import EventRow, Store
from ledger.store.subject_keys import SubjectKeys
from projections.names import Names
from projections.session_list import SessionSummary, sessions
from projections.session_rows import SESSIONS
from projections.snapshot import snapshot
from projections.tables import ViewDatabase

CODED = ("staff", "location", "couple", "stock")
"""Records that people know by a code."""

MADE_ANEW = ("stock", "governance")
"""Records that a sheet may begin."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The scan of a sheet: what all that is typed from it is derived from."""

    origin: str
    document: str

    @property
    def record(self) -> str:
        """The record on which the sheet is declared; its number follows from the scan."""
        return f"governance/{uuid4_from(self._bytes('sheet'))}"

    def event_id(self, sheet: Sheet, what: str) -> str:
        """The id of what is typed from it, such as `line 12`: the same whenever it is typed."""
        noon = local_moment(f"{sheet.date} 12:00", sheet.zone)
        if noon is None:
            raise Invalid("paper-sheet", "This is no date.", field="date", remedy="Write 2026-09-12.")
        return uuid7_from(noon, self._bytes(what)[:10])

    def new_record(self, kind: str, name: str) -> str:
        """A record that this sheet begins."""
        return f"{kind}/{uuid4_from(self._bytes(f'new {kind} {name}'))}"

    def _bytes(self, what: str) -> bytes:
        text = f"session-ledger/paper/v1\n{self.origin}\n{self.document}\n{what}"
        return hashlib.sha256(text.encode()).digest()[:16]


@dataclass(frozen=True, slots=True)
class Named:
    """The records that names stand for, and the entries that labels do."""

    ids: dict[str, str]
    labels: dict[str, Json]


def look_up(sheet: Sheet, scan: Scan, store: Store, subject_keys: SubjectKeys, database: ViewDatabase) -> Named:
    """
    Every name of a sheet, as the ledger knows it.

    Raises:
        Invalid: `paper-sheet`, with the field of the cast and what to do.
    """
    ids: dict[str, str] = {}
    for kind, members in sheet.cast.items():
        for name, said in members.items():
            with_field = f"cast.{kind}.{name}"
            try:
                ids[name] = _record(sheet, scan, store, database, kind, name, said)
                if kind == "sessions":
                    ids.update(_partners(ids[name], said, store, subject_keys))
            except LedgerError as error:
                remedy = error.remedy or "docs/paper-days.md says how to name it."
                raise Invalid("paper-sheet", error.message, field=with_field, remedy=remedy) from None
    labels: dict[str, Json] = {}
    for name, position in sheet.earlier.items():
        row = _entry(store, position, f"earlier.{name}")
        labels[name] = {"dig": row.dig, "id": row.event_id}
    return Named(ids, labels)


def _record(
    sheet: Sheet, scan: Scan, store: Store, database: ViewDatabase, kind: str, name: str, said: Mapping[str, Raw]
) -> str:
    record = KINDS[kind]
    if "new" in said:
        if record not in MADE_ANEW:
            raise _unknown(
                "No sheet begins such a record.", f"Register it first; {' and '.join(MADE_ANEW)} may be new."
            )
        return scan.new_record(record, name)
    if "entry" in said:
        stream = place(store, _entry(store, said["entry"], "entry")).stream
        found = "/".join(stream.split("/")[:2])
        if not found.startswith(f"{record}/"):
            raise _unknown(f"That entry stands on a {found.partition('/')[0]} record.", f"Name one of a {record}.")
        return found
    if record == "session":
        return _session(sessions(database).sessions, str(said.get("on", sheet.date)))
    if record not in CODED:
        raise _unknown(
            f"A {record} has no code.", f"Say {{entry: 29}}, with the position of an entry of this {record}."
        )
    with snapshot(database, SESSIONS) as seen:
        return Names(seen).identifier(record, str(said.get("code", name)))


def _session(known: tuple[SessionSummary, ...], text: str) -> str:
    found = [each for each in known if each.session.partition("/")[2].startswith(text) or each.date == text]
    if len(found) != 1:
        many = f"{len(found)} sessions" if found else "No session"
        raise _unknown(f"{many} of {text} in this ledger.", "Say {on: …} with the beginning of its identifier.")
    return found[0].session


def _partners(session: str, said: Mapping[str, Raw], store: Store, subject_keys: SubjectKeys) -> dict[str, str]:
    """The records of both people, by the name each has on the sheet, from the planning of the session."""
    planned: PlacedEvent | None = None
    for row in store.stream_rows(session):
        if row.type == SessionScheduled.type_tag():
            planned = place(store, row, subject_keys)
    event = planned.event if planned is not None else None
    if not isinstance(event, SessionScheduled):
        raise _unknown("Nobody knows who takes part in this session.", "Schedule it first.")
    people: dict[str, str] = {}
    for slot, person in (("a", event.person_a), ("b", event.person_b)):
        name = said.get(slot)
        if isinstance(name, str) and name:
            if isinstance(person, Gone):
                raise _unknown(
                    f"Who was {slot} in this session cannot be read.", "It was erased, or the key is missing."
                )
            people[name] = person
    return people


def _entry(store: Store, position: Raw, field: str) -> EventRow:
    row = store.row(int(position)) if isinstance(position, str) and position.isascii() and position.isdigit() else None
    if not isinstance(row, EventRow):
        raise Invalid(
            "paper-sheet",
            f"There is no entry at position {position}.",
            field=field,
            remedy="session-ledger search shows entries with their positions.",
        )
    return row


def _unknown(message: str, remedy: str) -> Invalid:
    return Invalid("paper-sheet", message, remedy=remedy)
