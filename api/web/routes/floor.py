"""The pages that show what the rules found: the floor board, one finding, one signed event."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path, Query
from starlette.responses import FileResponse, Response

from api.web.bodies import PositionInPath
from api.web.both_times import PageOfThePast
from api.web.callers import ANYBODY
from api.web.doors import Doors
from api.web.service import Service, ServiceOf
from ledger.errors import Refused

doors = Doors("Pages")

_OPTIONS: dict[str, Any] = {"include_in_schema": False, "media": "text/html", "dependencies": [PageOfThePast]}
_GIVES = "<!doctype html>…"
_UUID = r"^[0-9a-f-]{36}$"


@doors.get("/board", who=ANYBODY, gives=_GIVES, **_OPTIONS)
async def page_board(
    service: ServiceOf,
    kiosk: Annotated[Literal["1"] | None, Query(description="Codes and times only, for a wall.")] = None,  # noqa: ARG001
) -> Response:
    """The floor board; what it shows it asks of /v1/floor, which asks who is there."""
    return _page(service, "board")


@doors.get("/findings", who=ANYBODY, gives=_GIVES, **_OPTIONS)
async def page_findings(
    service: ServiceOf,
    state: Annotated[str | None, Query(max_length=20, description="As the list is filtered.")] = None,  # noqa: ARG001
    rule: Annotated[str | None, Query(max_length=20)] = None,  # noqa: ARG001
    place: Annotated[str | None, Query(max_length=100)] = None,  # noqa: ARG001
    older_than: Annotated[str | None, Query(max_length=10)] = None,  # noqa: ARG001
) -> Response:
    """The list of findings with their states and ages; it asks /v1/findings, which refuses what is no filter."""
    return _page(service, "findings")


@doors.get("/trends", who=ANYBODY, gives=_GIVES, **_OPTIONS)
async def page_trends(
    service: ServiceOf,
    by: Annotated[str | None, Query(max_length=20, description="As the counts are grouped.")] = None,  # noqa: ARG001
    per: Annotated[str | None, Query(max_length=20)] = None,  # noqa: ARG001
    start: Annotated[str | None, Query(alias="from", max_length=100)] = None,  # noqa: ARG001
    to: Annotated[str | None, Query(max_length=100)] = None,  # noqa: ARG001
    place: Annotated[str | None, Query(max_length=100)] = None,  # noqa: ARG001
) -> Response:
    """How often rules were not kept; it asks /v1/findings/trends."""
    return _page(service, "trends")


@doors.get("/finding/{identity}", who=ANYBODY, gives=_GIVES, **_OPTIONS)
async def page_finding(
    service: ServiceOf,
    identity: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")],  # noqa: ARG001  # the page reads it itself
    session: Annotated[str | None, Query(pattern=_UUID, description="Where it is; makes it quicker.")] = None,  # noqa: ARG001
) -> Response:
    """One finding with its evidence."""
    return _page(service, "finding")


@doors.get("/event/{position}", who=ANYBODY, gives=_GIVES, **_OPTIONS)
async def page_event(service: ServiceOf, position: PositionInPath) -> Response:  # noqa: ARG001  # as above
    """One signed event, checked in the browser."""
    return _page(service, "event")


def _page(service: Service, name: str) -> Response:
    file = service.settings.static / "pages" / f"{name}.html"
    if not file.is_file():
        raise Refused("not-found", "There is no such page.")
    return FileResponse(file, media_type="text/html", headers={"Cache-Control": "no-cache"})
