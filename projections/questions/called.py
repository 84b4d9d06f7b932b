"""
What people call the records in an answer, and the clock its times are read on.

    session/c469… → C-07 · session 1 · 2026-05-16, in America/New_York        location/5e… → R-1

Answers hold numbers and instants in UTC, which no two readers take differently; people know couples by their code
and hours by the clock on the wall of the room. A participant has no code: a person is told by number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from ledger.encoding import from_instant
from ledger.events.lifecycle import SessionScheduled
from projections.compliance.history import History
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import local
from projections.questions.answer import Answer, Called, Cell, Column, Row
from projections.questions.codes import Codes


def called(ledger: LedgerAt, columns: Iterable[Column], rows: Iterable[Row]) -> dict[str, Called]:
    """What each record in these rows is called; those that are called nothing are left out."""
    codes, columns = Codes(ledger), tuple(columns)
    found = {record: _called(ledger, record, codes) for record in sorted(set(records_in(columns, rows)))}
    return {record: each for record, each in found.items() if each is not None}


def records_in(columns: Iterable[Column], rows: Iterable[Row]) -> Iterator[str]:
    """The records that stand in these rows, each as often as it stands there."""
    names = [column.name for column in columns if column.kind == "record"]
    for row in rows:
        for name in names:
            value = row.values[name]
            if isinstance(value, str) and "/" in value:
                yield value


def zone_of_all(ledger: LedgerAt) -> str:
    """The time zone of every place there is, UTC where they are in several or nobody registered one."""
    zones = {ledger.zone(name).key for name in ledger.names("location")}
    return zones.pop() if len(zones) == 1 else "UTC"


def cell_in_words(answer: Answer, row: Row, column: Column) -> str:
    """One cell as people read it: a record by what it is called, an instant by the clock where it happened."""
    value = row.values[column.name]
    if isinstance(value, str) and column.kind == "record":
        known = answer.called.get(value)
        return known.words if known else value[: value.index("/") + 9] if "/" in value else value
    if isinstance(value, str) and column.kind == "instant":
        return _by_the_clock(value, _zone(answer, row))
    return word_of(value)


def word_of(value: Cell) -> str:
    """A value as people say it; a dash for what is not known or does not apply."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None else str(value)


def _called(ledger: LedgerAt, record: str, codes: Codes) -> Called | None:
    kind, number, *slot = record.split("/")
    if kind == "session":
        history = ledger.session(f"{kind}/{number}")
        told = _session(history, codes)
        return Called(told + "".join(f", {each.upper()}" for each in slot), history.zone.key) if told else None
    code = codes.code(record)
    if code == record:
        return None
    return Called(code, ledger.zone(record).key if kind == "location" else "")


def _session(history: History, codes: Codes) -> str:
    plans = history.ledger.on(history.session, SessionScheduled)
    plan = plans[-1].event if plans else None
    if not isinstance(plan, SessionScheduled) or history.couple is None:
        return ""
    begins = history.opening.at if history.opening else from_instant(plan.planned_start)
    return f"{codes.code(history.couple)} · session {plan.ordinal} · {history.day(begins)}"


def _zone(answer: Answer, row: Row) -> str:
    of_row = (answer.called.get(each) for each in records_in(answer.columns, (row,)))
    return next((each.zone for each in of_row if each and each.zone), answer.zone)


def _by_the_clock(instant: str, zone: str) -> str:
    at = local(from_instant(instant), ZoneInfo(zone))
    return f"{at:%Y-%m-%d %H:%M} {at:%Z}"
