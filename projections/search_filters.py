"""
The filters of a search, and what each asks of the rows; what nobody knows is refused with what there is.

    {"type": "dose-administered", "container": "own-A", "happened_from": "2026-05-16T00:00-04:00", "mark": "late"}

Several filters narrow: an event passes all of them. Several values of one (`type`, `mark`) widen: any of them.
A partner's copy knows fewer filters, so that nothing of the other can be asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from ledger.errors import Refused
from ledger.events import EVENT_TYPES
from projections.both_times import moment
from projections.names import Names
from projections.search_marks import MARKS, marked
from projections.search_rows import KINDS
from projections.search_ties import planned, tied
from projections.snapshot import END_OF_TIME, Snapshot
from projections.view import Value
from projections.viewer import Viewer

FILTERS: Final[Mapping[str, str]] = {
    "type": "kinds of event, such as dose-administered, with commas between them",
    "person": "a participant, by their number: their own records and the joint ones",
    "staff": "a member of staff who is named or signed, by code or number",
    "device": "the device it was written on or is about",
    "container": "a bottle or vial, by code or number",
    "session": "a session, by its number",
    "couple": "a couple and its sessions, by code or number",
    "location": "a place and the sessions there, by code or number",
    "happened_from": "said to have happened at this time or later",
    "happened_to": "said to have happened by this time",
    "received_from": "received at this time or later",
    "received_to": "received by this time",
    "signed_by": "who signed: a code, or an owner of a key such as session/…/a",
    "mark": f"what is to be known about it: {', '.join(MARKS)}",
    "text": "part of an open code; sealed words are never searched",
}
"""Every filter there is."""

FOR_STAFF: Final = ("person", "device", "container", "location")
"""Filters that a partner's own copy does not know."""

_NARROW: Final = frozenset({"container", "couple", "device", "person", "session"})
_TIMES: Final = {
    "happened_from": "at >= ?",
    "happened_to": "at <= ?",
    "received_from": "received >= ?",
    "received_to": "received <= ?",
}
_HAPPENED: Final = ("happened_from", "happened_to")
_LISTED: Final = 200
_AMONG: Final = "IN (SELECT value FROM json_each(?))"
_TERM: Final = "position IN (SELECT position FROM [term] WHERE value = ? AND kind = ?)"
_ABOUT_SESSIONS: Final = f"position IN (SELECT position FROM [term] WHERE kind = 'session' AND value {_AMONG})"
_TEXT: Final = "position IN (SELECT position FROM [term] WHERE kind = 'code' AND instr(lower(value), lower(?)) > 0)"
_IS_THERE: Final = "SELECT 1 FROM [term] WHERE value = ? AND kind = ? AND position < ? LIMIT 1"
_SESSIONS: Final = "SELECT DISTINCT value FROM [term] WHERE kind = 'session' AND position < ? ORDER BY value"
_RECORDS_OF: Final = f"SELECT DISTINCT record FROM [row] WHERE type {_AMONG}"
_REFUSED: Final = (
    "position IN (SELECT t.position FROM [term] t JOIN [tag] g ON g.tag = t.value"
    f" WHERE t.kind = 'record' AND g.(column) {_AMONG})"
)
_REFUSED_IN: Final = _REFUSED.replace("(column)", "session")
_REFUSED_FOR: Final = _REFUSED.replace("(column)", "record")


@dataclass
class Condition:
    """
    What rows have to fulfil, as SQL with its parameters.

    `narrow` when few rows can: those of one couple, session, person, bottle or device.
    """

    narrow: bool = False
    parts: list[str] = field(default_factory=lambda: ["1"])
    parameters: list[Value] = field(default_factory=list)

    def add(self, sql: str, *parameters: Value) -> None:
        """One more thing that rows have to fulfil."""
        self.parts.append(f"({sql})")
        self.parameters += parameters

    @property
    def sql(self) -> str:
        """All of it."""
        return " AND ".join(self.parts)


def condition_of(
    filters: Mapping[str, str], seen: Snapshot, viewer: Viewer, left_out: frozenset[str] = frozenset()
) -> Condition:
    """
    What these filters ask of the rows of the search view, as of a snapshot; records of types `left_out` are not there.

    Raises:
        Refused: `unknown-filter`, `not-found`, `ambiguous-code` or `couple-needed`, with what there is.
        Invalid: `instant` or `naive-time`.
    """
    known = [name for name in FILTERS if viewer.partner is None or name not in FOR_STAFF]
    for name, value in filters.items():
        if name not in known:
            raise Refused("unknown-filter", "There is no such filter.", field=name, remedy=_there_are(known))
        if not value or len(value) > 400:
            raise Refused("unknown-filter", "A filter has a value.", field=name, remedy=f"It takes {FILTERS[name]}.")
    if viewer.partner is not None and not {"session", "couple"} & set(filters):
        raise Refused(
            "couple-needed",
            "A partner's copy is of one couple or session.",
            field="couple",
            remedy="Name the couple or the session.",
        )
    condition = Condition()
    if viewer.partner is not None:
        condition.add("session > '' AND slot IN (?, 'both')", viewer.partner)
    if left_out:
        tags = json.dumps(sorted(left_out))
        records = json.dumps([row["record"] for row in seen.rows(_RECORDS_OF, tags)])
        condition.add(f"NOT type {_AMONG} AND NOT record {_AMONG}", tags, records)
    _refuse_backwards(filters)
    for name, value in filters.items():
        if name in _TIMES:
            condition.add(_TIMES[name], moment(value, name))
        elif name == "type":
            _type(condition, value, [tag for tag in EVENT_TYPES if tag not in left_out])
        else:
            _ASKS[name](condition, value, seen, viewer)
    condition.narrow = not _NARROW.isdisjoint(filters)
    _ask_what_came_in(condition, filters, seen)
    return condition


def _ask_what_came_in(condition: Condition, filters: Mapping[str, str], seen: Snapshot) -> None:
    """Work out the entries that fulfil this only because they were corrected; what marks ask was asked before."""
    seen.said_about.naming(condition.parameters)
    if "text" in filters:
        seen.said_about.writing(filters["text"])
    if {"happened_from", "happened_to"} & set(filters):
        first, last = (moment(filters[name], name) if name in filters else "" for name in _HAPPENED)
        seen.said_about.moved_into(first, last or END_OF_TIME)


def _refuse_backwards(filters: Mapping[str, str]) -> None:
    for first, last in (("happened_from", "happened_to"), ("received_from", "received_to")):
        if first in filters and last in filters and moment(filters[first], first) > moment(filters[last], last):
            raise Refused("unknown-filter", "This span ends before it begins.", field=last, remedy="Exchange the two.")


def _type(condition: Condition, value: str, known: Sequence[str]) -> None:
    wanted: list[str] = []
    for name in value.split(","):
        found = [tag for tag in known if name in (tag, tag.partition("/")[0])]
        if not found:
            remedy = _there_are(sorted(tag.partition("/")[0] for tag in known))
            raise Refused("unknown-filter", "There is no such kind of event.", field="type", remedy=remedy)
        wanted += found
    condition.add(f"type {_AMONG}", json.dumps(wanted))


def _mark(condition: Condition, value: str, seen: Snapshot, viewer: Viewer) -> None:
    asked = value.split(",")
    for name in asked:
        if name not in MARKS:
            raise Refused("unknown-filter", "There is no such mark.", field="mark", remedy=_there_are(MARKS))
    parts = [MARKS[name] for name in asked if MARKS[name]]
    condition.add(" OR ".join([*parts, f"position {_AMONG}"]), json.dumps(marked(seen, set(asked), viewer)))


def _text(condition: Condition, value: str, _seen: Snapshot, _viewer: Viewer) -> None:
    condition.add(_TEXT, value)


def _term(name: str) -> Callable[[Condition, str, Snapshot, Viewer], None]:
    def ask(condition: Condition, value: str, seen: Snapshot, _viewer: Viewer) -> None:
        condition.add(_TERM, identifier(seen, name, value), name)

    return ask


def _signed_by(condition: Condition, value: str, seen: Snapshot, _viewer: Viewer) -> None:
    signs = value.count("/") > 0 and bool(seen.rows(_IS_THERE, value, "signer", seen.position))
    condition.add(_TERM, value if signs else identifier(seen, "staff", value, "signed_by"), "signer")


def _session(condition: Condition, value: str, seen: Snapshot, _viewer: Viewer) -> None:
    session = identifier(seen, "session", value)
    condition.add(f"session = ? OR {_TERM} OR {_REFUSED_IN}", session, session, "session", json.dumps([session]))


def _with_its_sessions(name: str) -> Callable[[Condition, str, Snapshot, Viewer], None]:
    def ask(condition: Condition, value: str, seen: Snapshot, _viewer: Viewer) -> None:
        found = identifier(seen, name, value)
        sessions = planned(seen, name, found)
        among = json.dumps(sessions)
        condition.add(
            f"session {_AMONG} OR {_ABOUT_SESSIONS} OR {_REFUSED_IN} OR {_TERM}", among, among, among, found, name
        )

    return ask


def _person(condition: Condition, value: str, seen: Snapshot, _viewer: Viewer) -> None:
    """Their own records and the joint ones, without what stands on a joint one about the other alone."""
    person = identifier(seen, "person", value)
    own, joint = [person], {"a": list[str](), "b": list[str]()}
    for record, slot in tied(seen, person):
        own += [record] if not slot else [f"{record}/{slot}"]
        if slot:
            joint[slot].append(record)
    condition.add(
        f"record {_AMONG} OR {_REFUSED_FOR} OR (record {_AMONG} AND slot <> 'b') OR (record {_AMONG} AND slot <> 'a')"
        f" OR {_TERM}",
        json.dumps(own),
        json.dumps(own),
        json.dumps(joint["a"]),
        json.dumps(joint["b"]),
        person,
        "person",
    )


_ASKS: Final[Mapping[str, Callable[[Condition, str, Snapshot, Viewer], None]]] = {
    "mark": _mark,
    "text": _text,
    "person": _person,
    "staff": _term("staff"),
    "device": _term("device"),
    "container": _term("container"),
    "session": _session,
    "couple": _with_its_sessions("couple"),
    "location": _with_its_sessions("location"),
    "signed_by": _signed_by,
}


def identifier(seen: Snapshot, name: str, text: str, asked_as: str = "") -> str:
    """
    What somebody means by a code, a number, or a whole identifier, of a kind of term.

    Raises:
        Refused: `not-found` with the codes there are, or `ambiguous-code`.
    """
    begins = next(kind for kind, term in KINDS.items() if term == name)
    whole = f"{begins}/{text}" if _is_number(text) else text
    if whole.startswith(f"{begins}/") and seen.rows(_IS_THERE, whole, name, seen.position):
        return whole
    codes = Names(seen).codes(begins)
    found = {str(each) for each, code in codes if code == text}
    if len(found) > 1:
        raise Refused(
            "ambiguous-code", f"Several have the code {text}.", field=asked_as or name, remedy="Ask by identifier."
        )
    if found:
        return found.pop()
    if name == "session":
        there: Iterable[str] = [row["value"] for row in seen.rows(_SESSIONS, seen.position)]
    else:
        there = dict.fromkeys(code for _, code in codes)
    remedy = f"Give the number of a {name}." if name == "person" else _there_are(list(there))
    raise Refused("not-found", f"There is no {name} {text} here as of then.", field=asked_as or name, remedy=remedy)


def _is_number(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _there_are(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - _LISTED} more" if len(listed) > _LISTED else ""
    return f"There are: {', '.join(listed[:_LISTED]) or 'none'}{more}."
