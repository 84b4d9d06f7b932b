"""What the room page and the floor board show, by the service's clock."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from api.web.access_traces import CODES, SEALED
from api.web.answers import answer
from api.web.bodies import SessionUuid
from api.web.both_times import AsAsked, size_of
from api.web.callers import FLOOR, READERS, ROOM, may_read_rule
from api.web.doors import Doors
from api.web.judging import changes_at, said
from api.web.lateness import late_evidence
from api.web.routes.sign_in import CallerOf
from api.web.service import ServiceOf
from ledger.encoding import to_instant
from ledger.errors import Refused
from projections.compliance.finding import Finding, Verdict

doors = Doors("Boards")

_PARTNER: dict[str, Any] = {
    "record": "session/5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d603/a",
    "phase": "peak",
    "checked_in_at": "2026-05-16T13:20:00.000000Z",
    "doses": [
        {
            "dig": "4e68…",
            "id": "019e311b-…",
            "position": 42,
            "at": "2026-05-16T14:05:00.000000Z",
            "mg": "100",
            "route": "sublingual",
            "container": "stock/0e9f…",
            "ordinal": 1,
        }
    ],
    "total_mg": "100",
    "last_check_at": "2026-05-16T14:35:00.000000Z",
    "declined_at": None,
    "last_vitals": {
        "position": 43,
        "at": "2026-05-16T14:35:00.000000Z",
        "values": {"blood_pressure": {"systolic": 128, "diastolic": 80}, "spo2": 98, "moaas": 5},
    },
    "due_at": "2026-05-16T14:50:00.000000Z",
    "limit_at": "2026-05-16T14:55:00.000000Z",
    "released_at": None,
    "released_until": None,
    "departed_at": None,
    "release": {"objections": []},
    "last": {
        "dose-administered/1": {"dig": "4e68…", "id": "019e311b-…", "position": 42, "at": "2026-05-16T14:05:00.000000Z"}
    },
    "pending": [{"position": 42, "lacks": ["observed, by a nurse or prescriber"]}],
    "monitors": [{"id": "staff/91d6…", "code": "RN1"}],
    "orders": [
        {"dig": "77ab…", "id": "019e…", "min_mg": "50", "max_mg": "150", "route": "sublingual", "holds_today": True}
    ],
    "containers": [{"id": "stock/0e9f…", "code": "own-A", "slot": "a", "strength_mg": "100", "balance_units": "9"}],
}
_FINDING = {
    "id": "0f3c…",
    "rule": "SUP-05",
    "version": "1",
    "verdict": "breached",
    "severity": "M",
    "slot": "a",
    "session": "session/5f2c9a64-…",
    "sentence": "No check for 21 minutes; the protocol asks for one every 15.",
    "due": "2026-05-16T14:50:00.000000Z",
    "limit": "2026-05-16T14:55:00.000000Z",
    "evidence": [42, 43],
    "late": [{"position": 42, "words": ["written 40 min after it happened"]}],
}


@doors.get(
    "/v1/sessions/{uuid}/room",
    who=ROOM,
    gives={
        "now": "2026-05-16T14:40:00.000000Z",
        "as_of": {"known_at": None, "happened_up_to": None},
        "session": {"id": "session/5f2c9a64-…", "status": "open", "mode": "simultaneous", "couple_code": "C-07"},
        "protocol": {"dig": "9a…", "id": "019e…"},
        "partners": {"a": _PARTNER, "b": _PARTNER},
        "last": {},
        "pending": [],
        "findings": [_FINDING],
        "next_change": "2026-05-16T14:55:01.000000Z",
    },
)
async def room(service: ServiceOf, caller: CallerOf, uuid: SessionUuid, when: AsAsked) -> Response:
    """All that the treatment room page of one session shows; two equal partners, by slot."""
    size = await size_of(service, when)
    service.access.viewed(caller, [f"session/{uuid}"], "treatment")
    return answer(await service.read(service.rooms.room, f"session/{uuid}", service.clock.wall(), when), position=size)


@doors.get(
    "/v1/floor",
    who=FLOOR,
    gives={
        "now": "2026-05-16T14:40:00.000000Z",
        "as_of": {"known_at": None, "happened_up_to": None},
        "position": 83,
        "refused": 0,
        "rooms": [{"session": "session/5f2c…", "couple_code": "C-07", "room": "Garden", "findings": [_FINDING]}],
        "next_change": "2026-05-16T14:55:01.000000Z",
    },
)
async def floor(service: ServiceOf, caller: CallerOf, when: AsAsked) -> Response:
    """Every open room, the one whose check is due first in front; times run on without any new event."""
    size = await size_of(service, when)
    wall = caller.session.board
    shown = await service.read(service.rooms.floor, service.clock.wall(), when, wall=wall)
    service.access.viewed(caller, [each["session"] for each in shown["rooms"]], "operations", CODES if wall else SEALED)
    return answer(shown, position=size)


@doors.get(
    "/v1/findings",
    who=READERS,
    gives={
        "position": 83,
        "as_of": "2026-05-16T14:56:00.000000Z",
        "findings": [_FINDING],
        "next_change": "2026-05-16T15:10:01.000000Z",
    },
)
async def findings(
    service: ServiceOf,
    caller: CallerOf,
    asked: AsAsked,
    session: Annotated[
        str | None, Query(pattern=r"^(session/)?[0-9a-f-]{36}$", description="One session; else all of them.")
    ] = None,
    rule: Annotated[str | None, Query(max_length=20, description="Such as SUP-05.")] = None,
    verdict: Annotated[Verdict | None, Query()] = None,
) -> Response:
    """What every rule says, with the positions it rests on; as known at a position, and as of an instant."""
    if rule is not None and rule not in service.judging.rules:
        known = ", ".join(service.judging.rules)
        raise Refused("unknown-filter", "There is no such rule.", field="rule", remedy=f"There are: {known}.")
    when, known_at = asked.happened_up_to or to_instant(service.clock.wall()), asked.known_at
    size = service.size if known_at is None else known_at
    name = None if session is None else f"session/{session.removeprefix('session/')}"

    def judge() -> list[Finding]:
        found = service.judging.findings(name, when, known_at)
        found = [each for each in found if may_read_rule(caller, each.rule)]
        return [each for each in found if rule in (None, each.rule) and verdict in (None, each.verdict)]

    found = await service.read(judge)
    if name is not None:
        service.access.viewed(caller, [name])
    else:
        filters = {"rule": rule, "verdict": verdict}
        service.access.searched(
            caller, ["findings", *(each for each, value in filters.items() if value is not None)], len(found)
        )
    told = await service.read(late_evidence, said(found), service.database)
    return answer({"position": size, "as_of": when, "findings": told, "next_change": changes_at(found)}, position=size)
