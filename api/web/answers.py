"""Answers: JSON in one spelling, and the log position at which each was computed."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from starlette.responses import Response

POSITION = "Ledger-Position"


def answer(content: object, status: int = 200, *, position: int | None = None) -> Response:
    """A JSON answer; without `position` it was computed at the newest size."""
    return Response(orjson.dumps(content), status, _headers(position), "application/json")


def text(content: bytes, *, position: int | None = None) -> Response:
    """A text that is checked byte for byte, such as a receipt or a checkpoint."""
    return Response(content, 200, _headers(position), "text/plain; charset=utf-8")


def octets(content: bytes, *, for_ever: bool) -> Response:
    """Bytes; `for_ever` when they can never change, as a full tile."""
    cache = {"Cache-Control": "private, max-age=31536000, immutable"} if for_ever else {}
    return Response(content, 200, cache, "application/octet-stream")


def _headers(position: int | None) -> Mapping[str, str]:
    return {} if position is None else {POSITION: str(position)}
