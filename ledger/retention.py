"""
Which entries need not be kept any longer, by the clinic's own figures; and the end of their retention.

What ends together is a record: a session whole, with both partners' parts; a person's own record, when every
session of theirs ends; a couple's, when both people's do; a container's. Accesses end one by one.
A record ends when the longest of the periods that any rule sets for it is over, for everybody it is about, and
nothing stands against it: a legal hold, an open session, a request without an answer.
Keys, governance, staff, places, protocols and devices never end: what is left is proved and understood by them.
Source: the rules REC-12, REC-13 and CS-09; the figures are the clinic's [D].
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ledger.absences import counted
from ledger.entry import parse_event_entry
from ledger.envelope import parse_envelope
from ledger.erasure import VERSION, Mention, PersonRecord, Retention, day_of, erasure_objections, holds_in, kept_until
from ledger.errors import Objection, Refused
from ledger.events.erasure import Counted, RetentionEnded, SubjectErased
from ledger.events.inventory import InventoryCounted
from ledger.events.kept_amounts import AmountsKept
from ledger.follow import BATCH
from ledger.open_requests import open_requests
from ledger.payload import Payload
from ledger.reading import read_event
from ledger.store.port import EventRow, Store

NEVER = ("subject-erased/1", "legal-hold-placed/1", "legal-hold-lifted/1")
"""Types on a person's record that stay: what is left of it is explained by them."""

DOCUMENTS = (
    "access-request-received/1",
    "access-request-fulfilled/1",
    "access-request-denied/1",
    "amendment-requested/1",
    "amendment-accepted/1",
    "amendment-denied/1",
    "disagreement-appended/1",
    "release-of-information-signed/1",
    "release-of-information-revoked/1",
    "disclosure-made/1",
    "erasure-requested/1",
    "erasure-refused/1",
    "erasure-scheduled/1",
)
"""What was asked and disclosed, kept for its own period beside the chart's; the longer one counts."""


@dataclass(frozen=True, slots=True)
class Due:
    """One record: the envelopes that would be no longer kept, and what stands against it today; nothing if it ends."""

    record: str
    positions: tuple[int, ...]
    objections: tuple[Objection, ...]


@dataclass(frozen=True, slots=True)
class RetentionPlan:
    """
    Every record that can ever end, in the order of the log, as of a day (UTC).

    `envelopes` is what two people sign to end all of those against which nothing stands; `staying` are the containers
    that do not end, as far as anything is kept of them beside the sessions.
    """

    on: date
    due: tuple[Due, ...]
    envelopes: Counted
    staying: frozenset[str] = frozenset()

    @property
    def positions(self) -> tuple[int, ...]:
        """The positions of the envelopes whose retention can end."""
        return tuple(sorted(position for each in self.due if not each.objections for position in each.positions))

    @property
    def sessions(self) -> tuple[str, ...]:
        """The sessions that would end."""
        return tuple(each.record for each in self.due if not each.objections and each.record.startswith("session/"))


@dataclass(slots=True)
class _Record:
    """What is kept of one record: its entries with their days, whom it is about, the sessions that name it."""

    entries: list[Mention] = field(default_factory=list)
    people: set[str] = field(default_factory=set)
    sessions: set[str] = field(default_factory=set)
    used_on: list[Mention] = field(default_factory=list)


def retention_plan(store: Store, on: date, retention: Retention) -> RetentionPlan:
    """What can end on a day; reads the whole log once: about a minute for a million entries."""
    records, counted_here = _records(store)
    people = sorted({person for record in records.values() for person in record.people})
    against = {each: tuple(erasure_objections(_person(store, each, records), on, retention)) for each in people}
    due: dict[str, Due] = {}
    for name in sorted(records, key=lambda name: _ORDER.index(name.partition("/")[0])):
        due[name] = _due(name, records, against, due, on, retention)
    found = tuple(each for each in sorted(due.values(), key=lambda each: each.positions) if each.positions)
    ending = [position for each in found if not each.objections for position in each.positions]
    entries = (store.entry(position) for position in ending)
    envelopes = counted(parse_event_entry(entry).env for entry in entries if entry is not None)
    ends = {each.record for each in found if not each.objections}
    staying = {name for name in (*records, *counted_here) if name.startswith("stock/")} - ends
    return RetentionPlan(on, found, envelopes, frozenset(staying))


def check_retention_end(event: RetentionEnded, plan: RetentionPlan) -> Sequence[int]:
    """
    The list of an end of retention that may be recorded now, under the log's lock: the positions of its envelopes.

    It has to name exactly what can end today, as `plan` says; so nobody picks, and the list proves itself.

    Raises:
        Refused: `gate-closed` when there is nothing that could end; `ended-envelopes`, when it names others than can
            end now.
    """
    if not plan.positions:
        raise Refused(
            "gate-closed",
            "REC-13: Nothing is kept here whose retention could end.",
            remedy="Wait until the day has come: session-ledger retention says which.",
        )
    if plan.envelopes != event.envelopes:
        raise Refused(
            "ended-envelopes",
            f"{plan.envelopes.count} envelopes can end now, and they are not the {event.envelopes.count} signed here.",
            field="envelopes",
            remedy="Something was recorded since, or a day has passed. Have it made and signed anew.",
        )
    return plan.positions


_ORDER = ("session", "couple", "person", "stock", "access")
"""Each kind after those on which it depends."""


def _record_of(row: EventRow) -> str | None:
    """The record that an entry ends with; None for one that is always kept."""
    kind, *rest = row.stream.split("/")
    if kind not in _ORDER or row.type in NEVER:
        return None
    return f"access/{row.position}" if kind == "access" else f"{kind}/{rest[0]}"


def _records(store: Store) -> tuple[dict[str, _Record], set[str]]:
    """Everything that could end one day and is still kept, by record; and the containers that a place counted."""
    gone = {position for ending in store.endings() for position in store.ended(ending.under)}
    records: defaultdict[str, _Record] = defaultdict(_Record)
    counted_here: set[str] = set()
    size, start = store.head().size, 0
    while start < size:
        rows = store.rows(start, min(BATCH, size - start))
        blocks = store.blocks_between(start, start + len(rows))
        for row in rows:
            name = _record_of(row) if isinstance(row, EventRow) and row.position not in gone else None
            if isinstance(row, EventRow) and row.type == InventoryCounted.type_tag() and row.envelope:
                counted_here.update(_needed(parse_envelope(row.envelope).payload.body))
            if name is None or not isinstance(row, EventRow) or not row.envelope:
                continue
            payload = parse_envelope(row.envelope).payload
            entry = Mention(row.position, row.type, row.stream, day_of(payload.occurred))
            records[name].entries.append(entry)
            records[name].people |= {block.subject for block in blocks.get(row.position, ())}
            if name.startswith("person/"):
                records[name].people.add(name)
            if row.type == AmountsKept.type_tag():
                records[name].used_on += _days_of(row, payload)
            for needed in _needed(payload.body) if name.startswith("session/") else ():
                records[needed].sessions.add(name)
                records[needed].used_on.append(entry)
        start += len(rows)
    return {name: record for name, record in records.items() if record.entries}, counted_here


def _days_of(row: EventRow, payload: Payload) -> list[Mention]:
    """The days of doses whose entries are no longer kept: the container was used on them, and not when it was kept."""
    event = read_event(payload, {})
    amounts = event.amounts if isinstance(event, AmountsKept) else ()
    return [Mention(row.position, row.type, row.stream, date.fromisoformat(each.at[:10])) for each in amounts]


def _needed(value: object) -> Iterator[str]:
    """Every container and couple that an open body names."""
    if isinstance(value, str) and value.startswith(("stock/", "couple/")):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        yield from _needed(inner)


def _person(store: Store, person: str, records: Mapping[str, _Record]) -> PersonRecord:
    """A person as the periods see them: all that is kept and about them, and what stands on their record."""
    rows = [row for row in store.stream_rows(person) if row.envelope]
    mine = [each for each in records.items() if person in each[1].people]
    mentions = tuple(entry for name, record in mine for entry in record.entries if not name.startswith("access/"))
    still_open = tuple(
        name
        for name, _ in mine
        if name.startswith("session/")
        and store.has_event(name, "session-opened/1")
        and not store.has_event(name, "session-closed/1")
    )
    erased = next((row.position for row in rows if row.type == SubjectErased.type_tag()), None)
    return PersonRecord(person, (), mentions, holds_in(rows), still_open, erased, open_requests(rows))


def _due(
    name: str,
    records: Mapping[str, _Record],
    against: Mapping[str, tuple[Objection, ...]],
    due: Mapping[str, Due],
    on: date,
    retention: Retention,
) -> Due:
    """One record on this day; the sessions are known by then."""
    record, kind = records[name], name.partition("/")[0]
    entries = record.entries
    found = [each for person in sorted(record.people) for each in against[person]]
    match kind:
        case "access":
            found = [each for each in found if each.rule == "REC-12"]
            found += kept_until("REC-13", "this access", entries, retention.records_years, on)
        case "stock":
            used = [*(each for each in entries if each.type != AmountsKept.type_tag()), *record.used_on]
            found += kept_until("CS-09", "the last record of this container", used, retention.controlled_years, on)
            found += _with_sessions(record.sessions, due)
        case "couple":
            found += _with_sessions(record.sessions, due)
        case "person":
            found += _with_sessions((each for each in due if name in records[each].people), due)
            entries = [each for each in entries if each.type not in DOCUMENTS or _is_over(each, retention, on)]
        case _ if not record.people:
            found += kept_until("REC-13", "the last entry", entries, retention.chart_years, on)
    return Due(name, tuple(entry.position for entry in entries), tuple(dict.fromkeys(found)))


def _is_over(document: Mention, retention: Retention, on: date) -> bool:
    return not kept_until("REC-13", "this record", [document], retention.records_years, on)


def _with_sessions(names: Iterable[str], due: Mapping[str, Due]) -> list[Objection]:
    """What stands against ending a record while a session that needs it is kept."""
    staying = [due[each] for each in names if each.startswith("session/") and each in due and due[each].objections]
    if not staying:
        return []
    sessions = ", ".join(sorted(each.record for each in staying))
    evidence = tuple(sorted(each.positions[0] for each in staying))
    return [Objection("REC-13", VERSION, f"It belongs to what is still kept: {sessions}.", evidence)]
