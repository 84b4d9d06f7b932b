"""What can end by its retention, for those who answer for the records; the end itself is a command."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from api.ending import unfinished_endings
from api.retention import read_retention
from api.retention_list import as_json
from api.web.answers import answer
from api.web.callers import RECORD_KEEPERS
from api.web.doors import Doors
from api.web.service import Service, ServiceOf
from ledger.retention import retention_plan

doors = Doors("Retention")

_RECORD = {
    "record": "session/5f2c9a64-1e8b-4d37-b1c5-7a90e3f4d603",
    "envelopes": 83,
    "ends": False,
    "until": "2036-05-16",
    "days_left": 3468,
    "held": False,
    "objections": [
        {
            "rule": "REC-13",
            "message": "The last clinical encounter was on 2026-05-16; for 10 years from then the record is kept: "
            "until 2036-05-16.",
            "evidence": [82],
        }
    ],
}


@doors.get(
    "/v1/retention",
    who=RECORD_KEEPERS,
    gives={
        "position": 84,
        "on": "2026-11-16",
        "envelopes": {"count": 0, "root": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        "records": [_RECORD],
        "unfinished": [],
    },
)
async def retention(service: ServiceOf) -> Response:
    """
    What can end today by the clinic's figures, and of everything else what stands against it and for how many days.

    It reads the whole log: about a minute for a million entries. Both people end it with `session-ledger retention`.
    """
    return answer(await service.read(_retention, service))


def _retention(service: Service) -> dict[str, Any]:
    store, today = service.opened.store, service.clock.wall().date()
    size = store.head().size
    plan = retention_plan(store, today, read_retention(service.opened.folder.policy))
    return {"position": size, **as_json(plan), "unfinished": unfinished_endings(store)}
