"""The trace that somebody searched all records, or asked a question of them: by which filters, and not for what."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import get_args

from api.web.callers import Caller
from api.web.service import Service
from ledger.encoding import to_instant
from ledger.errors import LedgerError
from ledger.events.access import Purpose, SysRecordSearched
from ledger.events.sealing import make_event
from ledger.payload import Occurred
from ledger.record import Submission
from ledger.vocabulary import Role

log = logging.getLogger("session_ledger")


async def leave_trace(service: Service, caller: Caller, filters: Iterable[str], found: int, purpose: Purpose) -> None:
    """Record who searched, by which filters, if the service has a key of its own that counts; not for what."""
    own = service.own_key.counting()
    if own is None:
        return
    roles = [role for role in caller.roles if role in get_args(Role)]
    event = make_event(
        SysRecordSearched,
        {
            "filters": sorted(name.replace("_", "-") for name in filters),
            "found": found,
            "on": None,
            "purpose": purpose,
            "reader": "staff",
            "role": roles[0] if roles else None,
            "staff": caller.owner if service.is_registered(caller.owner) else None,
        },
    )
    record = f"access/{own.owner.partition('/')[2]}"

    def compose() -> Submission:
        now = Occurred(at=to_instant(service.clock.wall()), offset=0, precision="s", zone="UTC")
        return service.composer().signed(event, record, own.owner, own.key, "service", "observed", now)

    try:
        await service.record([await service.write(compose)])
    except LedgerError as error:  # whoever looks after somebody gets an answer all the same
        log.exception("search not recorded", extra={"fields": {"code": error.code}})
