"""
What a form offers to choose from: records by the codes people know, and entries that a new one names.

A participant is told by couple and letter ("C-07, A"), as everywhere; by their pseudonym only as long as they are in no
couple. What was recorded about somebody is offered to those alone who read it: by role, by care, in confidence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from api.web.callers import FLOOR, PLANNERS, READERS, STOCKTAKERS, Caller
from ledger.encoding import from_instant
from ledger.events.authority import ConsentFormPublished, LocationRegistered, LocationRegistrationChanged
from ledger.events.base import Event
from ledger.events.choices import PUBLISHED
from ledger.events.course import CourseStarted
from ledger.events.inventory import StockReceived
from ledger.events.lifecycle import SessionScheduled
from ledger.events.people import CoupleRegistered, ParticipantRegistered, StaffRegistered
from ledger.events.stock import OwnMedicationCheckedIn
from projections.compliance.ledger_at import LedgerAt

SESSIONS: Final = 300
"""At most so many sessions are offered, the latest planned first; an older one is named by the page that leads here."""

Choice = dict[str, Any]


def choices(ledger: LedgerAt, caller: Caller) -> dict[str, list[Choice]]:
    """Everything a form offers by code to this reader, by kind."""
    roles = frozenset(caller.roles)
    planner = not roles.isdisjoint(PLANNERS.roles or ())
    couples = _couples(ledger) if planner else []
    sessions = _sessions(ledger, couples) if planner else []
    stock = _stock(ledger) if not roles.isdisjoint((STOCKTAKERS.roles or frozenset()) | {"custodian"}) else []
    return {
        "staff": _last(ledger, "staff", StaffRegistered, lambda event: {"code": event.code}),
        "location": _places(ledger),
        "protocol": _protocols(ledger),
        "consent_form": _consent_forms(ledger),
        "couple": couples,
        "person": _people(ledger, couples, roles) if planner else [],
        "session": sessions,
        "stock": stock,
        "lot": [{"id": lot, "code": lot} for lot in sorted({each["lot"] for each in stock if each.get("lot")})],
        "course": _courses(ledger) if not roles.isdisjoint(_CARING) else [],
    }


_CARING: Final = (FLOOR.roles or frozenset()) | {"scheduler"}


def _last(ledger: LedgerAt, kind: str, begun: type[Event], told: Callable[[Any], Choice]) -> list[Choice]:
    found = []
    for name in ledger.names(kind):
        said = [fact.event for fact in ledger.recorded(name) if isinstance(fact.event, begun)]
        if said:
            found.append({"id": name, **told(said[-1])})
    return sorted(found, key=lambda each: str(each["code"]))


def _places(ledger: LedgerAt) -> list[Choice]:
    found = []
    for name in ledger.names("location"):
        said = [
            fact.event
            for fact in ledger.recorded(name)
            if isinstance(fact.event, LocationRegistered | LocationRegistrationChanged)
        ]
        codes = [event.code for event in said if isinstance(event, LocationRegistered)]
        if codes:
            found.append({"id": name, "code": codes[-1], "zone": said[-1].time_zone})
    return sorted(found, key=lambda each: each["code"])


def _protocols(ledger: LedgerAt) -> list[Choice]:
    return _last(ledger, "protocol", PUBLISHED[0], _version) + _last(ledger, "protocol", PUBLISHED[-1], _version)


def _version(event: Any) -> Choice:  # noqa: ANN401  # either version of a protocol
    return {"code": f"{event.name} {event.version}"}


def _consent_forms(ledger: LedgerAt) -> list[Choice]:
    return [
        {
            "id": name,
            "code": f"{form.form} {form.version}",
            "form": form.form,
            "version": form.version,
            "text": form.text,
        }
        for name in ledger.names("protocol")
        for form in (fact.event for fact in ledger.recorded(name))
        if isinstance(form, ConsentFormPublished)
    ]


def _couples(ledger: LedgerAt) -> list[Choice]:
    return _last(
        ledger,
        "couple",
        CoupleRegistered,
        lambda event: {"code": event.code, "a": _told(event.person_a), "b": _told(event.person_b)},
    )


def _told(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _people(ledger: LedgerAt, couples: list[Choice], roles: frozenset[str]) -> list[Choice]:
    tied = {
        each[slot]: {"id": each[slot], "code": f"{each['code']}, {slot.upper()}", "couple": each["id"], "slot": slot}
        for each in couples
        for slot in ("a", "b")
        if each[slot]
    }
    alone = []
    if not roles.isdisjoint((READERS.roles or frozenset()) | {"registrar"}):
        for name in ledger.names("person"):
            said = [fact.event for fact in ledger.recorded(name) if isinstance(fact.event, ParticipantRegistered)]
            if name not in tied and said and (code := _told(said[-1].pseudonym)):
                alone.append({"id": name, "code": code})
    return [*sorted(tied.values(), key=lambda each: each["code"]), *sorted(alone, key=lambda each: each["code"])]


def _sessions(ledger: LedgerAt, couples: list[Choice]) -> list[Choice]:
    codes = {each["id"]: each["code"] for each in couples}
    found = []
    for name in ledger.names("session"):
        plans = [fact.event for fact in ledger.recorded(name) if isinstance(fact.event, SessionScheduled)]
        if not plans:
            continue
        plan = plans[-1]
        day = ledger.day(plan.location, from_instant(plan.planned_start))
        code = f"{codes.get(plan.couple, 'a couple')} · session {plan.ordinal} · {day}"
        told = {"couple": plan.couple, "location": plan.location, "a": _told(plan.person_a), "b": _told(plan.person_b)}
        found.append({"id": name, "code": code, "start": plan.planned_start, **told})
    return sorted(found, key=lambda each: str(each["start"]), reverse=True)[:SESSIONS]


def _stock(ledger: LedgerAt) -> list[Choice]:
    clinic = _last(ledger, "stock", StockReceived, lambda event: {"code": event.code, "lot": event.lot})
    own = _last(ledger, "stock", OwnMedicationCheckedIn, lambda event: {"code": event.code})
    return sorted([*clinic, *own], key=lambda each: str(each["code"]))


def _courses(ledger: LedgerAt) -> list[Choice]:
    found = {
        fact.event.course
        for name in ledger.names("person")
        for fact in ledger.recorded(name)
        if isinstance(fact.event, CourseStarted) and isinstance(fact.event.course, str)
    }
    return [{"id": each, "code": each} for each in sorted(found)]
