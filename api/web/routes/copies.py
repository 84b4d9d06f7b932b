"""Copies that leave the ledger, each with a signed trace: who took it, what for, of what, and the hash of its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response, StreamingResponse

from api.web.access_traces import CODES, SEALED
from api.web.bodies import Partner, SessionUuid
from api.web.callers import EXPORTERS, Caller
from api.web.copies import MEDIA, copied_records, exported, line, log_lines, manifest, session_copy, signed_head
from api.web.doors import Doors
from api.web.routes.sign_in import CallerOf
from api.web.service import Service, ServiceOf
from ledger.entry import stream_tag
from ledger.events.access import Purpose

doors = Doors("Copies")

TRACE = "Ledger-Trace"
"""The header that says where the trace of a copy stands."""

Why = Annotated[Purpose, Query(alias="purpose", description="What the copy is for; it is recorded, and stands in it.")]
_BATCH = 500
_LINES = '{"copy":"session-ledger/copy/v1","what":"session",…}\n{"position":42,"entry":"…","envelope":"…",…}\n'


@doors.get("/v1/sessions/{uuid}/copy", who=EXPORTERS, media=MEDIA, gives=_LINES)
async def copy_of_session(
    service: ServiceOf, caller: CallerOf, uuid: SessionUuid, purpose: Why, partner: Partner = None
) -> Response:
    """
    A session as signed bytes, JSON Lines to keep and to check, or one partner's own part of it.

    Its trace is recorded first: where it cannot be, or a rule objects, nothing is given out. Who asks for their own
    record gets their own part: a copy of both for one of them is refused.
    """
    session = f"session/{uuid}"
    content, size = await service.read(session_copy, service, caller, session, partner, purpose)
    event = exported(
        caller,
        hashlib.sha256(content).hexdigest(),
        [stream_tag(service.opened.pin.origin, record) for record in copied_records(session, partner)],
        size,
        purpose=purpose,
        privacy=SEALED,
        partner_left_out=partner is not None,
    )
    position = await service.write(service.own_word.say, event, _record(service), "observed")
    service.look()
    name = f"session-{uuid[:8]}{'-' + partner if partner else ''}.jsonl"
    return Response(content, 200, _headers(name) | {TRACE: str(position)}, MEDIA)


@doors.get("/v1/log/copy", who=EXPORTERS, media=MEDIA, gives=_LINES)
async def copy_of_log(
    service: ServiceOf,
    caller: CallerOf,
    purpose: Why,
    start: Annotated[int, Query(ge=0, lt=2**53, description="The first position.")] = 0,
) -> Response:
    """
    The log from a position on, as far as it is signed, as bytes: everything to verify it with, nothing unsealed.

    Its trace follows the last byte: it names the hash of what was sent, however far that went.
    """
    service.own_word.key()
    note, size = await service.read(signed_head, service)
    first = manifest(service, caller, purpose) | {
        "what": "log",
        "start": start,
        "size": size,
        "checkpoint": note.decode(),
    }
    return StreamingResponse(_log(service, caller, purpose, first), 200, _headers("log.jsonl"), MEDIA)


async def _log(service: Service, caller: Caller, purpose: Purpose, first: dict[str, Any]) -> AsyncIterator[bytes]:
    sent, at, size = hashlib.sha256(), int(first["start"]), int(first["size"])
    try:
        part = line(first)
        sent.update(part)
        yield part
        while at < size:
            rows = await service.read(service.opened.store.rows, at, min(_BATCH, size - at))
            part = b"".join(log_lines(rows, caller))
            sent.update(part)
            at = rows[-1].position + 1 if rows else size
            yield part
    finally:
        event = exported(caller, sent.hexdigest(), [], at, purpose=purpose, privacy=CODES)
        service.access.copied(event)


def _record(service: Service) -> str:
    return f"access/{service.own_word.key().owner.partition('/')[2]}"


def _headers(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
