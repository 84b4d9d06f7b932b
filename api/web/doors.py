"""
Doors: every route with who may come through it, and an example of what it takes or gives.

    doors = Doors("Log")

    @doors.get("/v1/checkpoint", who=SIGNED_IN, gives="…")
    async def checkpoint(service: ServiceOf) -> Response: ...

Deny by default: `who` has no default, so a route that names nobody cannot be written.
A door is guarded before the request's body is even read.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeVar

from fastapi import FastAPI, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api.web.admission import admit
from api.web.callers import Who
from api.web.service import Service
from ledger.errors import Conflict, Invalid

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

SMALL_BODY = 262_144
"""Bytes: an envelope with all its blocks."""


@dataclass(frozen=True, slots=True)
class Door:
    """One route."""

    method: Literal["GET", "POST"]
    path: str
    who: Who
    endpoint: Callable[..., Any]
    tag: str
    options: dict[str, Any]


@dataclass
class Doors:
    """The routes of one file, under one heading of the documentation."""

    tag: str
    all: list[Door] = field(default_factory=list)

    def get(self, path: str, *, who: Who, gives: object, **options: Any) -> Callable[[Endpoint], Endpoint]:  # noqa: ANN401
        """A route that reads; `gives` is an example of the answer."""
        return self._door("GET", path, who, {"gives": gives} | options)

    def post(
        self,
        path: str,
        *,
        who: Who,
        takes: object,
        gives: object,
        **options: Any,  # noqa: ANN401
    ) -> Callable[[Endpoint], Endpoint]:
        """A route that changes something; `takes` and `gives` are examples of request and answer."""
        return self._door("POST", path, who, {"takes": takes, "gives": gives} | options)

    def hang(self, app: FastAPI) -> None:
        """Put these doors into the application."""
        app.router.routes.extend(self._routes)

    @cached_property
    def _routes(self) -> list[APIRoute]:
        """Made once: a route knows no application, the request brings it."""
        return [_GuardedRoute(door) for door in self.all]

    def _door(
        self, method: Literal["GET", "POST"], path: str, who: Who, options: dict[str, Any]
    ) -> Callable[[Endpoint], Endpoint]:
        def keep(endpoint: Endpoint) -> Endpoint:
            self.all.append(Door(method, path, who, endpoint, self.tag, options))
            return endpoint

        return keep


class _GuardedRoute(APIRoute):
    """A route that asks who comes, before it looks at what they bring."""

    def __init__(self, door: Door) -> None:
        self.door = door
        options = dict(door.options)
        takes, gives = options.pop("takes", None), options.pop("gives")
        media = options.pop("media", "application/json")
        status = options.setdefault("status_code", 200)
        if media != "application/json":
            options.setdefault("response_class", type("Answer", (Response,), {"media_type": media}))
        self._max_body = int(options.pop("max_body_size", SMALL_BODY))
        extra: dict[str, Any] = {"x-roles": door.who.words}
        if takes is not None:
            extra["requestBody"] = {"content": {"application/json": {"example": takes}}}
        super().__init__(
            door.path,
            door.endpoint,
            methods=[door.method],
            tags=[door.tag],
            summary=(door.endpoint.__doc__ or "").strip().partition("\n")[0],
            response_model=None,
            responses=_responses(status, media, gives),
            openapi_extra=extra,
            operation_id=door.endpoint.__name__,
            **options,
        )
        asked = get_flat_params(self.dependant)
        self._known = {each.alias for each in asked if isinstance(each.field_info, params.Query)}
        if door.method == "GET":
            self._known.add("at_least")

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            service: Service = request.app.state.service
            await admit(service, request, self.door.who)
            self._refuse_long(request)
            self._refuse_unknown(request)
            await _fresh_enough(service, request)
            return await inner(request)

        return guarded

    def _refuse_long(self, request: Request) -> None:
        """Refuse by the length that is announced; the server lets nothing longer through, and no chunks here."""
        length = request.headers.get("content-length", "0")
        if "transfer-encoding" in request.headers or not length.isdigit() or int(length) > self._max_body:
            raise Invalid("body-size", f"A body has at most {self._max_body} bytes here, and says how many it has.")

    def _refuse_unknown(self, request: Request) -> None:
        given = [name for name, _ in request.query_params.multi_items()]
        for name in given:
            if name not in self._known or given.count(name) > 1:
                raise Invalid(
                    "unknown-parameter",
                    "This route takes no such parameter, or only one of it.",
                    field="query",
                    remedy=f"It takes: {', '.join(sorted(self._known)) or 'none'}.",
                )


async def _fresh_enough(service: Service, request: Request) -> None:
    """Wait until what is read holds the caller's own write (`at_least`)."""
    text = request.query_params.get("at_least") if request.method == "GET" else None
    if text is None:
        return
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Invalid("parameter", "A position is a whole number.", field="at_least")
    try:
        await service.wait_for(int(text))
    except Conflict:
        raise Conflict(
            "view-behind", "The ledger has not read that far in time.", field="at_least", remedy="Ask again."
        ) from None
    request.state.position = int(text)


def _responses(status: int, media: str, gives: object) -> dict[int | str, dict[str, Any]]:
    problem = {
        "description": "A problem document (RFC 9457)",
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": {
                    "type": "urn:session-ledger:error:screen-locked",
                    "title": "The ledger will not do this",
                    "status": 423,
                    "detail": "This screen is locked.",
                    "code": "screen-locked",
                    "errors": [],
                    "remedy": "Open it with your PIN.",
                    "blocked_by": [],
                },
            }
        },
    }
    return {
        status: {"description": "Done", "content": {media: {"example": gives}}},
        "default": problem,
    }
