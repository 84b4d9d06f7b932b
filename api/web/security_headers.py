"""
What every answer carries, whatever it is: strict headers, the log position, and one line in the service's log.

A log line says which route, never which path: paths hold identifiers of sessions and couples.
"""

from __future__ import annotations

import logging
import time
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web.answers import POSITION
from api.web.problems import fault
from api.web.service import Service

CONTENT_POLICY: Final = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}

_TRANSPORT: Final = "max-age=7776000"

log = logging.getLogger("session_ledger")


class EveryAnswer:
    """Puts the headers on, unless a page has set a stricter or fitting one of its own."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        answering = False
        scope.setdefault("state", {})

        async def send_with_headers(message: Message) -> None:
            nonlocal answering
            if message["type"] == "http.response.start":
                answering = True
                self._put_on(MutableHeaders(scope=message), scope)
                self._log(scope, message["status"], time.perf_counter() - began)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            log.exception("fault", extra={"fields": {"route": _route(scope)}})
            if answering:
                raise
            await fault()(scope, receive, send_with_headers)

    def _put_on(self, headers: MutableHeaders, scope: Scope) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if self._service.settings.secure:
            headers.setdefault("Strict-Transport-Security", _TRANSPORT)
        if self._service.opened.practice:
            headers.setdefault("Ledger-Practice", "true")
        asked_for = int(scope["state"].get("position", 0))
        headers.setdefault(POSITION, str(max(self._service.size, asked_for)))

    @staticmethod
    def _log(scope: Scope, status: int, seconds: float) -> None:
        fields = {
            "method": scope["method"],
            "route": _route(scope),
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        log.info("request", extra={"fields": fields})


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", "(none)"))
