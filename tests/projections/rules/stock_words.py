"""
The words for a clinic's stock: what arrives is counted, opened, drawn up, given and wasted.

    counted(opened(received(day)), "17:00", "425")
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ledger.events.expired import NoLongerKept
from tests.ledger.clinic import ANA, MD1, OWN_A, PLACE, RN1, SESSION, Who, blank, make
from tests.projections.rules.day import Day
from tests.projections.rules.standing import VIAL

TWO_COUNTERS: tuple[Who, ...] = ((RN1, "performed", "nurse"), (MD1, "verified", "prescriber"))
PERFORMED: Who = (RN1, "performed", "nurse")
WITNESSED: Who = (MD1, "witnessed", "prescriber")


def mass(mg: str) -> dict[str, str]:
    """So many mg."""
    return {"unit": "mg", "value": mg}


def found(container: str, mg: str, **changes: Any) -> dict[str, Any]:
    """What was found of one container."""
    fields = {"amount": mass(mg), "container": container, "expected": None, "units": None, "volume": None}
    return {**fields, "weighed": False, **changes}


def counted(
    day: Day,
    at: str,
    *amounts: str | dict[str, Any],
    kind: str = "shift",
    place: str = PLACE,
    part: int = 1,
    parts: int = 1,
    who: Sequence[Who] = TWO_COUNTERS,
    recorded: str = "",
    received: str = "",
) -> Day:
    """Two people count a place; an amount in mg is that of the vial."""
    containers = [found(VIAL, each) if isinstance(each, str) else each for each in amounts]
    event = make("inventory-counted/1", business="close", containers=containers, kind=kind, part=part, parts=parts)
    return day.put(event, place, at, who=who, recorded=recorded, received=received)


def opened(day: Day, at: str = "09:55", container: str = VIAL) -> Day:
    """The vial is opened."""
    return day.put(make("container-opened/1", seal=None, use_by=None), container, at)


def drawn(day: Day, slot: str, at: str, label: str, mg: str, **changes: Any) -> Day:
    """A dose is drawn up from the vial."""
    fields = blank("dose-prepared/1") | {
        "container": VIAL,
        "count_checked": False,
        "drawn_from_vial": True,
        "label": label,
        "mass": mass(mg),
    }
    return day.put(make("dose-prepared/1", **(fields | changes)), f"{SESSION}/{slot}", at)


def wasted(
    day: Day,
    at: str,
    mg: str,
    label: str | None = None,
    *,
    dose: dict[str, str] | None = None,
    session: str | None = SESSION,
    container: str = VIAL,
    who: Sequence[Who] = (PERFORMED, WITNESSED),
    **when: Any,
) -> Day:
    """So much is wasted, before a witness who signs at once."""
    event = make(
        "wastage-recorded/2",
        dose=dose,
        label=label,
        mass=mass(mg),
        method="denatured",
        reason="partial-dose",
        session=session,
        units=None,
        volume=None,
    )
    return day.put(event, container, at, who=who, **when)


def own_counted(day: Day, at: str, count: str, container: str = OWN_A) -> Day:
    """Somebody's own lozenges are counted."""
    event = make("own-medication-counted/1", **(blank("own-medication-counted/1") | {"count": count, "owner": ANA}))
    return day.put(event, container, at)


def dea_registered(
    day: Day,
    since: str | None = "2024-06-01",
    until: str | None = "2027-05-31",
    number: str | None = "FX0000001",
    *,
    effective: str = "2026-05-01",
    at: str = "1 08:05",
    place: str = PLACE,
    state: str = "NY",
) -> Day:
    """The place is registered with the DEA."""
    fields = blank("location-registration-changed/1") | {
        "connectivity": "wired",
        "dea_from": since,
        "dea_number": number,
        "dea_to": until,
        "effective": effective,
        "nearest_ed_min": 20,
        "state": state,
        "time_zone": "America/New_York",
    }
    return day.put(make("location-registration-changed/1", **fields), place, at)


def no_longer_kept(day: Day, container: str = VIAL) -> Day:
    """The same day as it can be read after the record of the container has ended."""
    day.placed = [
        replace(each, event=NoLongerKept(kind=each.event.type, under=len(day.placed)))
        if each.stream == container
        else each
        for each in day.placed
    ]
    return day
