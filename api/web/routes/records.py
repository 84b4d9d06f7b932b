"""What was recorded, in words: sessions, one session's timeline, a couple's course."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from api.web.answers import answer
from api.web.bodies import Partner, SessionUuid
from api.web.both_times import AsAsked
from api.web.callers import PLANNERS, READERS, may_read
from api.web.doors import Doors
from api.web.routes.sign_in import CallerOf
from api.web.service import ServiceOf
from ledger.events.access import Purpose
from projections.couple_history import couple_history
from projections.pending import pending
from projections.session_list import sessions
from projections.session_timeline import timeline

doors = Doors("Records")

Why = Annotated[Purpose, Query(alias="purpose", description="What it is for, as the reader says; it is recorded.")]

_SUMMARY = {
    "session": "session/5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d603",
    "couple": "couple/1f0e…",
    "couple_code": "C-07",
    "location_code": "R-1",
    "ordinal": 1,
    "mode": "simultaneous",
    "date": "2026-05-16",
    "status": "open",
    "partners": [{"slot": "a", "phase": "peak", "doses": 1}, {"slot": "b", "phase": "peak", "doses": 1}],
    "evidence": [14, 21],
}
ROW = {
    "at": "2026-05-16T14:35:00.000000Z",
    "local": "2026-05-16 10:35",
    "precision": "min",
    "slot": "a",
    "phrase": "BP 128/80, SpO2 98 %",
    "marks": [],
    "late": [],
    "signed": [{"by": "RN1", "role": "nurse", "meaning": "performed"}],
    "type": "supervision-checked/1",
    "position": 43,
    "standing": [
        {
            "code": "voided",
            "words": "voided by RN1 at 11:05 because it was entered in error; confirmed by MD1",
            "positions": [88, 91],
            "audience": "all",
        }
    ],
    "counts": False,
    "was": "",
}


@doors.get(
    "/v1/sessions",
    who=PLANNERS,
    gives={
        "position": 83,
        "viewer": "staff",
        "couple": None,
        "location": None,
        "status": "open",
        "sessions": [_SUMMARY],
    },
)
async def list_sessions(
    service: ServiceOf,
    caller: CallerOf,
    when: AsAsked,
    couple: Annotated[str | None, Query(max_length=100, description="A couple's code or identifier.")] = None,
    location: Annotated[str | None, Query(max_length=100, description="A location's code or identifier.")] = None,
    status: Annotated[str | None, Query(max_length=20, description="scheduled, open or closed.")] = None,
) -> Response:
    """The sessions of a couple, a place and a status, or all, by day; who only plans sees no partner's part."""
    found = await service.read(sessions, service.database, couple=couple, location=location, status=status, as_of=when)
    if not may_read(caller):
        found = replace(found, sessions=tuple(replace(each, partners=(), evidence=()) for each in found.sessions))
    return answer(asdict(found), position=found.position)


@doors.get(
    "/v1/sessions/{uuid}/timeline",
    who=READERS,
    gives={"position": 83, "viewer": "staff", "summary": _SUMMARY, "rows": [ROW]},
)
async def session_timeline(
    service: ServiceOf,
    caller: CallerOf,
    uuid: SessionUuid,
    when: AsAsked,
    partner: Partner = None,
    purpose: Why = "other",
) -> Response:
    """One session as it went, both partners side by side, or one partner's own copy."""
    await service.read(service.glass.check, caller, {f"session/{uuid}"})
    found = await service.read(timeline, service.database, f"session/{uuid}", for_partner=partner, as_of=when)
    service.access.viewed(caller, [f"session/{uuid}/{partner}" if partner else f"session/{uuid}"], purpose)
    return answer(asdict(found), position=found.position)


@doors.get(
    "/v1/pending",
    who=READERS,
    gives={
        "position": 83,
        "entries": [
            {
                "position": 42,
                "session": "session/5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d603",
                "record": "session 5f2c9a64",
                "slot": "a",
                "local": "2026-05-16 10:05",
                "type": "dose-administered/1",
                "phrase": "100 mg sublingual from own-A, first dose",
                "lacks": ["observed, by a nurse or prescriber"],
            }
        ],
    },
)
async def pending_signatures(
    service: ServiceOf,
    caller: CallerOf,
    when: AsAsked,
    session: Annotated[
        str | None, Query(pattern=r"^(session/)?[0-9a-f-]{36}$", description="One session; else every record.")
    ] = None,
) -> Response:
    """What still lacks a second signature, and whose."""
    name = None if session is None else f"session/{session.removeprefix('session/')}"
    await service.read(service.glass.check, caller, {name} if name else set())
    found = await service.read(pending, service.database, session=name, as_of=when)
    if name is not None:
        service.access.viewed(caller, [name])
    else:
        service.access.searched(caller, ["pending"], len(found.entries))
    return answer(asdict(found), position=found.position)


@doors.get(
    "/v1/couples/{code}/history",
    who=READERS,
    gives={
        "position": 83,
        "viewer": "staff",
        "couple": "couple/1f0e…",
        "couple_code": "C-07",
        "total_mg": [["a", "150"], ["b", "100"]],
        "sessions": [],
    },
)
async def course(
    service: ServiceOf,
    caller: CallerOf,
    code: Annotated[str, Path(max_length=100, description="A couple's code or UUID.")],
    when: AsAsked,
    partner: Partner = None,
    purpose: Why = "other",
) -> Response:
    """A couple's course: its sessions in order, and for each partner apart what was given and how it ended."""
    found = await service.read(couple_history, service.database, code, for_partner=partner, as_of=when)
    await service.read(service.glass.check, caller, {each.session for each in found.sessions})
    service.access.viewed(caller, [found.couple], purpose)
    return answer(asdict(found), position=found.position)
