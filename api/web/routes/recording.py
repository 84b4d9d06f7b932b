"""Recording: the three ways in which an event enters the log."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from api.web.answers import answer
from api.web.bodies import Batch, HandedIn, Statement
from api.web.callers import SIGNED_IN, Caller
from api.web.composing import Composer, event_of, signature_of
from api.web.custody import DEVICE_COOKIE
from api.web.doors import Doors
from api.web.problems import problem
from api.web.routes.sign_in import CallerOf, check_pin
from api.web.service import Receipted, Service, ServiceOf
from ledger.errors import Invalid, LedgerError, Refused
from ledger.payload import Occurred, Seen
from ledger.record import Submission

doors = Doors("Recording")

_RECORDED = {
    "position": 42,
    "version": 3,
    "dig": "4e686e191314221cbaeab8a8e5ef28a0fcb1de3ae99858c24a8db942f9f53bf4",
    "event_id": "019e311b-1900-7478-8ae5-475a1f34064a",
    "received_at": "2026-05-16T14:05:21.123456Z",
    "repeated": False,
    "quarantined": False,
    "receipt": "c2sp.org/tlog-proof@v1\nextra …\nindex 42\n…",
}
_ENVELOPE = {
    "envelope": '{"payload":"eyJhdHRl…","payloadType":"application/vnd.session-ledger.event.v1+json",'
    '"signatures":[{"keyid":"4ac12c0d…","sig":"…"}]}',
    "blocks": ["WyJxdzhGYk5pWnI0RGdTMHhXVFdwaUhBIiwi…"],
}


@doors.post("/v1/events", who=SIGNED_IN, takes=_ENVELOPE, gives=_RECORDED, status_code=201)
async def record_event(body: HandedIn, caller: CallerOf, service: ServiceOf) -> Response:
    """Record one signed event; the same again gives its first place with status 200."""
    done = (await service.record([_submission(body, caller)]))[0]
    return answer(_said(done), 200 if done.recorded.repeated else 201)


@doors.post(
    "/v1/batches",
    who=SIGNED_IN,
    takes={"items": [_ENVELOPE]},
    gives={"items": [{"status": 201, **_RECORDED}]},
    max_body_size=8_388_608,
)
async def record_batch(body: Batch, caller: CallerOf, service: ServiceOf) -> Response:
    """Record events one after another, as an offline device kept them; a bad one does not stop the others."""
    read = [_item(item, caller) for item in body.items]
    results = iter(await service.record_each([each for each in read if isinstance(each, Submission)]))
    return answer(
        {"items": [_said_or_failed(next(results) if isinstance(each, Submission) else each) for each in read]}
    )


@doors.post(
    "/v1/statements",
    who=SIGNED_IN,
    takes={
        "type": "session-phase-changed/1",
        "stream": "session/5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d603",
        "fields": {"covers": ["a", "b"], "phase": "dialogue"},
        "occurred": {
            "at": "2026-05-16T14:05:00.000000Z",
            "offset": -240,
            "precision": "min",
            "zone": "America/New_York",
        },
        "pin": "482913",
    },
    gives=_RECORDED,
    status_code=201,
)
async def state(request: Request, body: Statement, caller: CallerOf, service: ServiceOf) -> Response:
    """Say what happened and sign it with the key that is kept for you, opened by your PIN; not for officers."""
    if caller.officer:
        raise Refused(
            "officer-custody",
            "An officer holds the key in person.",
            remedy="Sign on your own device (POST /v1/events).",
        )
    event = event_of(body.type, body.stream, body.fields)
    signer, role = signature_of(event, caller.roles, body.role)
    occurred = _occurred(body)
    await check_pin(service, caller, body.pin)
    kids = frozenset(key.kid for key in service.keys.valid(caller.owner) if key.custody == "service")
    key = await service.stretch(service.custody.open, caller.owner, kids, body.pin, request.cookies.get(DEVICE_COOKIE))

    def compose_and_record() -> Receipted:
        submission = composer(service).signed(event, body.stream, caller.owner, key, role, signer.meaning, occurred)
        return service.record_now([submission])[0]

    return answer(_said(await service.write(compose_and_record)), 201)


def composer(service: Service) -> Composer:
    """What a payload composed now has in common with others; asked for in the writer's thread."""
    checkpoint = service.recorder.checkpoint()
    seen = Seen(root=checkpoint.root.hex(), size=checkpoint.size)
    return Composer(service.opened.pin.origin, service.clock.wall(), seen, service.entropy)


def _item(item: dict[str, Any], caller: Caller) -> Submission | Invalid:
    try:
        return _submission(HandedIn.model_validate(item), caller)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        return Invalid("body", f"{first['msg']}.", field=".".join(map(str, first["loc"])))
    except Invalid as error:
        return error


def _said_or_failed(done: Receipted | LedgerError) -> dict[str, Any]:
    if isinstance(done, LedgerError):
        return _failed(done)
    return {"status": 200 if done.recorded.repeated else 201, **_said(done)}


def _failed(error: LedgerError) -> dict[str, Any]:
    document = problem(error, in_body=True)
    return {"status": document["status"], "problem": document}


def _submission(body: HandedIn, caller: Caller) -> Submission:
    """What a signed-in person hands in: also what a key signed that was revoked meanwhile, if theirs counts."""
    try:
        return Submission(body.envelope.encode("utf-8"), tuple(body.blocks), caller.owner)
    except UnicodeEncodeError:
        raise Invalid("not-canonical", "This is no Unicode text.", field="envelope") from None


def _said(done: Receipted) -> dict[str, Any]:
    return {**asdict(done.recorded), "receipt": done.receipt}


def _occurred(body: Statement) -> Occurred:
    try:
        return Occurred(**body.occurred.model_dump())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Invalid("payload-format", f"{first['msg']}.", field=f"occurred.{first['loc'][0]}") from None
