"""What the ledger says of itself: when it was verified last, and which checkpoints stand outside."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from api.integrity import anchor_before, anchored, last_result, record_of
from api.web.answers import answer
from api.web.bodies import Anchored
from api.web.callers import KEEPERS
from api.web.doors import Doors
from api.web.service import Service, ServiceOf
from ledger.encoding import to_instant

doors = Doors("Integrity")

_RESULT = {
    "verified": True,
    "at": "2026-05-17T11:00:00.000000Z",
    "position": 402,
    "size": 402,
    "codes": [],
    "first_bad": None,
}


@doors.get(
    "/v1/integrity",
    who=KEEPERS,
    gives={"last": _RESULT, "every_h": 24, "due_at": "2026-05-18T11:00:00.000000Z"},
)
async def integrity(service: ServiceOf) -> Response:
    """When this service verified the whole ledger last, what came of it, and when it will again."""
    return answer(await service.read(_integrity, service))


@doors.post(
    "/v1/anchors",
    who=KEEPERS,
    takes={"checkpoint": "ledger.example.test/00c0…\n83\n6GCx…=\n\n— …\n", "place": "safe 12, bank", "proof": None},
    gives={"position": 84, "new": True},
    status_code=201,
)
async def anchor(service: ServiceOf, body: Anchored) -> Response:
    """Record that this checkpoint stands at a place outside, once it was compared with the log."""
    position, new = await service.write(_anchor, service, body)
    service.look()
    return answer({"position": position, "new": new}, 201 if new else 200)


def _integrity(service: Service) -> dict[str, Any]:
    checks, now = service.self_checks, service.clock.wall()
    period = checks.period(now)
    own = service.own_key.counting()
    last = None if own is None else last_result(service.opened.store, own.owner)
    since = checks.since()
    told = None
    if last is not None:
        body = last.payload.body
        told = {
            "verified": last.payload.type.startswith("sys-integrity-verified"),
            "at": last.received_at,
            "position": last.position,
            "size": body["size"],
            "codes": body.get("codes", []),
            "first_bad": body.get("position"),
        }
    due = None if since is None else to_instant(since + period)
    return {"last": told, "every_h": int(period.total_seconds() // 3600), "due_at": due}


def _anchor(service: Service, body: Anchored) -> tuple[int, bool]:
    own = service.own_word.key()
    kept = service.recorder.hand_in(body.checkpoint.encode())
    event = anchored(kept, body.place, body.proof)
    before = anchor_before(service.opened.store, own.owner, event)
    if before is not None:
        return before, False
    return service.own_word.say(event, record_of(own.owner), "verified"), True
