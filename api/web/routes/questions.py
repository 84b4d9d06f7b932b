"""The auditors' questions and the clinic's views, answered with the signed events behind each row."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from api.web.answers import answer
from api.web.answers_in_care import check_reach, in_their_care, reach_of
from api.web.bodies import Drafted
from api.web.both_times import AsAsked
from api.web.callers import DRAFTERS, RULES_IN_CONFIDENCE, STOCKTAKERS, may_read_rule
from api.web.doors import Doors
from api.web.question_filters import GivenFilters
from api.web.routes.sign_in import CallerOf
from api.web.search_traces import leave_trace
from api.web.service import ServiceOf
from api.what_if_list import what_if_list
from ledger.encoding import to_instant
from ledger.events.access import Purpose
from projections.compliance.draft import Draft
from projections.questions import QUESTIONS
from projections.questions.asking import ask, named
from projections.questions.what_if import what_if

doors = Doors("Questions")


@doors.get(
    "/v1/questions",
    who=STOCKTAKERS,
    gives={
        "questions": [
            {
                "name": "1",
                "view": "",
                "title": "Which releases or departures came before …?",
                "section": "sessions",
                "takes": ["from", "to", "location", "session", "couple", "person"],
                "reading": "The breaches of REL-01; …",
                "reach": "its-sessions",
            }
        ]
    },
)
async def list_questions() -> Response:
    """Every question there is, with the filters it takes and whose its answer is."""
    names = ("name", "view", "title", "section", "takes", "reading")
    told = [{name: getattr(each, name) for name in names} | {"reach": reach_of(each)} for each in QUESTIONS]
    return answer({"questions": told})


@doors.get(
    "/v1/questions/{name}",
    who=STOCKTAKERS,
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
    """One question's answer, as of both times: what of it is in the reader's care. An unknown filter is refused."""
    now = to_instant(service.clock.wall())
    question = named(name)
    check_reach(question, caller)
    unread = [rule for rule in RULES_IN_CONFIDENCE if not may_read_rule(caller, rule)]
    whole = await service.read(
        ask, service.compliance, name, filters, now=now, when=when, unread=unread, register=service.register
    )
    found = await service.read(in_their_care, whole, question, caller, service.glass)
    await leave_trace(service, caller, found.filters, len(found.rows), purpose)
    return answer(asdict(found), position=found.position)


@doors.post(
    "/v1/what-if",
    who=DRAFTERS,
    takes={"draft": {"supervision": {"check_every_min": 10}}},
    gives={
        "position": 83,
        "as_of": "2026-05-16T21:00:00.000000Z",
        "filters": {"from": "2026-05-01"},
        "figures": ["supervision.check_every_min"],
        "versions": {"SUP-05": "1"},
        "judged": 2,
        "unpublished": 0,
        "rules": {"SUP-05": {"appear": 1, "go": 0}},
        "changes": [
            {
                "session": "session/5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d603",
                "at": "2026-05-16T13:30:00.000000Z",
                "appear": [{"rule": "SUP-05", "slot": "a", "sentence": "A: a check was due at …", "evidence": [75]}],
                "go": [],
                "stay": 0,
            }
        ],
    },
)
async def judge_by_a_draft(
    service: ServiceOf,
    caller: CallerOf,
    body: Drafted,
    when: AsAsked,
    filters: GivenFilters,
    purpose: Annotated[Purpose, Query(description="What it is for, as the reader says; it is recorded.")] = "other",
) -> Response:
    """Which findings a draft protocol would have made in the past, and which it would not; it makes none."""
    draft, now = Draft(body.draft), to_instant(service.clock.wall())
    found = await service.read(what_if, service.compliance, draft, filters, now=now, when=when)
    told = what_if_list(found, lambda rule: may_read_rule(caller, rule))
    await leave_trace(service, caller, found.filters, len(told["changes"]), purpose)
    return answer(told, position=found.position)
