"""
The running balance of a container, worked out from what happened to it, in mg and exact.

    received 500 · drawn 40 (moves nothing) · given 40 · given 30 · wasted 5      balance 425

A pure fold over effective facts (`ledger.stock_facts`), in the order they happened.
A count moves nothing. Only a resolved discrepancy sets the balance, by a difference with a name.
Nothing is refused. What should be impossible is worked out like all else, and marked (`ledger.impossible`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias

from ledger.container import ZERO, Container, Given, Leg, slot_of_signer
from ledger.events import holds, inventory, losses, stock
from ledger.events.base import Event
from ledger.events.dosing import DoseAdministered, DosePrepared
from ledger.events.emergencies import InterventionPerformed
from ledger.events.kept_amounts import DoseKept
from ledger.left_over import LeftOver, Wasted, leave, take_back, waste, wasted_by
from ledger.reading import PlacedEvent
from ledger.stock_facts import dose_of, local_day
from ledger.whereabouts import arrived, came, departed, less, more, shifted

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
            after = came(state, mg, "")
            return Moved(placed, "handed-in", state, after, mg, None, slot_of_signer(placed), event.session)
        case stock.OwnMedicationCheckedOut():
            mg = state.mass_of(event.count)
            after = replace(less(state, mg, ""), handed_back=state.handed_back + mg, drawn=ZERO)
            return Moved(placed, "handed-back", state, after, mg, state.balance, slot_of_signer(placed), event.session)
        case stock.OwnMedicationCounted():
            mg = state.mass_of(event.count)
            return Moved(
                placed, "counted", state, replace(state, drawn=ZERO), mg, state.balance, "", event.session or ""
            )
        case inventory.InventoryCounted():
            return _counted(state, placed, event)
        case holds.DoseInterrupted2() if event.dose is None:
            return _given(state, placed, "dose", Fraction(event.mass_taken.value), event.label or "")
        case holds.DoseInterrupted() | holds.DoseInterrupted2() | holds.DosePartiallyTaken():
            return _taken_in_part(state, placed, event)
        case DosePrepared():
            slot, session = _whose(placed)
            return Moved(placed, "prepared", state, state, Fraction(event.mass.value), None, slot, session)
        case DoseAdministered():
            return _given(state, placed, "dose", Fraction(event.mass.value), event.label or "")
        case DoseKept():
            given = _given(state, placed, "dose", Fraction(event.mg), event.label or "")
            return replace(given, after=_shortened(given.after, placed.dig, Fraction(event.taken)))
        case InterventionPerformed():
            mg = ZERO if event.mass is None else Fraction(event.mass.value)
            return _given(state, placed, "used-in-need", mg, "")
        case losses.WastageRecorded() | losses.WastageRecorded2():
            mg = Fraction(event.mass.value)
            after = _wasted(state, wasted_by(event, mg))
            return Moved(placed, "wasted", state, after, mg, None, "", event.session or "")
        case losses.DiscrepancyFound():
            mg, expected = Fraction(event.counted.value), Fraction(event.expected.value)
            return Moved(placed, "difference-found", state, state, mg, expected)
        case losses.DiscrepancyResolved():
            mg = Fraction(event.balance.value)
            after = more(state, mg - state.balance, state.home)
            after = replace(after, differences=state.differences + mg - state.balance)
            return Moved(placed, "difference-resolved", state, after, mg - state.balance)
        case _:
            return _clinic(state, placed, event)


def _clinic(state: Container, placed: PlacedEvent, event: Event) -> Moved:
    """What happens to the clinic's own stock alone."""
    match event:
        case inventory.StockReceived():
            mg = Fraction(event.amount.value)
            return Moved(placed, "received", state, came(state, mg, event.location), mg)
        case losses.InventoryDestroyed():
            mg = Fraction(event.amount.value)
            after = replace(less(state, mg, ""), destroyed=state.destroyed + mg)
            return Moved(placed, "destroyed", state, after, mg, state.balance)
        case losses.ReturnedToReverseDistributor():
            mg = Fraction(event.amount.value)
            after = replace(less(state, mg, ""), sent_back=state.sent_back + mg)
            return Moved(placed, "sent-back", state, after, mg, state.balance)
        case inventory.StockDispensedToSession():
            mg = Fraction(event.amount.value)
            after = shifted(state, mg, state.home, event.session)
            return Moved(placed, "given-out", state, after, mg, None, "", event.session)
        case inventory.StockReturnedFromSession():
            mg = Fraction(event.amount.value)
            there = state.places.get(event.session)
            after = shifted(state, mg, event.session, state.home)
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
        return Moved(placed, "opening-balance", state, came(state, mg, placed.stream), mg)
    return Moved(placed, "counted", state, replace(state, drawn=ZERO), mg, state.balance)


def _given(
    state: Container, placed: PlacedEvent, kind: Literal["dose", "used-in-need"], mg: Fraction, label: str
) -> Moved:
    slot, session = _whose(placed)
    dose = Given(placed.position, mg, mg, label, session, slot)
    after = replace(
        less(state, mg, session),
        given=state.given + mg,
        drawn=state.drawn + mg,
        doses={**state.doses, placed.dig: dose},
    )
    return Moved(placed, kind, state, after, mg, None, slot, session)


def _taken_in_part(
    state: Container,
    placed: PlacedEvent,
    event: holds.DoseInterrupted | holds.DoseInterrupted2 | holds.DosePartiallyTaken,
) -> Moved:
    """The container lost the whole dose; what did not go in is left over, or was wasted already."""
    slot, session = _whose(placed)
    taken = Fraction(event.mass_taken.value)
    return Moved(placed, "taken-in-part", state, _shortened(state, dose_of(event), taken), taken, None, slot, session)


def _shortened(state: Container, dig: str, taken: Fraction) -> Container:
    """After only so much of a dose went in; the same when nobody recorded that dose, or all of it did."""
    dose = state.doses.get(dig)
    if dose is None or dose.taken == taken:
        return state
    rest = dose.taken - taken
    after = replace(state, given=state.given - rest, doses={**state.doses, dig: replace(dose, taken=taken)})
    if rest >= 0:
        met = leave(state.left, state.wastes, LeftOver(dig, dose.label, dose.session, rest))
        after = more(replace(after, left=met.left, wastes=met.wastes), met.mg, state.home)
    else:
        beyond, left = take_back(state.left, dig, -rest)
        after = less(replace(after, left=left), beyond, dose.session)
    return after


def _wasted(state: Container, new: Wasted) -> Container:
    met = waste(state.left, state.wastes, new)
    from_it = new.mg - met.mg
    return replace(
        less(state, from_it, new.session),
        wasted=state.wasted + new.mg,
        drawn=state.drawn + from_it,
        left=met.left,
        wastes=met.wastes,
    )


def _transferred(state: Container, placed: PlacedEvent, event: inventory.CustodyTransferred) -> Moved:
    mg = Fraction(event.amount.value)
    leg = Leg(event.from_location, event.to_location, event.departed_at, mg, placed.position)
    after, expected = departed(state, leg) if event.arrived_at is None else arrived(state, leg, event.arrived_at)
    return Moved(placed, "moved", state, after, mg, expected)


def _whose(placed: PlacedEvent) -> tuple[str, str]:
    session, _, slot = placed.stream.rpartition("/")
    return slot, session
