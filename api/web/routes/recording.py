"""Recording: the three ways in which an event enters the log."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from api.web.answers import answer
from api.web.bodies import Batch, HandedIn, Statement
from api.web.callers import SIGNED_IN, Caller
from api.web.composing import event_of, signatures_of
from api.web.custody import DEVICE_COOKIE
from api.web.doors import Doors
from api.web.problems import problem
from api.web.routes.sign_in import CallerOf, check_pin
from api.web.service import Receipted, Service, ServiceOf
from api.web.syncing import SyncSaid, signed_sync, sync_event
from ledger.errors import Invalid, LedgerError, Refused
from ledger.payload import Occurred
from ledger.record import Submission

doors = Doors("Recording")
log = logging.getLogger("session_ledger")

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
    takes={
        "items": [_ENVELOPE],
        "sync": {
            "device": "device/7a1b4c8d-93e2-4f05-9b6e-58c0d7a3f106",
            "clock": "2026-05-18T13:07:01.250000Z",
            "round_trip_ms": 180,
        },
        "checkpoint": "ledger.example.test/00c0ffee00c0ffee\n42\n6GCx…\n\n— ledger.example.test/… xJ8W…\n",
    },
    gives={
        "items": [{"status": 201, "result": "recorded", **_RECORDED}],
        "sync": {"position": 41, "offset_ms": 421000},
        "checkpoint": {"agrees": True},
    },
    max_body_size=8_388_608,
)
async def record_batch(body: Batch, caller: CallerOf, service: ServiceOf) -> Response:
    """Record events one after another, as an offline device kept them; a bad one does not stop the others."""
    arrived = service.clock.wall()
    checkpoint = None if body.checkpoint is None else await service.write(_compare, service, body.checkpoint)
    read = [_item(item, caller) for item in body.items]
    sync = None
    if body.sync is not None:
        said = SyncSaid(body.sync.device, body.sync.clock, body.sync.round_trip_ms)
        items = [each for each in read if isinstance(each, Submission)]
        sync = await service.write(_heard, service, said, items, arrived)
    results = iter(await service.record_each([each for each in read if isinstance(each, Submission)]))
    told = [_said_or_failed(next(results) if isinstance(each, Submission) else each) for each in read]
    return answer({"items": told, "sync": sync, "checkpoint": checkpoint})


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
    gives=_RECORDED | {"envelope": _ENVELOPE["envelope"]},
    status_code=201,
)
async def state(request: Request, body: Statement, caller: CallerOf, service: ServiceOf) -> Response:
    """
    Say what happened and sign it with the key that is kept for you, opened by your PIN; not for officers.

    What the table of authority does not allow is not signed here (`role-not-held`, `own-act`, `not-their-act`); the
    remedy says who else could. The envelope is what the receipt is for.
    """
    if caller.officer:
        raise Refused(
            "officer-custody",
            "An officer holds the key in person.",
            remedy="Sign on your own device (POST /v1/events).",
        )
    event = event_of(body.type, body.stream, body.fields)
    signatures = signatures_of(event, caller.roles, body.role)
    occurred = _occurred(body)
    await check_pin(service, caller, body.pin)
    signer, role = await service.read(service.desk.choose, event, body.stream, caller.owner, signatures, occurred)
    kids = frozenset(key.kid for key in service.keys.valid(caller.owner) if key.custody == "service")
    key = await service.stretch(service.custody.open, caller.owner, kids, body.pin, request.cookies.get(DEVICE_COOKIE))

    def compose_and_record() -> dict[str, Any]:
        submission = service.composer().signed(event, body.stream, caller.owner, key, role, signer.meaning, occurred)
        return _said(service.record_now([submission])[0]) | {"envelope": submission.envelope.decode()}

    return answer(await service.write(compose_and_record), 201)


def _item(item: dict[str, Any], caller: Caller) -> Submission | Invalid:
    try:
        return _submission(HandedIn.model_validate(item), caller)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        return Invalid("body", f"{first['msg']}.", field=".".join(map(str, first["loc"])))
    except Invalid as error:
        return error


def _compare(service: Service, note: str) -> dict[str, Any]:
    """Whether a device's checkpoint is one of this log's; one that nobody here has signed says nothing."""
    try:
        service.recorder.hand_in(note.encode("utf-8", "replace"))
    except (Invalid, Refused) as error:
        return {"agrees": False, "problem": problem(error, in_body=True)}
    return {"agrees": True}


def _heard(
    service: Service, said: SyncSaid, items: list[Submission], arrived: datetime
) -> dict[str, int | None] | None:
    """What is recorded of a device's clock before anything it brings; None when nothing can be."""
    own = service.own_key.counting()
    event = None if own is None else sync_event(said, items, arrived, service.opened.store)
    if own is None or event is None:
        return None
    try:
        done = service.record_now([signed_sync(event, said.device, own, service.composer())])[0]
    except (Invalid, Refused) as error:  # what it brings is recorded all the same; its clock stays unknown
        log.warning("sync", extra={"fields": {"code": error.code}})
        return None
    return {"position": done.recorded.position, "offset_ms": event.offset_ms}


def _said_or_failed(done: Receipted | LedgerError) -> dict[str, Any]:
    if isinstance(done, LedgerError):
        return _failed(done)
    repeated = done.recorded.repeated
    return {"status": 200 if repeated else 201, "result": "repeated" if repeated else "recorded", **_said(done)}


def _failed(error: LedgerError) -> dict[str, Any]:
    """Refused; or refused and kept, when somebody has used an event's id for other content."""
    document = problem(error, in_body=True)
    result = "kept-for-alarm" if error.code == "id-used" else "refused"
    return {"status": document["status"], "result": result, "problem": document}


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
