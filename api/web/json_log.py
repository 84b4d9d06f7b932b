"""
The service's log: one JSON object a line, on standard error.

    {"at":"2026-05-16T14:05:21.123456Z","level":"info","event":"request","method":"POST","route":"/v1/events",
     "status":201,"ms":7.9}

No path, no query, no body and no message of an error that could repeat one: a fault is told by its type and by
the lines of code it came through.
"""

from __future__ import annotations

import json
import logging
import traceback
from typing import Any, TextIO

from ledger.encoding import to_instant
from ledger.received import Clock


class JsonLines(logging.Formatter):
    """Log records as JSON, dated by the service's own clock."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record."""
        line: dict[str, Any] = {
            "at": to_instant(self._clock.wall()),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["through"] = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames][-12:]
        return json.dumps(line, ensure_ascii=True)


def log_to(stream: TextIO, clock: Clock) -> None:
    """Send the service's and the server's log to this stream."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(clock))
    for name in ("session_ledger", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False
