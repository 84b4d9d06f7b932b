"""Devices: what is known of each, what was kept for the alarm, and the service's own key."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from api.devices_list import chain_at, said_of_all, standing_of
from api.refused_list import refused_list
from api.web.answers import answer
from api.web.bodies import DeviceUuid
from api.web.both_times import AsAsked
from api.web.callers import OFFICERS, SIGNED_IN
from api.web.doors import Doors
from api.web.enrolments import Item
from api.web.routes.enrolments import ENROLMENT, said
from api.web.routes.sign_in import CallerOf
from api.web.service import ServiceOf
from ledger.encoding import to_instant
from ledger.envelope import pae
from ledger.errors import Refused
from ledger.events.keys import KeyEnrolled
from ledger.events.sealing import make_event
from ledger.payload import Attestation, Occurred
from projections.both_times import size_asked

doors = Doors("Devices")

_DEVICE = "device/7a1b4c8d-93e2-4f05-9b6e-58c0d7a3f106"


@doors.get(
    "/v1/devices",
    who=SIGNED_IN,
    gives={
        "devices": [
            {
                "id": _DEVICE,
                "code": "T-1",
                "enrolled": True,
                "revoked": False,
                "entries": 61,
                "last_seq": 62,
                "last_dig": "4e686e191314221cbaeab8a8e5ef28a0fcb1de3ae99858c24a8db942f9f53bf4",
                "faults": [{"fault": "hole", "first": 40, "last": 40, "evidence": [311, 312]}],
                "came_late": 0,
                "last_sync": {"at": "2026-05-18T13:00:00.000000Z", "offset_ms": 421000, "round_trip_ms": 180},
            }
        ]
    },
)
async def devices(service: ServiceOf, when: AsAsked) -> Response:
    """Every device that was enrolled or has written: its chain with what is wrong in it, and its clock."""

    def read() -> list[dict[str, Any]]:
        known, size = service.compliance.devices()
        return said_of_all(known, when, size_asked(when, size))

    return answer({"devices": await service.read(read)})


@doors.get(
    "/v1/devices/{uuid}",
    who=SIGNED_IN,
    gives={
        "id": _DEVICE,
        "code": "T-1",
        "enrolled": True,
        "revoked": False,
        "entries": 61,
        "last_seq": 62,
        "last_dig": "4e686e191314221cbaeab8a8e5ef28a0fcb1de3ae99858c24a8db942f9f53bf4",
    },
)
async def device(uuid: DeviceUuid, service: ServiceOf, when: AsAsked) -> Response:
    """How far one device has come; nothing yet for one that nobody knows."""

    def read() -> dict[str, Any]:
        known, size = service.compliance.devices()
        return standing_of(chain_at(known.chain(f"device/{uuid}"), when), size_asked(when, size))

    return answer(await service.read(read))


@doors.get(
    "/v1/refused",
    who=OFFICERS,
    gives={
        "refused": [
            {
                "received_at": "2026-05-18T13:00:00+00:00",
                "code": "id-used",
                "event_id": "019e311b-1900-7478-8ae5-475a1f34064a",
                "dig": "4e68…",
                "type": "dose-administered/1",
                "stream": "session/5f2c…/a",
                "signed_by": ["staff/91d6…"],
                "first_position": 75,
            }
        ]
    },
)
async def refused(service: ServiceOf, when: AsAsked) -> Response:
    """What was refused and kept for the alarm: other content under an event's id, which no accident makes."""
    found = await service.read(refused_list, service.opened.store, when)
    return answer({"refused": [each.as_json() for each in found]})


@doors.post("/v1/service-key", who=OFFICERS, takes={}, gives=ENROLMENT, status_code=201)
async def make_service_key(caller: CallerOf, service: ServiceOf) -> Response:
    """Have the service make a key of its own, which waits for your approval; with it it signs what it notices."""
    officers = [key for key in service.keys.valid(caller.owner) if key.officer]
    if not officers:
        raise Refused("officer-missing", "You hold no officer's key that counts.")

    def compose() -> dict[str, Any]:
        own = service.own_key.made()
        event = make_event(
            KeyEnrolled,
            {
                "alg": "ed25519",
                "custody": "service",
                "officer": False,
                "owner": own.owner,
                "pub": own.key.public.hex(),
            },
        )
        attested = [
            Attestation(by=own.owner, key=own.key.kid, meaning="possession", role="service"),
            Attestation(by=caller.owner, key=officers[-1].kid, meaning="enrolled", role="security-officer"),
        ]
        now = Occurred(at=to_instant(service.clock.wall()), offset=0, precision="s", zone="UTC")
        data = service.composer().payload(event, "keys", attested, now)[0].bytes()
        return said(service, service.enrolments.hand_in([Item(data, own.key.sign(pae(data)))], caller.owner))

    return answer(await service.write(compose), 201)
