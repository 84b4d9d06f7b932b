"""What containers hold: the clinic's stock and participants' own medication, with everything that moved them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from api.web.answers import answer
from api.web.bodies import Partner
from api.web.both_times import AsAsked
from api.web.callers import STOCKTAKERS
from api.web.doors import Doors
from api.web.routes.sign_in import CallerOf
from api.web.service import ServiceOf
from projections.stock_balances import balances, container

doors = Doors("Stock")

_SHEET = {
    "position": 83,
    "container": "stock/0e9f3b7a-25d4-4a18-8c6d-13f7b5a2c805",
    "code": "V-77",
    "world": "clinic",
    "owner_slot": "none",
    "product": "ketamine-50 solution",
    "lot": "LOT-9",
    "unit": "mL",
    "strength_mg": "50",
    "balance_units": "8.5",
    "balance_mg": "425",
    "places": [["location/5d1c…", "425"]],
    "sums": {"came": "500", "given": "70", "wasted": "5", "balance": "425"},
    "unaccounted": [],
    "movements": [
        {
            "local": "2026-06-13 10:12",
            "kind": "wasted",
            "units": "0.1",
            "mg": "5",
            "change_mg": "-5",
            "balance_units": "8.5",
            "balance_mg": "425",
            "marks": [],
            "lacks": [],
            "evidence": [44],
            "counts": True,
        }
    ],
}


@doors.get(
    "/v1/stock",
    who=STOCKTAKERS,
    gives={
        "position": 83,
        "viewer": "staff",
        "containers": [_SHEET],
        "lots": [{"product": "ketamine-50 solution", "lot": "LOT-9", "containers": ["V-77"], "mg": "425"}],
        "places": [
            {
                "place": "location/5d1c…",
                "code": "L-1",
                "product": "ketamine-50 solution",
                "containers": ["V-77"],
                "mg": "425",
            }
        ],
        "unplaced": [],
    },
)
async def all_balances(
    service: ServiceOf,
    caller: CallerOf,
    when: AsAsked,
    session: Annotated[
        str | None, Query(pattern=r"^(session/)?[0-9a-f-]{36}$", description="What moved in one session.")
    ] = None,
    couple: Annotated[str | None, Query(max_length=100, description="A couple's code or identifier.")] = None,
    location: Annotated[str | None, Query(max_length=100, description="A location's code or identifier.")] = None,
    lot: Annotated[str | None, Query(max_length=64, description="One lot.")] = None,
    partner: Partner = None,
) -> Response:
    """Every container with its balance, and the clinic's stock by lot and by place; or one partner's own containers."""
    found = await service.read(
        balances,
        service.database,
        session=None if session is None else f"session/{session.removeprefix('session/')}",
        couple=couple,
        location=location,
        lot=lot,
        for_partner=partner,
        as_of=when,
    )
    asked = {"session": session, "couple": couple, "location": location, "lot": lot, "partner": partner}
    filters = ["stock", *(name for name, value in asked.items() if value is not None)]
    service.access.searched(caller, filters, len(found.containers), "operations")
    return answer(asdict(found), position=found.position)


@doors.get("/v1/stock/{code}", who=STOCKTAKERS, gives=_SHEET)
async def one_balance(
    service: ServiceOf,
    caller: CallerOf,
    code: Annotated[str, Path(max_length=100, description="A container's code or UUID.")],
    when: AsAsked,
    partner: Partner = None,
) -> Response:
    """One container: what moved it, and what it should hold."""
    name = f"stock/{code}" if len(code) == 36 and code.count("-") == 4 else code
    found = await service.read(container, service.database, name, for_partner=partner, as_of=when)
    service.access.viewed(caller, [found.container], "operations")
    return answer(asdict(found), position=found.position)
