"""What anybody may ask, and the shapes of events."""

from __future__ import annotations

from starlette.responses import Response

from api.web.answers import answer
from api.web.callers import ANYBODY, SIGNED_IN
from api.web.doors import Doors
from api.web.service import ServiceOf
from api.web.shapes import shapes
from ledger.encoding import to_instant

doors = Doors("Service")


@doors.get(
    "/v1/status",
    who=ANYBODY,
    gives={
        "origin": "ledger.example.test/00c0ffee00c0ffee",
        "organisation": "Riverbend Retreat Clinic",
        "practice": True,
        "set_up": True,
        "now": "2026-05-16T14:05:00.000000Z",
        "size": 83,
    },
)
async def status(service: ServiceOf) -> Response:
    """Which ledger this is, whether the service is set up, and what time it is here."""
    return answer(
        {
            "origin": service.opened.pin.origin,
            "organisation": service.opened.organisation,
            "practice": service.opened.practice,
            "set_up": await service.read(lambda: service.accounts.set_up),
            "now": to_instant(service.clock.wall()),
            "size": service.size,
        }
    )


@doors.get(
    "/v1/shapes",
    who=SIGNED_IN,
    gives={
        "dose-declined/1": {
            "stream": "partner",
            "authorises": False,
            "fields": [{"field": "stage", "privacy": "sensitive", "slot": None, "name": "stage"}],
            "signers": [{"meaning": "declined", "by": "subject", "roles": ["participant"], "when": "now"}],
        }
    },
)
async def event_shapes() -> Response:
    """The shape of every type of event: its record, its fields with their privacy, and who signs it."""
    return answer(shapes())
