"""
Which containers a question about stock is asked of, what they are called, and where what they hold counts as being.

Filters: `container` by code or number, `lot`, `location`; `from` and `to` by the local day of each fact.
A location has what stands in it and what was given out to its sessions; participants' own medication is where the
session is that it was handed in for.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ledger.container import ZERO, Container
from ledger.events.inventory import StockReceived
from ledger.events.stock import OwnMedicationCheckedIn
from ledger.stock_facts import local_day
from projections.compliance.containers import Held, Step
from projections.questions.asked import Asked
from projections.questions.filters import Filters

STOCK = ("from", "to", "location", "container", "lot")
"""The filters by which containers are chosen."""

UNKNOWN = "unknown"


def chosen(asked: Asked) -> list[Held]:
    """The containers that pass the filters and hold a controlled drug, by code."""
    wanted = asked.filters["container"]
    name = None if wanted is None else asked.codes.record("stock", wanted, "container")
    lot, location = asked.filters["lot"], asked.location
    found = [
        held
        for held in asked.ledger.containers.all()
        if held.steps
        and is_controlled(held)
        and name in (None, held.state.id)
        and lot in (None, *lots_of(held))
        and (location is None or location in places_of(asked, held))
    ]
    return sorted(found, key=lambda held: (held.code, held.state.id))


def is_controlled(held: Held) -> bool:
    """Whether it holds a controlled drug; of what nobody received nobody can say, and so it counts."""
    arrival = None if held.state.arrival is None else held.state.arrival.event
    return not isinstance(arrival, StockReceived) or arrival.drug is not None


def drug_of(held: Held) -> str:
    """`ketamine lozenge`, or `unknown`."""
    arrival = None if held.state.arrival is None else held.state.arrival.event
    if isinstance(arrival, StockReceived | OwnMedicationCheckedIn):
        return f"{arrival.drug} {arrival.form}"
    return UNKNOWN


def lots_of(held: Held) -> Sequence[str]:
    """The lots it is of."""
    arrival = None if held.state.arrival is None else held.state.arrival.event
    if isinstance(arrival, StockReceived):
        return (arrival.lot,)
    return arrival.lots if isinstance(arrival, OwnMedicationCheckedIn) else ()


def steps_within(asked: Asked, held: Held) -> list[Step]:
    """Its facts between `from` and `to`."""
    return [step for step in held.steps if is_within(asked, step)]


def is_within(asked: Asked, step: Step) -> bool:
    """Whether a fact is between `from` and `to`, by the day where it was written down."""
    return _passes(asked.filters, step)


def state_by_the_end(asked: Asked, held: Held) -> Container:
    """How it stood at the end of the days that were asked for."""
    end = asked.filters["to"]
    until = asked.filters if end is None else Filters({"to": end})
    steps = [step for step in held.steps if end is None or _passes(until, step)]
    return steps[-1].moved.after if steps else held.steps[0].moved.before


def _passes(filters: Filters, step: Step) -> bool:
    return filters.within(step.fact.at, lambda _: local_day(step.moved.placed))


def places_of(asked: Asked, held: Held) -> set[str]:
    """The locations it has ever been at."""
    places = {place for step in held.steps for place in step.moved.after.places}
    if held.state.world == "own":
        places |= {step.moved.session for step in held.steps if step.moved.session}
    return {location for place in places if (location := location_of(asked, place)) is not None}


def location_of(asked: Asked, place: str) -> str | None:
    """The location of a place: itself, or where a session is; None for what is under way, or nobody knows where."""
    if place.startswith("session/"):
        return asked.ledger.session(place).location
    return place if place.startswith("location/") else None


def held_at(asked: Asked, state: Container, location: str) -> Fraction:
    """The mg of a container that are at a location, or given out to a session there."""
    return sum((mg for place, mg in state.places.items() if location_of(asked, place) == location), ZERO)
