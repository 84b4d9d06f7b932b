"""
The composition root: one ledger becomes one application.

    opened = open_ledger(folder)
    compliance = Compliance(opened.store, opened.subject_keys)
    recorder = gated_recorder(opened, compliance, clock, passphrase)
    app = create_app(opened, recorder, clock, Settings(), compliance=compliance)

The clock is handed in, so a test or a story runs a whole day in a moment; nothing else here reads the time.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException

from api.folder import OpenLedger, open_recorder
from api.retention import read_retention
from api.web.destroying import ByCommandAlone
from api.web.docs_page import add_docs_page
from api.web.pages import add_pages
from api.web.problems import answer_http_error, answer_ledger_error, answer_validation_error
from api.web.routes import ALL_DOORS
from api.web.security_headers import EveryAnswer
from api.web.service import Service
from api.web.settings import Settings
from ledger.errors import LedgerError
from ledger.received import Clock
from ledger.record import Recorder
from projections.compliance.gates import gates
from projections.compliance.reader import Compliance

ABOUT = (
    "A signed, append-only record of supervised ketamine sessions for couples. "
    "Every event is signed by the people it names; every answer carries `Ledger-Position`, the size of the log "
    "it was computed at; reads take `at_least` to wait for one's own write. Errors are RFC 9457 problems. "
    "Every request but GET sends `X-Session-Ledger: 1`."
)


def create_app(
    opened: OpenLedger,
    recorder: Recorder,
    clock: Clock,
    settings: Settings,
    *,
    compliance: Compliance | None = None,
    entropy: Callable[[int], bytes] = secrets.token_bytes,
) -> FastAPI:
    """
    The application over an open ledger and its one recorder; its lifespan starts and stops the service.

    `compliance` is the reader whose gates the recorder asks; without it the rules are read once more.
    """
    retention = read_retention(opened.folder.policy)
    reader = compliance or Compliance(opened.store, opened.subject_keys, retention=retention)
    service = Service(opened, recorder, clock, settings, entropy, reader)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await service.start()
        try:
            yield
        finally:
            service.stop()

    app = FastAPI(
        title="Session ledger",
        version="1",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        exception_handlers={
            LedgerError: answer_ledger_error,
            RequestValidationError: answer_validation_error,
            HTTPException: answer_http_error,
        },
    )
    app.state.service = service
    for doors in ALL_DOORS:
        doors.hang(app)
    add_docs_page(app, entropy)
    add_pages(app, settings.static)
    app.add_middleware(EveryAnswer, service=service)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # FastAPI's own way to change it
    return app


def gated_recorder(opened: OpenLedger, compliance: Compliance, clock: Clock, passphrase: Callable[[], str]) -> Recorder:
    """
    The recorder of a ledger whose rules are asked before an authorisation.

    Raises:
        Refused, TamperDetected: as `api.folder.open_recorder`.
    """
    return open_recorder(opened, clock, passphrase, gates=(*gates(compliance), ByCommandAlone()))


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The description of all routes, with the problem document that every one of them may answer."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=ABOUT, routes=app.routes)
        schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
        schema["components"]["schemas"].pop("HTTPValidationError", None)
        for path in schema["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
        app.openapi_schema = schema
    return app.openapi_schema


_TEXT = {"type": "string"}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457; `code` is stable and explained in docs/errors.md.",
    "required": ["type", "title", "status", "detail", "code", "errors", "remedy", "blocked_by"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "code": _TEXT,
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"pointer": _TEXT, "detail": _TEXT, "code": _TEXT}},
        },
        "remedy": _TEXT,
        "blocked_by": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "rule": _TEXT,
                    "version": _TEXT,
                    "message": _TEXT,
                    "evidence": {"type": "array", "items": {"type": "integer"}},
                    "override": {"type": ["string", "null"]},
                    "staff": {"type": ["string", "null"]},
                    "credential": {"type": ["string", "null"]},
                    "slot": {"type": ["string", "null"]},
                },
            },
        },
        "trace": {"type": ["integer", "null"], "description": "Where a refusal by rules stands in the log itself."},
    },
}
