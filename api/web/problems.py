"""
Errors over HTTP: one table from an error's kind and code to a status, and one form for all of them (RFC 9457).

    {"type":"urn:session-ledger:error:signature","title":"The request is malformed","status":422,"code":"signature",
     "detail":"The signature does not fit the bytes it came with.",
     "errors":[{"pointer":"/signatures/0","detail":"…","code":"signature"}],
     "remedy":"Sign exactly the bytes that are sent.","blocked_by":[],"trace":null}

Neither detail nor errors repeat what was sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request

from ledger.errors import Conflict, Invalid, LedgerError, NotNow, Refused, TamperDetected

MEDIA_TYPE: Final = "application/problem+json"

KINDS: Final[dict[type[LedgerError], tuple[int, str]]] = {
    Invalid: (422, "The request is malformed"),
    Refused: (409, "The ledger will not do this"),
    Conflict: (409, "Somebody else was first"),
    NotNow: (503, "It cannot be done now"),
    TamperDetected: (500, "Something stored is not what was signed"),
}
"""Status and title of each kind of error."""

CODES: Final[dict[str, int]] = {
    # who is asking
    "signed-out": 401,
    "wrong-credentials": 401,
    "wrong-pin": 403,
    "wrong-code": 403,
    "not-allowed": 403,
    "not-by-office": 403,
    "not-in-care": 403,
    "board-only": 403,
    "csrf": 403,
    "custody-device": 403,
    "custody-lost": 403,
    "screen-locked": 423,
    "too-many-tries": 429,
    # what is asked for
    "not-found": 404,
    "unknown-parameter": 400,
    "parameter": 400,
    "unknown-filter": 400,
    "unknown-viewer": 400,
    "couple-needed": 400,
    "ambiguous-code": 400,
    "not-known-yet": 400,
    "instant": 400,
    "tree-range": 400,
    "tile-path": 404,
    "not-covered": 404,
    "body-size": 413,
    # not now
    "view-behind": 503,
    "view-rebuilding": 503,
    "view-parked": 503,
    "views-busy": 503,
    "store-busy": 503,
    "head-moved": 503,
    "clock-stepped-back": 503,
    "clock-ran-ahead": 503,
    "store-full": 507,
}
"""Codes whose status is another than that of their kind."""

UNSAID: Final = {
    "not-found": "There is nothing of that name here.",
    "ambiguous-code": "Several records have this code.",
    "unknown-filter": "This filter has no such value.",
    "unknown-viewer": "There is no such partner.",
    "block-format": "A sealed block has not its form.",
    "blocks-of-type": "The sealed blocks are not those of this type.",
}
"""What is said over HTTP for codes whose own sentence repeats what was sent, which could be anybody's name."""

_IN_A_BODY: Final = frozenset({"instant"})
"""Codes of values that are a fault of the content when they were sent in a body."""

_HTTP: Final = {404: ("not-found", "There is nothing here."), 405: ("method", "This is not done here.")}


def status_of(error: LedgerError, *, in_body: bool = False) -> int:
    """The status of an error."""
    if in_body and error.code in _IN_A_BODY:
        return KINDS[Invalid][0]
    return CODES.get(error.code, KINDS[_kind(error)][0])


def problem(error: LedgerError, *, in_body: bool = False) -> dict[str, Any]:
    """The problem document of an error."""
    detail = UNSAID.get(error.code, error.message)
    errors = [{"pointer": pointer(error.field), "detail": detail, "code": error.code}] if error.field else []
    return _document(
        error.code,
        status_of(error, in_body=in_body),
        KINDS[_kind(error)][1],
        detail,
        errors=errors,
        remedy=error.remedy,
        blocked_by=[blocked(objection) for objection in getattr(error, "objections", ())],
        trace=getattr(error, "trace", None),
    )


def blocked(objection: Any) -> dict[str, Any]:  # noqa: ANN401  # ledger.gate's Objection, by its members
    """Why a rule keeps a gate closed."""
    return {
        "rule": objection.rule,
        "version": objection.version,
        "message": objection.message,
        "evidence": list(objection.evidence),
        "override": objection.override,
        "staff": objection.staff,
        "credential": objection.credential,
        "slot": objection.slot,
    }


def pointer(field: str) -> str:
    """The JSON pointer of a field such as `attested[0].by` or `a/clinical:hold_min`."""
    parts = re.split(r"[.\[\]/:]+", field.strip("."))
    return "".join(f"/{part}" for part in parts if part)


async def answer_ledger_error(request: Request, error: Exception) -> JSONResponse:
    """The answer to a request that the ledger would not do."""
    if not isinstance(error, LedgerError):
        raise error
    document = problem(error, in_body=request.method not in ("GET", "HEAD"))
    headers = {"Retry-After": "1"} if document["status"] == 503 else {}
    if document["status"] == 429:
        headers["Retry-After"] = "60"
    return _answer(document, headers)


async def answer_validation_error(request: Request, error: Exception) -> JSONResponse:
    """The answer to a request that is not of the form the route asks for; what was sent is not repeated."""
    if not isinstance(error, RequestValidationError):
        raise error
    found = [_one(each) for each in error.errors()]
    where = {str(each["loc"][0]) for each in error.errors() if each["loc"]}
    if where == {"path"}:
        return _answer(_document("not-found", 404, "There is nothing here", "There is nothing here."))
    code, status = ("parameter", 400) if where <= {"query", "header", "path"} else ("body", 422)
    return _answer(
        _document(
            code,
            status,
            KINDS[Invalid][1],
            f"{found[0]['detail']}." if found else "It is not of the form this route takes.",
            errors=found,
            remedy=f"See /docs for what {request.method} takes here.",
        )
    )


async def answer_http_error(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001  # Starlette's form
    """The answer of the framework itself, such as for a path nobody serves."""
    if not isinstance(error, HTTPException):
        raise error
    code, detail = _HTTP.get(error.status_code, ("http", "The request cannot be answered."))
    if error.status_code == 413:
        code, detail = "body-size", "The body is too long."
    return _answer(_document(code, error.status_code, "The request cannot be answered", detail), error.headers)


def fault() -> JSONResponse:
    """The answer when the service itself is at fault; what went wrong stands in its log, not here."""
    return _answer(
        _document("fault", 500, "The service made a mistake", "The service made a mistake; nothing was promised.")
    )


def _kind(error: LedgerError) -> type[LedgerError]:
    return next(kind for kind in type(error).__mro__ if kind in KINDS)


def _one(found: Mapping[str, Any]) -> dict[str, str]:
    place = [str(part) for part in found["loc"][1:]]
    if found["type"] == "json_invalid":
        place = []
    return {"pointer": "".join(f"/{part}" for part in place), "detail": str(found["msg"]), "code": str(found["type"])}


def _document(
    code: str,
    status: int,
    title: str,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    remedy: str = "",
    blocked_by: Sequence[Mapping[str, Any]] = (),
    trace: int | None = None,
) -> dict[str, Any]:
    return {
        "type": f"urn:session-ledger:error:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": list(errors),
        "remedy": remedy,
        "blocked_by": list(blocked_by),
        "trace": trace,
    }


def _answer(document: dict[str, Any], headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse(document, document["status"], headers=headers, media_type=MEDIA_TYPE)
