"""Searching all records, and the trace that somebody did."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from api.web.answers import answer
from api.web.bodies import Partner
from api.web.both_times import AsAsked
from api.web.callers import READERS, Caller, may_read_type
from api.web.doors import Doors
from api.web.routes.records import ROW
from api.web.routes.sign_in import CallerOf
from api.web.search_traces import leave_trace
from api.web.service import Service, ServiceOf
from ledger.events import EVENT_TYPES
from ledger.events.access import Purpose
from projections.search import MOST, PAGE, SearchResult, search
from projections.search_filters import FILTERS
from projections.session_timeline import TimelineRow

doors = Doors("Records")


def _filter(name: str) -> Any:  # noqa: ANN401  # what FastAPI takes
    return Query(max_length=400, description=f"{FILTERS[name][0].upper()}{FILTERS[name][1:]}.")


@doors.get(
    "/v1/search",
    who=READERS,
    gives={
        "position": 83,
        "viewer": "staff",
        "filters": {"type": "supervision-checked", "signed_by": "RN1"},
        "found": [
            {
                "position": 43,
                "record": "session/5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d603/a",
                "session": "session/5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d603",
                "received": "2026-05-16T14:35:20.000000Z",
                "row": ROW,
            }
        ],
        "next": 61,
    },
)
async def search_records(
    service: ServiceOf,
    caller: CallerOf,
    when: AsAsked,
    type: Annotated[str | None, _filter("type")] = None,  # noqa: A002  # the word of the question
    person: Annotated[str | None, _filter("person")] = None,
    staff: Annotated[str | None, _filter("staff")] = None,
    device: Annotated[str | None, _filter("device")] = None,
    container: Annotated[str | None, _filter("container")] = None,
    session: Annotated[str | None, _filter("session")] = None,
    couple: Annotated[str | None, _filter("couple")] = None,
    location: Annotated[str | None, _filter("location")] = None,
    happened_from: Annotated[str | None, _filter("happened_from")] = None,
    happened_to: Annotated[str | None, _filter("happened_to")] = None,
    received_from: Annotated[str | None, _filter("received_from")] = None,
    received_to: Annotated[str | None, _filter("received_to")] = None,
    signed_by: Annotated[str | None, _filter("signed_by")] = None,
    mark: Annotated[str | None, _filter("mark")] = None,
    text: Annotated[str | None, _filter("text")] = None,
    partner: Partner = None,
    start: Annotated[int, Query(ge=0, lt=2**53, description="The first position.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many events at most.")] = PAGE,
    purpose: Annotated[Purpose, Query(description="What it is for, as the reader says; it is recorded.")] = "other",
) -> Response:
    """Events of all records that pass every filter, in the order of the log; `next` is where the next page begins."""
    given = {
        "type": type,
        "person": person,
        "staff": staff,
        "device": device,
        "container": container,
        "session": session,
        "couple": couple,
        "location": location,
        "happened_from": happened_from,
        "happened_to": happened_to,
        "received_from": received_from,
        "received_to": received_to,
        "signed_by": signed_by,
        "mark": mark,
        "text": text,
    }
    filters = {name: value for name, value in given.items() if value is not None}
    found = await service.read(
        search,
        service.database,
        filters,
        for_partner=partner,
        start=start,
        limit=limit,
        as_of=when,
        left_out=frozenset(tag for tag in EVENT_TYPES if not may_read_type(caller, tag)),
    )
    found = await service.read(_in_care, service, caller, found)
    await leave_trace(service, caller, found.filters, len(found.found), purpose)
    return answer(asdict(found), position=found.position)


def _in_care(service: Service, caller: Caller, found: SearchResult) -> SearchResult:
    """The same, that tells of sessions which are not theirs to open only that there is something."""
    closed = {each.session for each in found.found if each.session}
    closed = {session for session in closed if not service.glass.is_open(caller, session)}
    if not closed:
        return found
    told = (each if each.session not in closed else replace(each, row=_untold(each.row)) for each in found.found)
    return replace(found, found=tuple(told))


def _untold(row: TimelineRow) -> TimelineRow:
    return replace(row, phrase="not in your care", marks=(), standing=(), was="")
