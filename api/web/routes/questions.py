"""The auditors' questions and the clinic's views, answered with the signed events behind each row."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from api.web.answers import answer
from api.web.both_times import AsAsked
from api.web.callers import READERS
from api.web.doors import Doors
from api.web.question_filters import GivenFilters
from api.web.routes.sign_in import CallerOf
from api.web.search_traces import leave_trace
from api.web.service import ServiceOf
from ledger.encoding import to_instant
from ledger.events.access import Purpose
from projections.questions import QUESTIONS
from projections.questions.asking import ask

doors = Doors("Questions")


@doors.get(
    "/v1/questions",
    who=READERS,
    gives={
        "questions": [
            {
                "name": "1",
                "title": "Which releases or departures came before …?",
                "section": "sessions",
                "takes": ["from", "to", "location", "session", "couple", "person"],
                "reading": "The breaches of REL-01; …",
            }
        ]
    },
)
async def list_questions() -> Response:
    """Every question there is, with the filters it takes."""
    names = ("name", "title", "section", "takes", "reading")
    return answer({"questions": [{name: getattr(each, name) for name in names} for each in QUESTIONS]})


@doors.get(
    "/v1/questions/{name}",
    who=READERS,
    gives={
        "name": "1",
        "title": "Which releases or departures came before …?",
        "filters": {"from": "2026-05-01"},
        "position": 83,
        "as_of": "2026-05-16T21:00:00.000000Z",
        "columns": [{"name": "minutes_short", "title": "Minutes short", "kind": "number"}],
        "rows": [{"values": {"minutes_short": 25}, "evidence": [43, 61]}],
        "figures": [{"name": "count", "title": "Releases or departures too early", "value": 1, "evidence": [43, 61]}],
        "notes": [],
    },
)
async def answer_question(
    service: ServiceOf,
    caller: CallerOf,
    name: Annotated[str, Path(pattern=r"^[a-z0-9-]{1,40}$", description="A question's number, or a view's name.")],
    when: AsAsked,
    filters: GivenFilters,
    purpose: Annotated[Purpose, Query(description="What it is for, as the reader says; it is recorded.")] = "other",
) -> Response:
    """One question's answer, as of both times; a filter that it does not take is refused."""
    now = to_instant(service.clock.wall())
    found = await service.read(ask, service.compliance, name, filters, now=now, when=when)
    await leave_trace(service, caller, found.filters, len(found.rows), purpose)
    return answer(asdict(found), position=found.position)
