"""What the room page and the floor board show, by the service's clock."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from api.web.access_traces import CODES, SEALED
from api.web.answers import answer
from api.web.bodies import SessionUuid
from api.web.both_times import AsAsked, size_of
from api.web.callers import FLOOR, ROOM
from api.web.doors import Doors
from api.web.routes.sign_in import CallerOf
from api.web.service import ServiceOf

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
FINDING: dict[str, Any] = {
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
"""An example."""


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
        "findings": [FINDING],
        "next_change": "2026-05-16T14:55:01.000000Z",
    },
)
async def room(service: ServiceOf, caller: CallerOf, uuid: SessionUuid, when: AsAsked) -> Response:
    """All that the treatment room page of one session shows; two equal partners, by slot."""
    size = await size_of(service, when)
    await service.read(service.glass.check, caller, {f"session/{uuid}"})
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
        "rooms": [{"session": "session/5f2c…", "couple_code": "C-07", "room": "Garden", "findings": [FINDING]}],
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
