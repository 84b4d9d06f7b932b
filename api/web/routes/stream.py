"""The live stream of positions, types and records."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Sequence
from typing import Annotated

from fastapi import Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.requests import Request

from api.web.admission import COOKIE
from api.web.callers import WATCHING, may_read, may_read_entry
from api.web.doors import Doors
from api.web.routes.sign_in import CallerOf
from api.web.service import ServiceOf, service_of
from ledger.errors import Invalid
from ledger.store.port import EventRow, Row

doors = Doors("Live")


async def start_of(
    request: Request,
    after: Annotated[int | None, Query(ge=0, lt=2**53, description="Begin after this log size.")] = None,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> int:
    """The position to begin at: where the reader left off, else where it asks to, else what comes next."""
    size = (await service_of(request)).size
    if last_event_id is not None:
        if not (last_event_id.isascii() and last_event_id.isdigit()):
            raise Invalid("parameter", "Last-Event-ID is the size of a log.", field="last-event-id")
        after = int(last_event_id)
    if after is not None and after > size:
        raise Invalid("parameter", "The log is not that long.", field="after", remedy="Load the page again.")
    return size if after is None else after


@doors.get(
    "/v1/stream",
    who=WATCHING,
    media="text/event-stream",
    gives='id: 43\ndata: {"position":42,"type":"dose-administered/1","stream":"session/5f2c…/a"}\n\n',
    response_class=EventSourceResponse,
)
async def stream(
    request: Request, service: ServiceOf, caller: CallerOf, start: Annotated[int, Depends(start_of)]
) -> AsyncIterator[ServerSentEvent]:
    """
    Every event as it is recorded; who may not read records gets positions alone.

    Resumes without a gap or repeat by `Last-Event-ID`, or begins after `after`.
    """
    token = request.cookies.get(COOKIE, "")

    def admitted() -> bool:
        session = service.sessions.find(token)
        return session is not None and not session.locked

    def read(at: int, limit: int) -> Awaitable[Sequence[Row]]:
        return service.read(service.opened.store.rows, at, limit)

    def named(row: EventRow) -> bool:
        return may_read(caller) and may_read_entry(caller, row)

    async for event in service.live.entries(start, read, lambda: service.size, admitted, named):
        yield event
