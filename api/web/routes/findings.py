"""The findings: what the rules say, what became of it, and how old it is; as of both times of a question."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Path, Query
from starlette.responses import Response

from api.findings_list import became_said
from api.web.answers import answer
from api.web.both_times import AsAsked
from api.web.callers import READERS, Caller, may_read_rule
from api.web.doors import Doors
from api.web.judging import changes_at, said
from api.web.lateness import late_evidence
from api.web.routes.boards import FINDING
from api.web.routes.sign_in import CallerOf
from api.web.service import Service, ServiceOf
from ledger.encoding import to_instant
from ledger.errors import Refused
from projections.compliance.finding import Finding, Verdict
from projections.findings.place import Places
from projections.findings.register import Wanted, WantedState
from projections.findings.trends import By, Per, trends
from projections.questions.answer import Answer
from projections.questions.filters import checked
from projections.snapshot import AsOf

doors = Doors("Findings")

_ACT = {
    "kind": "dispositioned",
    "at": "2026-05-18T13:00:00.000000Z",
    "by": [{"id": "staff/3f0c…", "code": "CO1"}],
    "role": "compliance-officer",
    "position": 91,
    "dig": "77ab…",
    "event_id": "019e…",
    "outcome": "corrective-action",
    "reason": "staffing",
    "action": "second-monitor-on-call",
    "due": "2026-06-15",
}
_TOLD = FINDING | {
    "state": "dispositioned",
    "state_since": "2026-05-18T13:00:00.000000Z",
    "by_itself": False,
    "opened_at": "2026-05-16T14:55:01.000000Z",
    "age_days": 2,
    "outcome": "corrective-action",
    "acts": [_ACT],
    "turns": [],
    "did": [{"id": "staff/91d6…", "code": "RN1"}],
    "place": {"id": "location/5a…", "code": "R-1", "room": "Garden"},
}


@doors.get(
    "/v1/findings",
    who=READERS,
    gives={
        "position": 92,
        "as_of": "2026-05-18T14:56:00.000000Z",
        "findings": [_TOLD],
        "next_change": "2026-05-18T15:10:01.000000Z",
    },
)
async def findings(
    service: ServiceOf,
    caller: CallerOf,
    asked: AsAsked,
    session: Annotated[
        str | None, Query(pattern=r"^(session/)?[0-9a-f-]{36}$", description="One session; else all of them.")
    ] = None,
    rule: Annotated[str | None, Query(max_length=20, description="Such as SUP-05.")] = None,
    verdict: Annotated[Verdict | None, Query()] = None,
    state: Annotated[
        WantedState | None,
        Query(description="What became of it, `any`, or `unclosed`; leaves out what never was a finding."),
    ] = None,
    place: Annotated[str | None, Query(max_length=100, description="A place, by code or number.")] = None,
    older_than: Annotated[int | None, Query(ge=0, le=100_000, description="Older than so many whole days.")] = None,
) -> Response:
    """What every rule says and what became of it; as known at a position, and as of an instant."""
    if rule is not None and rule not in service.judging.rules:
        known = ", ".join(service.judging.rules)
        raise Refused("unknown-filter", "There is no such rule.", field="rule", remedy=f"There are: {known}.")
    name = None if session is None else f"session/{session.removeprefix('session/')}"
    wanted = Wanted(state, rule, place, older_than, verdict)
    told, size, when, change = await service.read(_told, service, caller, asked, name, wanted)
    if name is not None:
        service.access.viewed(caller, [name])
    else:
        given = {"rule": rule, "verdict": verdict, "state": state, "place": place, "older-than": older_than}
        names = (filter_ for filter_, value in given.items() if value is not None)
        service.access.searched(caller, ["findings", *names], len(told))
    told = await service.read(late_evidence, told, service.database)
    return answer({"position": size, "as_of": when, "findings": told, "next_change": change}, position=size)


@doors.get(
    "/v1/findings/trends",
    who=READERS,
    gives={
        "name": "trends",
        "title": "What was found, by room, month by month",
        "filters": {"by": "room", "per": "month"},
        "position": 4210,
        "as_of": "2026-09-01T14:56:00.000000Z",
        "columns": [{"name": "found", "title": "Findings", "kind": "number"}],
        "rows": [{"values": {"group": "R-1 Garden", "period": "2026-08", "found": 3}, "evidence": [42, 91]}],
        "figures": [{"name": "found", "title": "Findings", "value": 11, "evidence": [42, 91]}],
        "notes": ["Not shown: 2 groups (fewer than 5 in one, or by which such a one could be reckoned)."],
    },
)
async def finding_trends(
    service: ServiceOf,
    caller: CallerOf,
    asked: AsAsked,
    by: Annotated[By, Query(description="What makes a group.")] = "rule",
    per: Annotated[Per, Query(description="Month by month, week by week, or all in one.")] = "month",
    start: Annotated[str | None, Query(alias="from", max_length=100, description="On this local day or later.")] = None,
    to: Annotated[str | None, Query(max_length=100, description="By the end of this local day.")] = None,
    place: Annotated[str | None, Query(max_length=100, description="A place, by code or number.")] = None,
) -> Response:
    """How often rules were broken by rule, site, room or weekday, and the rate of late entries; no small groups."""
    given = {name: value for name, value in {"from": start, "to": to}.items() if value is not None}
    when = asked.happened_up_to or to_instant(service.clock.wall())

    def count() -> Answer:
        ledger = service.register.at(as_of=when, known_at=asked.known_at)
        told = [each for each in service.register.registered(ledger) if may_read_rule(caller, each.finding.rule)]
        return trends(ledger, told, by, per, checked(("from", "to"), given), place)

    found = await service.read(count)
    service.access.searched(
        caller, ["findings-trends", "by", "per", *found.filters.keys() - {"by", "per"}], len(found.rows)
    )
    return answer(asdict(found), position=found.position)


@doors.get(
    "/v1/findings/{identity}",
    who=READERS,
    gives={"position": 92, "as_of": "2026-05-18T14:56:00.000000Z", "finding": _TOLD},
)
async def one_finding(
    service: ServiceOf,
    caller: CallerOf,
    asked: AsAsked,
    identity: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The identity of a finding.")],
    session: Annotated[
        str | None, Query(pattern=r"^(session/)?[0-9a-f-]{36}$", description="Where it is; makes it quicker.")
    ] = None,
) -> Response:
    """One finding by its identity, with everything that became of it."""
    name = None if session is None else f"session/{session.removeprefix('session/')}"
    told, size, when, _ = await service.read(_told, service, caller, asked, name, Wanted())
    mine = [each for each in told if each["id"] == identity]
    if not mine:
        raise Refused("not-found", "There is no such finding here as of then.", field="identity")
    if mine[0]["session"]:
        service.access.viewed(caller, [mine[0]["session"]])
    else:
        service.access.searched(caller, ["findings", "identity"], 1)
    (told_late,) = await service.read(late_evidence, mine[:1], service.database)
    return answer({"position": size, "as_of": when, "finding": told_late}, position=size)


def _told(
    service: Service, caller: Caller, asked: AsOf, session: str | None, wanted: Wanted
) -> tuple[list[dict[str, Any]], int, str, str | None]:
    """The findings somebody may read, the position and the instant they are about, and when one changes by itself."""
    when = asked.happened_up_to or to_instant(service.clock.wall())
    ledger = service.register.at(as_of=when, known_at=asked.known_at)
    places = Places(ledger)
    found = service.register.registered(ledger, session, wanted)
    found = [each for each in found if may_read_rule(caller, each.finding.rule)]
    verdicts: list[Finding] = [each.finding for each in found]
    told = [one | became_said(each, places) for one, each in zip(said(verdicts), found, strict=True)]
    return told, ledger.size, when, changes_at(verdicts)
