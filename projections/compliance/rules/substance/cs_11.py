"""CS-11: on its way to a retreat and back the clinic's stock is sealed, signed for by two, and counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from ledger.events.authority import LocationRegistered
from ledger.events.dosing import DoseAdministered
from ledger.events.inventory import CustodyTransferred, InventoryCounted
from projections.compliance.containers import Held
from projections.compliance.custody_legs import Leg, legs_of
from projections.compliance.finding import Ruling
from projections.compliance.hands import all_who_signed
from projections.compliance.known import Fact, first, last
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import as_instant, day_and_clock
from projections.compliance.rule import ledger_rule

_RETREAT = "retreat"
_BOTH = ("relinquished", "received")


@ledger_rule(
    id="CS-11",
    version="1",
    title="On its way to a retreat and back the clinic's stock is sealed, signed for by two, and counted.",
    severity="M",
    mode="F / S",
    source="21 CFR 1301.71, effective controls against diversion; what a way to a retreat takes is ours [D]",
    trigger=(
        "A way of a clinic's container to or from a place of the kind retreat. One finding per way, and one per "
        "missing count."
    ),
    window=(
        "Seals and signatures at each end of the way. The count on opening: after the arrival and before the first "
        "dose out of the container there. The count on closing: before it leaves the retreat."
    ),
    evidence=(
        "Every `custody-transferred` of the way names seals, the same at both ends, and carries the signatures "
        "*relinquished* and *received* of two people; it says how much left and arrived. An `inventory-counted` of the "
        "retreat that names the container, of the kind `retreat-open` or `retreat-close`."
    ),
    parameters=(),
    verdicts={
        "met": "the way has seals, two signatures and an arrival; the count was made in time",
        "breached": "seals or a signature are missing or differ, or a count was not made in time",
        "pending": "it is under way, or nothing was given there yet and nobody has counted it",
        "not-applicable": "it left a retreat again and nothing was given there, so no count on opening was due",
    },
    notes=(
        "How much left and arrived is in the entries themselves; what is missing of it is CS-01's matter.",
        "A signature that comes later is one: the finding then goes from now, and stays in what was known then.",
    ),
)
def cs_11(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each way, and one for each count that was due."""
    for held in ledger.containers.all():
        if held.state.world == "own":
            continue
        legs = legs_of(step.fact for step in held.steps)
        for leg in legs:
            to, back = _is_retreat(ledger, leg.goal), _is_retreat(ledger, leg.origin)
            if to or back:
                yield replace(_way(ledger, held, leg), anchor=leg.dig, about=held.state.id)
            if to and leg.arrived_at is not None:
                found = _count_on_opening(ledger, held, leg, leg.arrived_at, _onward(legs, leg))
                yield replace(found, anchor=f"{leg.dig} open", about=held.state.id)
            if back:
                found = _count_on_closing(ledger, held, leg, legs)
                yield replace(found, anchor=f"{leg.dig} close", about=held.state.id)


def _is_retreat(ledger: LedgerAt, place: str) -> bool:
    said = [fact.event for fact in ledger.registered(place)]
    return any(isinstance(event, LocationRegistered) and event.kind == _RETREAT for event in said)


def _onward(legs: list[Leg], leg: Leg) -> Leg | None:
    """The way by which it left the place again where this one ended."""
    arrived = leg.arrived_at
    left = [each for each in legs if each.origin == leg.goal and arrived is not None and each.departed_at >= arrived]
    return next(iter(left), None)


def _way(ledger: LedgerAt, held: Held, leg: Leg) -> Ruling:
    left = day_and_clock(leg.departed_at, ledger.zone(leg.origin))
    what = f"{held.code}: the way that began {left}"
    causes, signed = [], list(leg.positions)
    seals = [frozenset(event.seals) for fact in leg.told if isinstance(event := fact.event, CustodyTransferred)]
    if not all(seals):
        causes.append("no-seals")
    elif any(one != other for one in seals for other in seals):
        causes.append("other-seals")
    for fact in leg.told:
        hands = {meaning: all_who_signed(ledger, fact, meaning) for meaning in _BOTH}
        causes += [f"not-{meaning}" for meaning, people in hands.items() if not people]
        given, taken = ({each.by for each in hands[meaning]} for meaning in _BOTH)
        if given and taken and not any(one != other for one in given for other in taken):
            causes.append("one-person")
        signed += [each.position for people in hands.values() for each in people]
    causes = list(dict.fromkeys(causes))
    if causes:
        words = "; ".join(_LACKS[cause] for cause in causes)
        return Ruling("", "breached", f"{what}: {words}.", tuple(signed), causes=tuple(causes))
    if leg.arrived_at is None:
        words = f"{what} is sealed and signed for by two; it has not arrived."
        return Ruling("", "pending", words, tuple(signed), outstanding=True)
    arrived = day_and_clock(leg.arrived_at, ledger.zone(leg.goal))
    words = f"{what} and ended {arrived} is sealed and signed for by two at each end that was told."
    return Ruling("", "met", words, tuple(signed), made_at=as_instant(leg.arrived_at))


_LACKS = {
    "no-seals": "no seals are named",
    "other-seals": "it arrived with other seals than it left with",
    "not-relinquished": "nobody signed that they handed it over",
    "not-received": "nobody signed that they received it",
    "one-person": "one person signed for both",
}


def _count_on_opening(ledger: LedgerAt, held: Held, leg: Leg, arrived: datetime, onward: Leg | None) -> Ruling:
    there = [
        step.fact
        for step in held.steps
        if isinstance(step.fact.event, DoseAdministered)
        and step.fact.at >= arrived
        and (onward is None or step.fact.at < onward.departed_at)
    ]
    dose = first(there)
    count = first([fact for fact in _counts(held, leg.goal, "retreat-open") if fact.at >= arrived])
    what, zone = f"{held.code}: the count on opening, after its arrival", ledger.zone(leg.goal)
    evidence = (*leg.positions, *(fact.position for fact in (count, dose) if fact is not None))
    if count is not None and (dose is None or count.at < dose.at) and (onward is None or count.at < onward.departed_at):
        words = f"{what} {day_and_clock(arrived, zone)}, was made {day_and_clock(count.at, zone)}."
        return Ruling("", "met", words, evidence, made_at=as_instant(count.at))
    if dose is not None:
        words = f"{what}, was not made before the first dose out of it there, {day_and_clock(dose.at, zone)}."
        due, made = as_instant(dose.at), None if count is None else as_instant(count.at)
        return Ruling("", "breached", words, evidence, due=due, made_at=made, causes=("no-count-open",))
    if onward is not None:
        words = f"{what}, was not due: nothing out of it was given there."
        return Ruling("", "not-applicable", words, (*evidence, *onward.positions))
    words = f"{what} {day_and_clock(arrived, zone)}, is due before the first dose out of it there."
    return Ruling("", "pending", words, evidence, outstanding=True)


def _count_on_closing(ledger: LedgerAt, held: Held, leg: Leg, legs: list[Leg]) -> Ruling:
    came = [each.arrived_at for each in legs if each.goal == leg.origin and each.arrived_at is not None]
    since = max((at for at in came if at <= leg.departed_at), default=None)
    counts = [fact for fact in _counts(held, leg.origin, "retreat-close") if since is None or fact.at >= since]
    made = last([fact for fact in counts if fact.at < leg.departed_at])
    zone = ledger.zone(leg.origin)
    what = f"{held.code}: the count on closing, before it left the retreat {day_and_clock(leg.departed_at, zone)}"
    due = as_instant(leg.departed_at)
    if made is not None:
        words, evidence = f"{what}, was made {day_and_clock(made.at, zone)}.", (made.position, *leg.positions)
        return Ruling("", "met", words, evidence, due=due, made_at=as_instant(made.at))
    late = first(counts)
    evidence = (*leg.positions, *(() if late is None else (late.position,)))
    made_at = None if late is None else as_instant(late.at)
    words = f"{what}, was not made."
    return Ruling("", "breached", words, evidence, due=due, made_at=made_at, causes=("no-count-close",))


def _counts(held: Held, place: str, kind: str) -> list[Fact]:
    return [
        step.fact
        for step in held.steps
        if isinstance(event := step.fact.event, InventoryCounted) and event.kind == kind and step.fact.stream == place
    ]
