"""Emergency access: breaking the glass of one session, and the list of those who did."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from api.web.answers import answer
from api.web.bodies import GlassReason, SessionUuid
from api.web.both_times import AsAsked
from api.web.callers import EXPORTERS, READERS
from api.web.doors import Doors
from api.web.routes.sign_in import CallerOf
from api.web.service import Service, ServiceOf
from api.web.staff import codes_of
from ledger.errors import Refused
from ledger.follow import place
from ledger.reading import PlacedEvent
from ledger.store.port import EventRow
from projections.care import glass_broken
from projections.snapshot import AsOf

doors = Doors("Emergency access")


@doors.post(
    "/v1/sessions/{uuid}/glass",
    who=READERS,
    takes={"reason": "emergency"},
    gives={"position": 84, "hours": 12},
    status_code=201,
)
async def break_glass(service: ServiceOf, caller: CallerOf, uuid: SessionUuid, body: GlassReason) -> Response:
    """
    Open a session that is not theirs to open: it is recorded, signed by the service, and opens for twelve hours.

    Who may read it anyway gets 200 and no position: nothing was broken.
    """
    session = f"session/{uuid}"
    if not await service.read(service.opened.store.stream_rows, session):
        raise Refused("not-found", "There is no such session.", field="uuid")
    position = await service.write(service.glass.break_for, caller, session, body.reason)
    service.look()
    return answer({"position": position, "hours": 12}, 200 if position is None else 201)


@doors.get(
    "/v1/glass",
    who=EXPORTERS,
    gives={
        "position": 91,
        "broken": [
            {
                "position": 84,
                "received": "2026-05-16T14:35:20.000000Z",
                "session": "session/5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d603",
                "staff": "staff/91d6…",
                "code": "RN3",
                "role": "nurse",
                "reason": "emergency",
                "reviewed": [],
            }
        ],
    },
)
async def glass(service: ServiceOf, when: AsAsked) -> Response:
    """Everybody who opened a session that was not theirs to open, the newest first, and which of it was reviewed."""
    position, broken = await service.read(_broken, service, when)
    return answer({"position": position, "broken": broken}, position=position)


def _broken(service: Service, when: AsOf) -> tuple[int, list[dict[str, Any]]]:
    store = service.opened.store

    def read(position: int) -> PlacedEvent | None:
        row = store.row(position)
        return place(store, row) if isinstance(row, EventRow) else None

    position, found = glass_broken(service.database, read, when)
    codes = codes_of(service.database, frozenset(event.staff for _, event in found))
    said = [
        {
            "position": use.position,
            "received": use.received,
            "session": use.session,
            "staff": event.staff,
            "code": codes[event.staff],
            "role": event.role,
            "reason": event.reason,
            "reviewed": list(use.reviewed),
        }
        for use, event in found
    ]
    return position, said
