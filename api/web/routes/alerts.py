"""Alerts: who has them sent where, what became of each, and the stream of findings as they open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Header, Path
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from api.alerts.book import Subscription
from api.alerts.mail import check_address
from api.alerts.webhook import key_text, target_of
from api.identifiers import uuid4_from
from api.web.admission import COOKIE
from api.web.answers import answer
from api.web.bodies import Subscribe
from api.web.callers import ALERTED, ROOM, may_read_rule
from api.web.doors import Doors
from api.web.routes.sign_in import CallerOf
from api.web.service import Service, ServiceOf, service_of
from ledger.encoding import to_instant
from ledger.errors import Invalid, Refused

doors = Doors("Alerts")

_GIVEN: dict[str, Any] = {
    "id": "5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d603",
    "owner": "staff/91d6…",
    "channel": "webhook",
    "target": "https://alerts.example.org/session-ledger",
    "rules": ["SUP-05"],
    "severities": ["C", "M"],
    "made_at": "2026-05-16T14:00:00.000000Z",
    "ended_at": None,
    "why": "",
}
_DELIVERY = {
    "seq": 7,
    "state": "sent",
    "tries": 1,
    "next_at": "",
    "said": "status 204",
    "finding": "0f3c…",
    "opening": 1,
}
_Number = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$", description="The number of a subscription.")]


@doors.get("/v1/alerts", who=ALERTED, gives={"subscriptions": [_GIVEN]})
async def list_alerts(service: ServiceOf) -> Response:
    """Who asked for alerts, where they go and about what; no key."""
    return answer({"subscriptions": [_said(each) for each in service.alerts.book.subscriptions()]})


@doors.post(
    "/v1/alerts",
    who=ALERTED,
    takes={
        "channel": "webhook",
        "target": "https://alerts.example.org/session-ledger",
        "rules": ["SUP-05"],
        "severities": ["C", "M"],
    },
    gives=_GIVEN | {"key": "whsec_MfKQ…"},
    status_code=201,
)
async def ask_for_alerts(body: Subscribe, caller: CallerOf, service: ServiceOf) -> Response:
    """Have findings that open from now on sent somewhere; the key of a webhook is given out this once."""
    unknown = [rule for rule in body.rules if rule not in service.judging.rules]
    if unknown:
        known = ", ".join(service.judging.rules)
        raise Refused("unknown-filter", "There is no such rule.", field="rules", remedy=f"There are: {known}.")
    if body.channel == "webhook":
        target_of(body.target, private=service.alerts.policy.private_addresses)
    elif service.alerts.policy.mail is None:
        remedy = "Name a mail server in alerts.json, or use a webhook."
        raise Refused("mail-not-set-up", "This service knows no mail server.", field="channel", remedy=remedy)
    else:
        check_address(body.target)
    new = Subscription(
        id=uuid4_from(service.entropy(16)),
        owner=caller.owner,
        channel=body.channel,
        target=body.target,
        secret=service.entropy(32),
        rules=tuple(body.rules),
        severities=tuple(body.severities),
        made_at=to_instant(service.clock.wall()),
    )
    await service.read(service.alerts.look, anyway=True)  # what is open already is not sent
    await service.read(service.alerts.book.subscribe, new)
    return answer(_said(new) | {"key": key_text(new.secret) if new.channel == "webhook" else None}, 201)


@doors.post(
    "/v1/alerts/{number}/end", who=ALERTED, takes={}, gives=_GIVEN | {"ended_at": "2026-06-01T00:00:00.000000Z"}
)
async def end_alerts(number: _Number, service: ServiceOf) -> Response:
    """Send nothing there any more."""
    _named(service, number)
    await service.read(service.alerts.book.end, number, service.clock.wall(), "ended by somebody who may")
    return answer(_said(_named(service, number)))


@doors.post("/v1/alerts/{number}/test", who=ALERTED, takes={}, gives={"said": "status 204"})
async def test_alerts(number: _Number, service: ServiceOf) -> Response:
    """Send a message that says that it is a test, and tell what came of it."""
    return answer({"said": await service.read(service.alerts.test, _named(service, number))})


@doors.get(
    "/v1/alerts/{number}/deliveries",
    who=ALERTED,
    gives={
        "deliveries": [
            {
                "seq": 7,
                "state": "sent",
                "tries": 1,
                "next_at": "",
                "said": "status 204",
                "finding": "0f3c…",
                "opening": 1,
            }
        ]
    },
)
async def deliveries(number: _Number, service: ServiceOf) -> Response:
    """What was sent there or waits, the newest first; `said` is what came of the last try."""
    _named(service, number)
    return answer({"deliveries": await service.read(service.alerts.book.deliveries, number)})


async def start_of(request: Request, last_event_id: Annotated[str | None, Header(max_length=20)] = None) -> int:
    """Where the reader left off, else behind all that is open already."""
    service = await service_of(request)
    if last_event_id is not None and not (last_event_id.isascii() and last_event_id.isdigit()):
        raise Invalid("parameter", "Last-Event-ID is the number of an alert.", field="last-event-id")
    if last_event_id is not None:
        return int(last_event_id)
    await service.read(service.alerts.look, anyway=True)
    return service.alerts.book.last()


@doors.get(
    "/v1/alerts/stream",
    who=ROOM,
    media="text/event-stream",
    gives='id: 7\ndata: {"type":"finding.opened","finding":"0f3c…","opening":1,"rule":"SUP-05","position":83}\n\n',
    response_class=EventSourceResponse,
)
async def alert_stream(
    request: Request, service: ServiceOf, caller: CallerOf, start: Annotated[int, Depends(start_of)]
) -> AsyncIterator[ServerSentEvent]:
    """
    Every finding as it opens, once, by its numbers.

    Resumes without a gap or repeat by `Last-Event-ID`.
    """
    token = request.cookies.get(COOKIE, "")
    with service.alerts.listening():
        yield ServerSentEvent(comment="follows the findings", retry=1000)
        while not service.live.ended:
            session = service.sessions.find(token)
            if session is None or session.locked:
                return
            for start, opening in await service.read(service.alerts.book.after, start):  # noqa: B020, PLR1704
                if may_read_rule(caller, opening.rule):
                    yield ServerSentEvent(id=str(start), data=opening.told(service.opened.pin.origin))
            await asyncio.sleep(service.settings.look_seconds)


def _named(service: Service, number: str) -> Subscription:
    found = next((each for each in service.alerts.book.subscriptions() if each.id == number), None)
    if found is None:
        raise Refused("not-found", "Nobody asked for alerts under this number.", field="number")
    return found


def _said(each: Subscription) -> dict[str, Any]:
    names = ("id", "owner", "channel", "target", "made_at", "ended_at", "why")
    listed = {"rules": list(each.rules), "severities": list(each.severities)}
    return {name: getattr(each, name) for name in names} | listed
