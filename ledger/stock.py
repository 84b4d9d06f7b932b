"""
The running balance of a container, worked out from what happened to it, in mg and exact.

    received 500 · drawn 40 (moves nothing) · given 40 · given 30 · wasted 5      balance 425

A pure fold over effective facts, in the order they happened: the stock record's own, the counts of the place that
name the container, and the doses of both partners that name it.
A count moves nothing: it says what was there beside what should have been. Only a resolved discrepancy sets the
balance, and what it sets it by is a difference with a name.
Nothing is refused. What should be impossible is worked out like all else, and marked (`ledger.impossible`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from ledger.container import UNDER_WAY, ZERO, Container, Given, slot_of_signer
from ledger.encoding import from_instant
from ledger.events import holds, inventory, losses, stock
from ledger.events.base import Event
from ledger.events.dosing import DoseAdministered, DosePrepared
from ledger.events.emergencies import InterventionPerformed
from ledger.left_over import LeftOver, Wasted, leave, take_back, waste
from ledger.reading import PlacedEvent, stream_kind

Kind: TypeAlias = Literal[
    "handed-in",
    "received",
    "opening-balance",
    "prepared",
    "dose",
    "used-in-need",
    "taken-in-part",
    "wasted",
    "handed-back",
    "destroyed",
    "sent-back",
    "counted",
    "difference-found",
    "difference-resolved",
    "given-out",
    "returned",
    "moved",
    "opened",
    "use-by-set",
    "recalled",
]
"""What a fact is to the container it is about."""

STOCK_FACTS: tuple[type[Event], ...] = (
    stock.OwnMedicationCheckedIn,
    stock.OwnMedicationCounted,
    stock.OwnMedicationCheckedOut,
    inventory.StockReceived,
    inventory.InventoryCounted,
    inventory.ContainerOpened,
    inventory.UseByAssigned,
    inventory.StockDispensedToSession,
    inventory.StockReturnedFromSession,
    inventory.CustodyTransferred,
    losses.WastageRecorded,
    losses.DiscrepancyFound,
    losses.DiscrepancyResolved,
    losses.InventoryDestroyed,
    losses.ReturnedToReverseDistributor,
    losses.RecallNoticeApplied,
    DosePrepared,
    DoseAdministered,
    InterventionPerformed,
    holds.DoseInterrupted,
    holds.DosePartiallyTaken,
)
"""The types a balance is worked out from."""

SHORTENED = (holds.DoseInterrupted, holds.DosePartiallyTaken)
"""Types that name a dose instead of a container."""


@dataclass(frozen=True, slots=True)
class Moved:
    """
    One fact of a container: the state before and after it, and what it says.

    `mg` is the amount it names, None where that cannot be worked out; `expected` is the balance it was counted
    against, None unless something was counted. `slot` and `session` are empty where it names none.
    """

    placed: PlacedEvent
    kind: Kind
    before: Container
    after: Container
    mg: Fraction | None = None
    expected: Fraction | None = None
    slot: str = ""
    session: str = ""

    @property
    def difference(self) -> Fraction | None:
        """Counted less expected; below zero something is missing."""
        return None if self.expected is None or self.mg is None else self.mg - self.expected


def containers_of(placed: PlacedEvent) -> tuple[str, ...]:
    """The containers a fact names itself; a dose taken in part names none, but the dose (`dose_of`)."""
    match event := placed.event:
        case inventory.InventoryCounted():
            return tuple(dict.fromkeys(each.container for each in event.containers))
        case DosePrepared() | DoseAdministered():
            return (event.container,)
        case InterventionPerformed():
            return () if event.container is None else (event.container,)
        case _:
            is_stock = isinstance(event, STOCK_FACTS) and stream_kind(placed.stream) == "stock"
            return (placed.stream,) if is_stock else ()


def dose_of(event: Event) -> str:
    """The digest of the dose of which less went in; empty for every other fact, and where no dose was recorded."""
    return event.dose.dig if isinstance(event, SHORTENED) and event.dose is not None else ""


def by_container(effective: Iterable[PlacedEvent]) -> dict[str, list[PlacedEvent]]:
    """The facts of each container, from effective events in any order."""
    facts = [placed for placed in effective if isinstance(placed.event, STOCK_FACTS)]
    doses = {placed.dig: placed.event.container for placed in facts if isinstance(placed.event, DoseAdministered)}
    found: dict[str, list[PlacedEvent]] = {}
    for placed in facts:
        shortened = doses.get(dose_of(placed.event))
        for name in containers_of(placed) if shortened is None else (shortened,):
            found.setdefault(name, []).append(placed)
    return found


def replay(
    container: str, facts: Iterable[PlacedEvent], couples: Mapping[str, str] | None = None
) -> tuple[Container, tuple[Moved, ...]]:
    """The state of a container after these effective facts, and every step; in whatever order they are handed in."""
    ordered = sorted(facts, key=lambda placed: (placed.payload.occurred.at, placed.position))
    state = begin(container, ordered, couples)
    moves: list[Moved] = []
    for placed in ordered:
        moved = take(state, placed)
        state = moved.after
        moves.append(moved)
    return state, tuple(moves)


def begin(container: str, ordered: Iterable[PlacedEvent], couples: Mapping[str, str] | None = None) -> Container:
    """A container of which nothing has happened; that its strength is known from its arrival is no happening."""
    counted = None
    for placed in ordered:
        if isinstance(placed.event, stock.OwnMedicationCheckedIn | inventory.StockReceived):
            return Container(container, placed, couples or {})
        if counted is None and isinstance(placed.event, inventory.InventoryCounted) and placed.event.kind == "initial":
            counted = placed
    return Container(container, counted, couples or {})


def take(state: Container, placed: PlacedEvent) -> Moved:
    """One fact more."""
    event = placed.event
    match event:
        case stock.OwnMedicationCheckedIn():
            mg = Fraction(event.count) * Fraction(event.strength.value)
            after = _came(state, mg, "")
            return Moved(placed, "handed-in", state, after, mg, None, slot_of_signer(placed), event.session)
        case stock.OwnMedicationCheckedOut():
            mg = _by_count(state, event.count)
            after = replace(_less(state, mg, ""), handed_back=state.handed_back + mg, drawn=ZERO)
            return Moved(placed, "handed-back", state, after, mg, state.balance, slot_of_signer(placed), event.session)
        case stock.OwnMedicationCounted():
            mg = _by_count(state, event.count)
            return Moved(
                placed, "counted", state, replace(state, drawn=ZERO), mg, state.balance, "", event.session or ""
            )
        case inventory.InventoryCounted():
            return _counted(state, placed, event)
        case holds.DoseInterrupted() | holds.DosePartiallyTaken():
            return _taken_in_part(state, placed, event)
        case DosePrepared():
            slot, session = _whose(placed)
            return Moved(placed, "prepared", state, state, Fraction(event.mass.value), None, slot, session)
        case DoseAdministered():
            return _given(state, placed, "dose", Fraction(event.mass.value), event.label or "")
        case InterventionPerformed():
            mg = ZERO if event.mass is None else Fraction(event.mass.value)
            return _given(state, placed, "used-in-need", mg, "")
        case losses.WastageRecorded():
            mg = Fraction(event.mass.value)
            after = _wasted(state, Wasted(event.label or "", event.session or "", mg))
            return Moved(placed, "wasted", state, after, mg, None, "", event.session or "")
        case losses.DiscrepancyFound():
            mg, expected = Fraction(event.counted.value), Fraction(event.expected.value)
            return Moved(placed, "difference-found", state, state, mg, expected)
        case losses.DiscrepancyResolved():
            mg = Fraction(event.balance.value)
            after = _more(state, mg - state.balance, state.home)
            after = replace(after, differences=state.differences + mg - state.balance)
            return Moved(placed, "difference-resolved", state, after, mg - state.balance)
        case _:
            return _clinic(state, placed, event)


def _clinic(state: Container, placed: PlacedEvent, event: Event) -> Moved:
    """What happens to the clinic's own stock alone."""
    match event:
        case inventory.StockReceived():
            mg = Fraction(event.amount.value)
            return Moved(placed, "received", state, _came(state, mg, event.location), mg)
        case losses.InventoryDestroyed():
            mg = Fraction(event.amount.value)
            after = replace(_less(state, mg, ""), destroyed=state.destroyed + mg)
            return Moved(placed, "destroyed", state, after, mg, state.balance)
        case losses.ReturnedToReverseDistributor():
            mg = Fraction(event.amount.value)
            after = replace(_less(state, mg, ""), sent_back=state.sent_back + mg)
            return Moved(placed, "sent-back", state, after, mg, state.balance)
        case inventory.StockDispensedToSession():
            mg = Fraction(event.amount.value)
            after = _shifted(state, mg, state.home, event.session)
            return Moved(placed, "given-out", state, after, mg, None, "", event.session)
        case inventory.StockReturnedFromSession():
            mg = Fraction(event.amount.value)
            there = state.places.get(event.session)
            after = _shifted(state, mg, event.session, state.home)
            return Moved(placed, "returned", state, after, mg, there, "", event.session)
        case inventory.CustodyTransferred():
            return _transferred(state, placed, event)
        case inventory.ContainerOpened():
            after = replace(state, opened_on=local_day(placed), use_by=event.use_by or state.use_by)
            return Moved(placed, "opened", state, after)
        case inventory.UseByAssigned():
            return Moved(placed, "use-by-set", state, replace(state, use_by=event.use_by))
        case losses.RecallNoticeApplied():
            return Moved(placed, "recalled", state, replace(state, recalled=placed.position))
        case _:
            raise TypeError(f"{event.type} is no fact of a container")


def _counted(state: Container, placed: PlacedEvent, event: inventory.InventoryCounted) -> Moved:
    found = next(each for each in event.containers if each.container == state.id)
    mg = Fraction(found.amount.value)
    if state.arrival is not None and state.arrival.dig == placed.dig:
        return Moved(placed, "opening-balance", state, _came(state, mg, placed.stream), mg)
    return Moved(placed, "counted", state, replace(state, drawn=ZERO), mg, state.balance)


def _given(
    state: Container, placed: PlacedEvent, kind: Literal["dose", "used-in-need"], mg: Fraction, label: str
) -> Moved:
    slot, session = _whose(placed)
    dose = Given(placed.position, mg, mg, label, session, slot)
    after = replace(
        _less(state, mg, session),
        given=state.given + mg,
        drawn=state.drawn + mg,
        doses={**state.doses, placed.dig: dose},
    )
    return Moved(placed, kind, state, after, mg, None, slot, session)


def _taken_in_part(
    state: Container, placed: PlacedEvent, event: holds.DoseInterrupted | holds.DosePartiallyTaken
) -> Moved:
    """The container lost the whole dose; what did not go in is left over, or was wasted already."""
    slot, session = _whose(placed)
    taken, dig = Fraction(event.mass_taken.value), dose_of(event)
    dose = state.doses.get(dig)
    if dose is None:
        return Moved(placed, "taken-in-part", state, state, taken, None, slot, session)
    less = dose.taken - taken
    after = replace(state, given=state.given - less, doses={**state.doses, dig: replace(dose, taken=taken)})
    if less >= 0:
        met = leave(state.left, state.wastes, LeftOver(dig, dose.label, dose.session, less))
        after = _more(replace(after, left=met.left, wastes=met.wastes), met.mg, state.home)
    else:
        beyond, left = take_back(state.left, dig, -less)
        after = _less(replace(after, left=left), beyond, dose.session)
    return Moved(placed, "taken-in-part", state, after, taken, None, slot, session)


def _wasted(state: Container, new: Wasted) -> Container:
    met = waste(state.left, state.wastes, new)
    from_it = new.mg - met.mg
    return replace(
        _less(state, from_it, new.session),
        wasted=state.wasted + new.mg,
        drawn=state.drawn + from_it,
        left=met.left,
        wastes=met.wastes,
    )


def _transferred(state: Container, placed: PlacedEvent, event: inventory.CustodyTransferred) -> Moved:
    """It leaves and arrives in one entry, or in two of the same departure, the first of them without an arrival."""
    mg = Fraction(event.amount.value)
    leg = (event.from_location, event.to_location, event.departed_at)
    left = next((each[3] for each in state.departures if each[:3] == leg), None)
    origin = event.from_location if left is None else UNDER_WAY
    goal = event.to_location if event.arrived_at else UNDER_WAY
    after = _shifted(state, mg, origin, goal)
    waiting = tuple(each for each in state.departures if each[:3] != leg)
    if event.arrived_at:
        after = replace(after, home=event.to_location, departures=waiting)
    else:
        after = replace(after, departures=(*waiting, (*leg, mg)))
    return Moved(placed, "moved", state, after, mg, left)


def _came(state: Container, mg: Fraction, place: str) -> Container:
    here = replace(state, has_arrived=True, home=place or state.home)
    here = _shifted(here, state.places.get("", ZERO), "", here.home)  # what was taken before anybody knew where it is
    return replace(_more(here, mg, here.home), came=state.came + mg)


def _more(state: Container, mg: Fraction, place: str) -> Container:
    return replace(state, balance=state.balance + mg, places=_put(state.places, place, mg))


def _less(state: Container, mg: Fraction, place: str) -> Container:
    """First from this place as far as it has any, then from where it is kept."""
    there = max(ZERO, min(mg, state.places.get(place, ZERO)))
    places = _put(_put(state.places, place, -there), state.home, there - mg)
    return replace(state, balance=state.balance - mg, places=places)


def _shifted(state: Container, mg: Fraction, origin: str, goal: str) -> Container:
    return replace(state, places=_put(_put(state.places, origin, -mg), goal, mg))


def _put(places: Mapping[str, Fraction], place: str, mg: Fraction) -> dict[str, Fraction]:
    changed = {**places, place: places.get(place, ZERO) + mg}
    return {name: held for name, held in sorted(changed.items()) if held}


def _by_count(state: Container, count: str) -> Fraction:
    """A count of units in mg; a container nobody handed in has no strength, and so no mass."""
    return Fraction(count) * (state.per or ZERO)


def _whose(placed: PlacedEvent) -> tuple[str, str]:
    session, _, slot = placed.stream.rpartition("/")
    return slot, session


def local_day(placed: PlacedEvent) -> str:
    """The date at the place where it happened."""
    occurred = placed.payload.occurred
    try:
        return (from_instant(occurred.at) + timedelta(minutes=occurred.offset)).date().isoformat()
    except OverflowError:
        return occurred.at[:10]


def tolerance(state: Container) -> Fraction:
    """
    How far a count may be from the balance: for an opened vial 0.1 mL or 2 % of what was drawn since the last count,
    whichever is more; for all else nothing. Source: the exact rules, CS-01.
    """
    if state.world != "clinic" or not state.is_liquid or state.per is None or state.opened_on is None:
        return ZERO
    return max(Fraction(Decimal("0.1")) * state.per, Fraction(Decimal("0.02")) * state.drawn)
