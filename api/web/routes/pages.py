"""
The pages: one HTML file each, from the folder of static files, under addresses that people can read.

They hold nothing about anybody, so everybody may load them; what they show they ask of /v1, which asks who it is.
The scripts and styles they name lie under /static/pages and are served by `api.web.pages`.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from starlette.responses import FileResponse, Response

from api.web.bodies import Partner, SessionUuid
from api.web.both_times import PageOfThePast
from api.web.callers import ANYBODY
from api.web.doors import Doors
from api.web.prefilled import AnyFields
from api.web.question_filters import AnyFilters
from api.web.service import Service, ServiceOf
from ledger.errors import Refused

doors = Doors("Pages")

PAGES = {
    "/": "home",
    "/set-up": "set_up",
    "/invitation": "invitation",
    "/tablet-keys": "tablet_keys",
    "/officer": "officer",
    "/paper": "paper",
}
"""Addresses and the files behind them."""

_HTML = {"Cache-Control": "no-cache"}
_OPTIONS = {"include_in_schema": False, "media": "text/html"}


def _page(service: Service, name: str) -> Response:
    file = service.settings.static / "pages" / f"{name}.html"
    if not file.is_file():
        raise Refused("not-found", "There is no such page.")
    return FileResponse(file, media_type="text/html", headers=_HTML)


def _hang(path: str, name: str) -> None:
    async def page(service: ServiceOf) -> Response:
        return _page(service, name)

    page.__name__ = f"page_{name}"
    page.__doc__ = f"The page {path}."
    past = [PageOfThePast] if path == "/" else []
    doors.get(path, who=ANYBODY, gives="<!doctype html>…", dependencies=past, **_OPTIONS)(page)


for _path, _name in PAGES.items():
    _hang(_path, _name)


@doors.get("/sign-in", who=ANYBODY, gives="<!doctype html>…", **_OPTIONS)
async def page_sign_in(
    service: ServiceOf,
    back: Annotated[str, Query(max_length=200, description="Where to go afterwards.")] = "/",  # noqa: ARG001  # the page reads it itself
) -> Response:
    """The page on which people sign in."""
    return _page(service, "sign_in")


@doors.get("/questions", who=ANYBODY, gives="<!doctype html>…", dependencies=[PageOfThePast], **_OPTIONS)
async def page_questions(service: ServiceOf) -> Response:
    """All questions of auditors and the clinic's views."""
    return _page(service, "questions")


@doors.get(
    "/questions/{name}", who=ANYBODY, gives="<!doctype html>…", dependencies=[PageOfThePast, AnyFilters], **_OPTIONS
)
async def page_question(
    service: ServiceOf,
    name: Annotated[str, Path(pattern=r"^[a-z0-9-]{1,40}$")],  # noqa: ARG001  # the page reads it itself
) -> Response:
    """One question with its answer; the filters stand in the address."""
    return _page(service, "question")


@doors.get("/record", who=ANYBODY, gives="<!doctype html>…", dependencies=[AnyFields], **_OPTIONS)
async def page_record(service: ServiceOf) -> Response:
    """Any event that a person records, by its form; the type and what is known already stand in the address."""
    return _page(service, "record")


@doors.get("/prepare", who=ANYBODY, gives="<!doctype html>…", dependencies=[PageOfThePast], **_OPTIONS)
async def page_prepare(
    service: ServiceOf,
    couple: Annotated[str | None, Query(max_length=100, description="A couple that is not planned, by code.")] = None,  # noqa: ARG001  # the page reads both itself
    days: Annotated[int | None, Query(ge=1, le=400, description="How many days ahead.")] = None,  # noqa: ARG001
) -> Response:
    """The sessions ahead, and what stands before each."""
    return _page(service, "prepare")


@doors.get("/prepare/{uuid}", who=ANYBODY, gives="<!doctype html>…", dependencies=[PageOfThePast], **_OPTIONS)
async def page_prepare_session(
    uuid: SessionUuid,  # noqa: ARG001  # the page reads both itself
    service: ServiceOf,
    partner: Partner = None,  # noqa: ARG001
) -> Response:
    """What stands before one session, or for one partner alone."""
    return _page(service, "prepare")


@doors.get("/room/{uuid}", who=ANYBODY, gives="<!doctype html>…", dependencies=[PageOfThePast], **_OPTIONS)
async def page_room(uuid: SessionUuid, service: ServiceOf) -> Response:  # noqa: ARG001  # the page reads it itself
    """The treatment room of one session."""
    return _page(service, "room")
