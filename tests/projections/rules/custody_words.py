"""
The words for a container on its way, and for the stock that is opened, given out and returned.

    sent(day, "14 09:00", "14 12:00")
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.ledger.clinic import MD1, PLACE, RN1, SESSION, Who, blank, make, uuid
from tests.projections.rules.day import Day, instant
from tests.projections.rules.standing import VIAL
from tests.projections.rules.stock_words import mass

CLINIC = f"location/{uuid(93)}"
RELINQUISHED: Who = (RN1, "relinquished", "custodian")
RECEIVED: Who = (MD1, "received", "prescriber")


def clinic(day: Day, zone: str = "America/New_York") -> Day:
    """The clinic, from where stock goes to the retreat."""
    fields = blank("location-registered/1") | {
        "code": "L-1",
        "connectivity": "wired",
        "kind": "clinic",
        "nearest_ed_min": 10,
        "state": "NY",
        "time_zone": zone,
    }
    return day.put(make("location-registered/1", **fields), CLINIC, "1 08:05")


def sent(
    day: Day,
    departed: str,
    arrived: str | None = None,
    *,
    back: bool = False,
    seals: Sequence[str] = ("S-1",),
    who: Sequence[Who] = (RELINQUISHED, RECEIVED),
    container: str = VIAL,
    **changes: Any,
) -> Day:
    """A vial goes from the clinic to the retreat, or back; told when it arrived, or else when it left."""
    origin, goal = (PLACE, CLINIC) if back else (CLINIC, PLACE)
    fields = blank("custody-transferred/1") | {
        "amount": mass("500"),
        "arrived_at": None if arrived is None else instant(arrived),
        "departed_at": instant(departed),
        "from_location": origin,
        "seals": list(seals),
        "to_location": goal,
    }
    return day.put(make("custody-transferred/1", **(fields | changes)), container, arrived or departed, who=who)


def given_out(day: Day, at: str, container: str = VIAL) -> Day:
    """The container is given out for the session."""
    fields = blank("stock-dispensed-to-session/1") | {"amount": mass("500"), "session": SESSION, "to": RN1}
    return day.put(make("stock-dispensed-to-session/1", **fields), container, at)


def returned(day: Day, at: str, container: str = VIAL) -> Day:
    """It comes back."""
    fields = blank("stock-returned-from-session/1") | {"amount": mass("425"), "session": SESSION, "to": RN1}
    return day.put(make("stock-returned-from-session/1", **fields), container, at)
