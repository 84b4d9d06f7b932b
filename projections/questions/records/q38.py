"""Question 38: who looked at which record, when, from where and what for; and who had nothing to do with the care."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from ledger.entry import stream_tag
from ledger.events.access import SysBreakGlassUsed, SysRecordExported, SysRecordViewed
from ledger.events.base import Event
from ledger.events.lifecycle import SessionOpened, SessionRescheduled, SessionScheduled
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import as_instant
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.records.people import is_within
from projections.questions.told import everything, told

_HOW: dict[type[Event], str] = {
    SysRecordViewed: "looked",
    SysRecordExported: "copied",
    SysBreakGlassUsed: "emergency access",
}


@question(
    "38",
    "Who looked at which record, when, from where and what for, and who had no part in the care?",
    section="records",
    columns=(
        Column("record", "Record", "record"),
        Column("how", "How"),
        Column("at", "When", "instant"),
        Column("who", "Who"),
        Column("role", "As"),
        Column("device", "On"),
        Column("purpose", "What for"),
        Column("treats", "Had a part in the care", "yes-no"),
    ),
    takes=("from", "to", "session", "couple", "person"),
    empty="Nobody looked.",
    reading=(
        "Looks, copies and emergency access as the software recorded them; with a filter, those at the records of "
        "these sessions, couples or participants. Part in the care: the member of staff signed something on the "
        "record, or in a session it belongs to, or was on duty there, at any time; empty where the reader is no member "
        "of staff or the record is nobody's. A look for an audit or the operations needs no such part. The ledger "
        "knows of no marriages or friendships of the staff: whom somebody had better not look at, it cannot say."
    ),
)
def q38(asked: Asked) -> Found:
    """One row for each record that somebody looked at, in the order of the looks."""
    charts = Charts(asked)
    facts = asked.ledger.everywhere("access", *_HOW)
    rows = [found for fact in facts if is_within(asked, fact) for found in _of(asked, charts, fact)]
    strangers = [each for each in rows if each.values["treats"] is False and each.values["purpose"] == "treatment"]
    urgent = [each for each in rows if each.values["how"] == "emergency access"]
    figures = (
        figure("count", "Looks", len(rows), everything(each.evidence for each in rows)),
        figure("strangers", "For treatment without a part in it", len(strangers),
               everything(each.evidence for each in strangers)),
        figure("urgent", "Emergency access", len(urgent), everything(each.evidence for each in urgent)),
    )  # fmt: skip
    return Found(tuple(rows), figures)


class Charts:
    """The records that were asked for, by their names in the log, and who had a part in the care they tell of."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._by_origin: dict[str, dict[str, str]] = {}
        self._parts: dict[str, set[str]] = {}

    def named(self, origin: str, tag: str) -> str | None:
        """The record of a name in the log; None for one that was not asked for, or that nobody knows."""
        if origin not in self._by_origin:
            self._by_origin[origin] = {stream_tag(origin, record): record for record in self._records}
        return self._by_origin[origin].get(tag)

    @property
    def is_chosen(self) -> bool:
        """Whether only some records were asked for."""
        asked = self._asked
        return any(each is not None for each in (asked.session, asked.couple, asked.person))

    @cached_property
    def _records(self) -> list[str]:
        asked, ledger = self._asked, self._asked.ledger
        if not self.is_chosen:
            kinds = ("person", "couple", "stock", "location", "staff", "protocol", "device", "governance")
            own = [name for kind in kinds for name in ledger.names(kind)]
            own += [person for person in ledger.known.slots_of if person not in own]
            return own + [part for name in ledger.names("session") for part in _parts_of(name)]
        own = [each for each in (asked.couple, asked.person) if each is not None]
        for name in ledger.names("session"):
            history = ledger.session(name)
            is_theirs = asked.person is None or bool(history.slots_of(asked.person))
            if asked.session in (None, name) and asked.couple in (None, history.couple) and is_theirs:
                other = () if asked.person is None else tuple(set(SLOTS) - set(history.slots_of(asked.person)))
                own += [part for part in _parts_of(name) if part.rpartition("/")[2] not in other]
        return own

    def had_a_part(self, staff: str, record: str) -> bool | None:
        """Whether somebody had a part in the care that a record tells of; None for a record of nobody's care."""
        kind = record.partition("/")[0]
        if kind not in ("session", "person", "couple"):
            return None
        found = self._parts.get(record)
        if found is None:
            found = self._parts[record] = set(self._who(record))
        return staff in found

    def _who(self, record: str) -> Iterator[str]:
        ledger = self._asked.ledger
        sessions = [record] if record.startswith("session/") else []
        if record.startswith("person/"):
            yield from (who for fact in ledger.on(record) for who in fact.by)
            sessions = [history.session for history, _ in ledger.sessions_of(record)]
        if record.startswith("couple/"):
            sessions = [name for name in ledger.names("session") if ledger.session(name).couple == record]
        for session in sessions:
            for fact in ledger.on("/".join(session.split("/")[:2])):
                yield from fact.by
                if isinstance(fact.event, SessionScheduled | SessionRescheduled | SessionOpened):
                    yield from (each.staff for each in fact.event.staff)


def _of(asked: Asked, charts: Charts, fact: Fact) -> Iterator[Row]:
    event, entry = fact.event, asked.ledger.entry_of(fact)
    if entry is None or not isinstance(event, SysRecordViewed | SysRecordExported | SysBreakGlassUsed):
        return
    tags = event.records if isinstance(event, SysRecordExported) else (event.record,)
    for tag in tags:
        record = charts.named(entry.payload.ledger, tag)
        if record is None and charts.is_chosen:
            continue
        staff = event.staff
        yield row(
            [fact.position],
            record=record,
            how=_HOW[type(event)],
            at=as_instant(fact.at),
            who=asked.codes.code(staff) if staff is not None else told(getattr(event, "reader", None)),
            role=event.role,
            device=event.on,
            purpose=told(event.reason if isinstance(event, SysBreakGlassUsed) else event.purpose),
            treats=None if staff is None or record is None else charts.had_a_part(staff, record),
        )


def _parts_of(session: str) -> list[str]:
    return [session, *(f"{session}/{slot}" for slot in SLOTS)]
