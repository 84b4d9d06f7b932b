"""What stands between a couple and their session: the sessions ahead, one of them, or a couple that is not planned."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Path, Query
from starlette.responses import Response

from api.readiness_list import DAYS, head_said, readiness_said, summary_said
from api.web.answers import answer
from api.web.bodies import Partner, SessionUuid
from api.web.both_times import AsAsked
from api.web.callers import ROOM, Caller, may_read_rule
from api.web.doors import Doors
from api.web.routes.sign_in import CallerOf
from api.web.service import Service, ServiceOf
from ledger.encoding import to_instant
from ledger.vocabulary import Slot
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.readiness import Readiness, couple_readiness, readiness
from projections.compliance.sessions_ahead import sessions_ahead
from projections.couple_history import couple_history
from projections.snapshot import AsOf

doors = Doors("Readiness")

_HEAD = {
    "session": "session/5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d603",
    "couple": "couple/1f0e…",
    "couple_code": "C-07",
    "status": "scheduled",
    "location": "location/5a…",
    "location_code": "R-1",
    "zone": "America/New_York",
    "starts": "2026-05-16T13:00:00.000000Z",
}
_GATE = {
    "rule": "ELIG-08",
    "version": "1",
    "title": "Each partner was asked alone about coercion and safety, not too long ago.",
    "severity": "M",
    "slot": "a",
    "verdict": "breached",
    "state": "closed",
    "sentence": "A: no private safety screen is on record.",
    "figures": {"eligibility.safety_screen_days": "180"},
    "evidence": [],
    "staff": None,
    "credential": None,
    "override": "medical-director",
    "overridden_by": None,
    "opened_by": [
        {
            "type": "private-safety-screen-completed/1",
            "record": "person/3c…",
            "fields": {},
            "signed_by": [{"meaning": "performed", "whose": "staff", "roles": ["nurse", "prescriber", "therapist"]}],
            "of_the_session": False,
        }
    ],
    "otherwise": "",
    "change": {"at": "2026-05-17T04:00:00.000000Z", "opens": False},
    "on_the_day": False,
}
_WHOLE = _HEAD | {
    "position": 83,
    "as_of": "2026-05-15T21:00:00.000000Z",
    "acts": [
        {
            "act": "opening",
            "slot": None,
            "type": "session-opened/1",
            "standing": "ahead",
            "why": "",
            "done": None,
            "gates": [_GATE],
        }
    ],
    "unsigned": [
        {
            "position": 42,
            "record": "person/3c…",
            "slot": "a",
            "type": "consent-signed/1",
            "lacks": ["witnessed, by a nurse or registrar"],
        }
    ],
}
_LINE = {"act": "opening", "slot": None, "standing": "ahead", "missing": 3, "on_the_day": 0}


@doors.get(
    "/v1/readiness",
    who=ROOM,
    gives={
        "position": 83,
        "as_of": "2026-05-15T21:00:00.000000Z",
        "sessions": [_HEAD | {"in_care": True, "acts": [_LINE], "missing": 3}],
        "later": 0,
    },
)
async def sessions_to_come(
    service: ServiceOf,
    caller: CallerOf,
    when: AsAsked,
    days: Annotated[int, Query(ge=1, le=400, description="How many days ahead; later ones are only counted.")] = DAYS,
) -> Response:
    """
    The sessions planned or under way, with what each lacks as it would stand at its planned start.

    Of a session that is not in the care of whoever asks there is only that it is planned.
    """
    told, later, ledger = await service.read(_list, service, caller, when, days)
    service.access.searched(caller, ["readiness"], len(told))
    found = {"position": ledger.size, "as_of": to_instant(ledger.as_of), "sessions": told, "later": later}
    return answer(found, position=ledger.size)


def _list(service: Service, caller: Caller, when: AsOf, days: int) -> tuple[list[dict[str, Any]], int, LedgerAt]:
    ledger = _at(service, when)
    told = []
    mine: dict[str, bool] = {}

    def wanted(session: str) -> bool:
        mine[session] = service.glass.is_open(caller, session)
        return mine[session]

    ahead = sessions_ahead(ledger, wanted, timedelta(days=days))
    for found in ahead.sessions:
        if mine[found.session]:
            told.append({"in_care": True, **summary_said(found, ledger, lambda rule: may_read_rule(caller, rule))})
        else:
            told.append({"in_care": False, **head_said(found, ledger), "acts": [], "missing": None})
    return told, ahead.later, ledger


@doors.get("/v1/sessions/{uuid}/readiness", who=ROOM, gives=_WHOLE)
async def session_readiness(
    service: ServiceOf, caller: CallerOf, uuid: SessionUuid, when: AsAsked, partner: Partner = None
) -> Response:
    """
    Every gate before the opening, the doses and the releases ahead of one session, as the desk would ask it now.

    Each says its sentence, its evidence, who may override it, what opens it, and when it changes by itself.
    """
    session = f"session/{uuid}"
    await service.read(service.glass.check, caller, {session})

    def read() -> tuple[dict[str, Any], LedgerAt]:
        ledger = _at(service, when)
        return _said(readiness(ledger, session), ledger, caller, partner), ledger

    told, ledger = await service.read(read)
    service.access.viewed(caller, [f"{session}/{partner}" if partner else session], "treatment")
    return answer(told, position=ledger.size)


@doors.get("/v1/couples/{code}/readiness", who=ROOM, gives=_WHOLE | {"session": None, "status": "unplanned"})
async def couple_to_plan(
    service: ServiceOf,
    caller: CallerOf,
    code: Annotated[str, Path(max_length=100, description="A couple's code or UUID.")],
    when: AsAsked,
    partner: Partner = None,
) -> Response:
    """What each partner of a couple lacks to be planned, opened and dosed now; staff and place are planned later."""
    course = await service.read(couple_history, service.database, code, as_of=when)
    await service.read(service.glass.check, caller, {each.session for each in course.sessions})

    def read() -> tuple[dict[str, Any], LedgerAt]:
        ledger = _at(service, when)
        return _said(couple_readiness(ledger, course.couple), ledger, caller, partner), ledger

    told, ledger = await service.read(read)
    service.access.viewed(caller, [course.couple], "treatment")
    return answer(told, position=ledger.size)


def _at(service: Service, when: AsOf) -> LedgerAt:
    instant = when.happened_up_to or to_instant(service.clock.wall())
    return service.compliance.at(as_of=instant, known_at=when.known_at)


def _said(found: Readiness, ledger: LedgerAt, caller: Caller, partner: Slot | None) -> dict[str, Any]:
    told = readiness_said(found, ledger, lambda rule: may_read_rule(caller, rule), partner)
    return {"position": ledger.size, "as_of": to_instant(ledger.as_of), **told}
