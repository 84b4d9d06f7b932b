"""
The entries that a new one may name: those on its record and beside it, told in a few open words.

Nobody is offered what they do not read: by role and kind of record here, by care where it is asked, and in confidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from api.web.callers import PLANNERS, READERS, STOCKTAKERS, Caller, may_read_type
from ledger.encoding import to_instant
from ledger.events.base import Event
from ledger.events.dosing import DoseAdministered
from ledger.events.fields import FieldClass
from ledger.events.lifecycle import SessionScheduled
from projections.compliance.known import Fact, record_of
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import local

MANY: Final = 60
"""At most so many entries of one record are offered, the newest first."""

Choice = dict[str, Any]


def readers_of(record: str) -> frozenset[str] | None:
    """Who may be offered what stands on a record of this kind; None for everybody who is signed in."""
    kind = record.partition("/")[0]
    match kind:
        case "staff" | "location" | "protocol":
            return None
        case "stock":
            return STOCKTAKERS.roles
        case "couple":
            return PLANNERS.roles
        case _:
            return READERS.roles


def records_beside(ledger: LedgerAt, record: str) -> list[str]:
    """
    The record, and those that an entry on it may name.

    Beside one partner of a session stand its joint record and the person's own, beside a person their sessions, beside
    a container the places where it was counted and the doses from it; of a kind that is nobody's all are told.
    """
    if "/" not in record:
        return ledger.names(record)
    kind = record.partition("/")[0]
    if kind == "person":
        return [record, *(f"{history.session}/{slot}" for history, slot in ledger.sessions_of(record))]
    if kind == "stock":
        return [record, *ledger.names("location")]
    if kind != "session":
        return [record]
    joint = "/".join(record.split("/")[:2])
    plans = [fact.event for fact in ledger.recorded(joint) if isinstance(fact.event, SessionScheduled)]
    slot = record.removeprefix(joint).removeprefix("/")
    if not plans or not slot:
        return [joint]
    person = plans[-1].person_a if slot == "a" else plans[-1].person_b
    return [joint, *([person] if isinstance(person, str) else [])]


def entries_on(
    ledger: LedgerAt, record: str, types: frozenset[str], caller: Caller, event_id: Callable[[int], str | None]
) -> list[Choice]:
    """The entries on a record, or beside it, that are of these types (any, if there are none), the newest first."""
    found: list[Choice] = []
    for fact in sorted(_facts(ledger, record), key=lambda fact: fact.position, reverse=True):
        name = fact.event.type.split("/")[0]
        beside = fact.stream.partition("/")[0] != record.partition("/")[0]
        if (name not in types if types else beside) or not may_read_type(caller, fact.event.type):
            continue
        known = event_id(fact.position)
        if known is not None and len(found) < MANY:
            found.append(_entry(ledger, fact, known))
    return found


def _facts(ledger: LedgerAt, record: str) -> Iterator[Fact]:
    for each in records_beside(ledger, record):
        one = each.count("/") == 2 or record.count("/") == 2  # one partner: never what is the other's
        for fact in ledger.recorded(record_of(each)):
            if not one or fact.stream in (each, record):
                yield fact
    if record.startswith("stock/"):
        for fact in ledger.everywhere("session", DoseAdministered):
            if isinstance(fact.event, DoseAdministered) and fact.event.container == record:
                yield fact


def _entry(ledger: LedgerAt, fact: Fact, known: str) -> Choice:
    place = getattr(fact.event, "location", next(iter(ledger.names("location")), None))
    at = local(fact.at, ledger.zone(place if isinstance(place, str) else None)).strftime("%Y-%m-%d %H:%M %Z")
    said = f"{fact.event.type.split('/')[0].replace('-', ' ')} · {at}"
    open_words = _open_words(fact.event)
    return {
        "dig": fact.dig,
        "id": known,
        "position": fact.position,
        "type": fact.event.type,
        "at": to_instant(fact.at),
        "record": fact.stream,
        "words": f"{said} · {open_words}" if open_words else said,
    }


def _open_words(event: Event) -> str:
    """A few of an entry's open values, as far as they are short words: what tells one order from another."""
    told = []
    for name, field in type(event).model_fields.items():
        value = getattr(event, name)
        open_ = any(isinstance(each, FieldClass) and each.privacy == "open" for each in field.metadata)
        mass = getattr(value, "value", None)
        if open_ and isinstance(mass, str):
            told.append(f"{name.replace('_', ' ')} {mass} mg")
        elif open_ and isinstance(value, str) and name != "type" and len(value) <= 24 and "/" not in value:
            told.append(value)
    return ", ".join(told[:5])
