"""Keys: which there are, and how a new one comes to count."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from api.web.answers import answer
from api.web.bodies import Approval, CustodyKeyWanted, EnrolmentWanted
from api.web.both_times import AsAsked, size_of
from api.web.callers import OFFICERS, SIGNED_IN, Caller
from api.web.custody import DEVICE_COOKIE
from api.web.doors import Doors
from api.web.enrolments import Enrolment, Item, about, digest
from api.web.problems import KINDS
from api.web.routes.sign_in import CallerOf, check_pin
from api.web.service import Service, ServiceOf
from api.web.staff import codes_of, find_staff
from ledger.encoding import from_base64, to_base64, to_instant
from ledger.envelope import pae
from ledger.errors import LedgerError, Refused
from ledger.events.keys import KeyEnrolled
from ledger.events.sealing import make_event
from ledger.follow import key_history
from ledger.payload import Attestation, Occurred, parse_payload
from ledger.signing import key_id
from projections.snapshot import NOW

doors = Doors("Keys")

_KID = "4ac12c0da562e9b5e2c767053433d4c3453994cb4662449b048de520d7ff8600"
ENROLMENT = {
    "id": "019e311b-1900-7478-8ae5-475a1f34064a",
    "made_at": "2026-05-16T14:05:00.000000Z",
    "officer": "staff/3b0b7f0e-6f4e-4a53-9d0c-0a5a1f3c7e01",
    "officer_code": "MD1",
    "by": "staff/91d6c2ab-5c1d-4c0e-8f7a-2d9e4b6a8c02",
    "state": "pending",
    "items": [{"owner": "staff/91d6c2ab-…", "owner_code": "RN1", "kid": _KID, "payload": "eyJhdHRl…"}],
    "outcome": {},
}


@doors.get(
    "/v1/keys",
    who=SIGNED_IN,
    gives={
        "keys": [
            {
                "kid": _KID,
                "public": "5d59d9c926f3c42ecf13da28b956d048eb9cd7e9b0a57bd2258f9d91d07bf593",
                "owner": "staff/91d6c2ab-5c1d-4c0e-8f7a-2d9e4b6a8c02",
                "code": "RN1",
                "officer": False,
                "custody": "device",
                "enrolled_at": 6,
                "revoked_at": None,
                "suspect_from": None,
                "reason": None,
                "state": "valid",
            }
        ],
        "log_keys": [{"vkey": "ledger.example.test/…+…", "added_at": 0, "retired_at": None}],
    },
)
async def keys(service: ServiceOf, when: AsAsked) -> Response:
    """Every key enrolled by then: whose it is, where it is kept, and what it counts for in the entry after."""
    size = await size_of(service, when)
    history = service.keys.history
    if when != NOW:
        history = await service.read(key_history, service.opened.store, size, when.happened_up_to)
    known = history.all()
    codes = await service.read(codes_of, service.database, frozenset(key.owner for key in known))
    return answer(
        {
            "keys": [
                {
                    "kid": key.kid,
                    "public": key.public.hex(),
                    "owner": key.owner,
                    "code": codes[key.owner],
                    "officer": key.officer,
                    "custody": key.custody,
                    "enrolled_at": key.enrolled_at,
                    "revoked_at": key.revoked_at,
                    "suspect_from": key.suspect_from,
                    "reason": key.reason,
                    "state": service.keys.state(key) if when == NOW else history.state(key.kid, size),
                }
                for key in known
            ],
            "log_keys": [asdict(key) for key in history.log_keys()],
        }
    )


@doors.post(
    "/v1/enrolments",
    who=SIGNED_IN,
    takes={"items": [{"payload": "eyJhdHRl…", "signature": "kD3…"}]},
    gives=ENROLMENT,
    status_code=201,
)
async def hand_in_enrolments(body: EnrolmentWanted, caller: CallerOf, service: ServiceOf) -> Response:
    """Hand in new keys with their own signatures, for the officer their payloads name; a session's two together."""
    items = [
        Item(from_base64(each.payload, f"items[{i}].payload"), from_base64(each.signature, f"items[{i}].signature"))
        for i, each in enumerate(body.items)
    ]
    for index, item in enumerate(items):
        _refuse_for_others(item, caller, index)
    found = await service.read(service.enrolments.hand_in, items, caller.owner)
    return answer(await service.read(said, service, found), 201)


@doors.get("/v1/enrolments", who=OFFICERS, gives={"enrolments": [ENROLMENT]})
async def enrolments(service: ServiceOf) -> Response:
    """What waits for an officer, and what became of what waited, newest first."""
    await service.wait_for(service.size)  # an officer vouches for a person, so the names are those of now
    return answer(
        {"enrolments": await service.read(lambda: [said(service, each) for each in service.enrolments.all()])}
    )


@doors.post(
    "/v1/enrolments/{number}/approval",
    who=OFFICERS,
    takes={"signatures": ["kD3…"]},
    gives=ENROLMENT | {"state": "recorded", "outcome": {"positions": [7]}},
    status_code=201,
)
async def approve_enrolment(
    number: Annotated[str, Path(pattern="^[0-9a-f-]{36}$")], body: Approval, caller: CallerOf, service: ServiceOf
) -> Response:
    """Sign what waits for you; all of it is then recorded together."""
    signatures = [from_base64(each, f"signatures[{i}]") for i, each in enumerate(body.signatures)]
    found = await service.read(service.enrolments.find, number)
    if found.officer != caller.owner:
        raise Refused("not-allowed", "This waits for another officer.", remedy="The officer it names approves it.")
    await service.read(service.enrolments.approve, number, signatures)
    await service.write(service.record_approved)
    done = await service.read(service.enrolments.find, number)
    if done.state == "refused":
        raise _refused(done)
    return answer(await service.read(said, service, done), 201)


@doors.post(
    "/v1/custody-keys",
    who=SIGNED_IN,
    takes={"pin": "482913", "officer": "MD1"},
    gives=ENROLMENT,
    status_code=201,
)
async def make_custody_key(request: Request, body: CustodyKeyWanted, caller: CallerOf, service: ServiceOf) -> Response:
    """Have a key made that is kept here and opened by your PIN in this browser; an officer approves it."""
    if caller.officer:
        raise Refused("officer-custody", "An officer holds the key in person.", remedy="Make a key on your device.")
    officer = await service.read(find_staff, service.database, body.officer)
    officers = [key for key in service.keys.valid(officer.owner) if key.officer]
    if not officers:
        raise Refused("officer-missing", "This is no officer with a valid key.", field="officer")
    await check_pin(service, caller, body.pin)
    made = await service.stretch(service.custody.make, caller.owner, body.pin, request.cookies.get(DEVICE_COOKIE))
    event = make_event(
        KeyEnrolled,
        {
            "alg": "ed25519",
            "custody": "service",
            "officer": False,
            "owner": caller.owner,
            "pub": made.key.public.hex(),
        },
    )
    attested = [
        Attestation(by=caller.owner, key=made.key.kid, meaning="possession", role=next(iter(caller.roles), "service")),
        Attestation(by=officer.owner, key=officers[-1].kid, meaning="enrolled", role="security-officer"),
    ]
    now = Occurred(at=to_instant(service.clock.wall()), offset=0, precision="s", zone="UTC")

    def compose() -> Enrolment:
        data = service.composer().payload(event, "keys", attested, now)[0].bytes()
        return service.enrolments.hand_in([Item(data, made.key.sign(pae(data)))], caller.owner)

    response = answer(await service.read(said, service, await service.write(compose)), 201)
    response.set_cookie(
        DEVICE_COOKIE,
        made.device_secret,
        max_age=400 * 86_400,
        secure=service.settings.secure,
        httponly=True,
        samesite="strict",
    )
    return response


def _refuse_for_others(item: Item, caller: Caller, index: int) -> None:
    """Staff hand in keys of their own, and those of participants; keys kept by the service are made by it."""
    body = parse_payload(item.payload).body
    owner = str(body.get("owner", ""))
    field = f"items[{index}].owner"
    if owner.startswith("staff/") and owner != caller.owner:
        raise Refused("not-allowed", "A member of staff hands in their own key.", field=field)
    if owner.startswith("service/") and not caller.officer:
        raise Refused("not-allowed", "A service's key is handed in by an officer.", field=field)
    if owner.startswith("staff/") and body.get("custody") == "service":
        raise Refused(
            "custody-key", "This key is not kept here.", field=field, remedy="Have one made: POST /v1/custody-keys."
        )


def said(service: Service, found: Enrolment) -> dict[str, Any]:
    """An enrolment for pages and programs; of a device `kid` and `custody` are empty."""
    payloads = [parse_payload(item.payload) for item in found.items]
    owners = [about(payload) for payload in payloads]
    codes = codes_of(service.database, frozenset([found.officer, *owners]))
    return {
        "id": found.id,
        "made_at": found.made_at,
        "officer": found.officer,
        "officer_code": codes[found.officer],
        "by": found.by,
        "state": found.state,
        "items": [
            {
                "owner": owner,
                "owner_code": str(payload.body["code"]) if payload.stream == owner else codes[owner],
                "kid": key_id(bytes.fromhex(str(payload.body["pub"]))) if "pub" in payload.body else "",
                "custody": payload.body.get("custody", ""),
                "officer": payload.body.get("officer", False),
                "payload": to_base64(item.payload),
                "dig": digest(item),
            }
            for item, payload, owner in zip(found.items, payloads, owners, strict=True)
        ],
        "outcome": found.outcome,
    }


def _refused(done: Enrolment) -> LedgerError:
    """The error that an approval met when it was recorded."""
    said = {name: str(value) for name, value in done.outcome.items()}
    kind = next((kind for kind in KINDS if kind.__name__ == said.get("kind")), Refused)
    return kind(said["code"], said["message"], field=said["field"], remedy=said["remedy"])
