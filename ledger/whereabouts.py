"""
Where the milligrams of a container are: at a place, in a session, or under way between two places.

    departed 500 · arrived 480        480 at the retreat, 20 under way

What moves between places moves no balance; what comes or goes does, and its place with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from ledger.container import UNDER_WAY, ZERO, Container, Leg


def came(state: Container, mg: Fraction, place: str) -> Container:
    """So much came to a place; with it what was taken before anybody knew where the container is."""
    here = replace(state, has_arrived=True, home=place or state.home)
    here = shifted(here, state.places.get("", ZERO), "", here.home)
    return replace(more(here, mg, here.home), came=state.came + mg)


def more(state: Container, mg: Fraction, place: str) -> Container:
    """So much more, at this place."""
    return replace(state, balance=state.balance + mg, places=_put(state.places, place, mg))


def less(state: Container, mg: Fraction, place: str) -> Container:
    """So much less: first from this place as far as it has any, then from where it is kept."""
    there = max(ZERO, min(mg, state.places.get(place, ZERO)))
    places = _put(_put(state.places, place, -there), state.home, there - mg)
    return replace(state, balance=state.balance - mg, places=places)


def shifted(state: Container, mg: Fraction, origin: str, goal: str) -> Container:
    """So much is no longer here but there."""
    return replace(state, places=_put(_put(state.places, origin, -mg), goal, mg))


def departed(state: Container, leg: Leg) -> tuple[Container, Fraction | None]:
    """
    It left and is under way; of a leg whose arrival is known already only what has not arrived.

    Also what was expected: what arrived of it, None while nothing did.
    """
    there = next((each for each in state.arrivals if each.is_of(leg)), None)
    if there is None:
        after = shifted(state, leg.mg, leg.origin, UNDER_WAY)
        return replace(after, departures=(*state.departures, leg)), None
    after = shifted(state, leg.mg - there.mg, leg.origin, UNDER_WAY)
    return replace(after, arrivals=tuple(each for each in state.arrivals if each is not there)), there.mg


def arrived(state: Container, leg: Leg, arrived_at: str) -> tuple[Container, Fraction | None]:
    """It arrived, and is kept there from now on. Also what was expected: what left, None when nobody said before."""
    left = _departure(state.departures, leg, arrived_at)
    after = shifted(state, leg.mg, leg.origin if left is None else UNDER_WAY, leg.goal)
    after = replace(after, home=leg.goal, departures=tuple(each for each in state.departures if each is not left))
    if left is not None:
        return after, left.mg
    return replace(after, arrivals=(*state.arrivals, leg)), None


def _departure(departures: tuple[Leg, ...], leg: Leg, arrived_at: str) -> Leg | None:
    """
    The departure that an arrival ends: of the same time, else the only one between these places that it may end.

    Two people who write down one departure may differ by a minute; where there is a choice nothing is guessed.
    """
    exact = next((each for each in departures if each.is_of(leg)), None)
    between = [each for each in departures if each.is_between(leg) and each.departed_at <= arrived_at]
    return exact or (between[0] if len(between) == 1 else None)


def _put(places: Mapping[str, Fraction], place: str, mg: Fraction) -> dict[str, Fraction]:
    changed = {**places, place: places.get(place, ZERO) + mg}
    return {name: held for name, held in sorted(changed.items()) if held}
