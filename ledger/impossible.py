"""
What should be impossible with a container, and was recorded all the same: said beside the fact, never refused.

    Oddity("not-the-owner", "A's, but the container is B's", (57,))

Every mark has a stable code, words for people, and the positions of what it rests on.
A mark changes no number: what is odd is worked out like everything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from ledger.container import ZERO, Container, Given, tolerance
from ledger.events import inventory, losses, stock
from ledger.events.dosing import DoseAdministered, DosePrepared
from ledger.events.emergencies import InterventionPerformed
from ledger.reading import PlacedEvent
from ledger.stock import Moved
from ledger.stock_facts import dose_of, local_day

DAYS_OPEN = 28
"""How long an opened vial may be used when nobody set a day. Source: the exact rules, ORD-08."""

CLINIC_ONLY = (
    inventory.StockReceived,
    inventory.InventoryCounted,
    inventory.StockDispensedToSession,
    inventory.StockReturnedFromSession,
    inventory.CustodyTransferred,
    losses.ReturnedToReverseDistributor,
)
"""Types that only a clinic's own container may have."""

_OWN_ONLY = (stock.OwnMedicationCheckedIn, stock.OwnMedicationCounted, stock.OwnMedicationCheckedOut)
_USES = ("dose", "used-in-need")


@dataclass(frozen=True, slots=True)
class Oddity:
    """One thing that should not be: a stable code, what it is in words, and the positions it rests on."""

    code: str
    words: str
    positions: tuple[int, ...]


def oddities(moved: Moved) -> tuple[Oddity, ...]:
    """All that is odd about one fact of a container, as far as it and what happened before it say."""
    at = moved.placed.position
    return tuple(Oddity(code, words, (*more, at)) for code, words, *more in _odd(moved))


def _odd(moved: Moved) -> Iterator[tuple[str, str, *tuple[int, ...]]]:
    before, after, arrival = moved.before, moved.after, moved.before.arrival
    if arrival is None:
        yield "never-arrived", "from a container that was never handed in"
        return
    came = "handed in" if before.world == "own" else "received"
    if not after.has_arrived:
        yield "before-arrival", f"before the container was {came}", arrival.position
    yield from _again(moved, arrival)
    yield from _worlds(moved, arrival)
    yield from _owners(moved, arrival)
    if moved.kind in _USES:
        yield from _out_of_date(moved, arrival)
        yield from _elsewhere(moved)
    yield from _masses(moved, arrival)
    if after.balance < 0 and moved.kind != "prepared":
        yield "below-zero", "the balance is below zero"
    yield from _counts(moved)
    if _is_guess(moved):
        yield "guessed-rest", "a waste that names no dose was taken for what was left over of one in the same session"


def _again(moved: Moved, arrival: PlacedEvent) -> Iterator[tuple[str, str, *tuple[int, ...]]]:
    event = moved.placed.event
    if isinstance(event, stock.OwnMedicationCheckedIn) and moved.before.world == "own":
        per = moved.before.per
        if Fraction(event.strength.value) != per:
            yield "other-strength", f"handed in with another strength, {event.strength.value} mg", arrival.position
    elif moved.kind == "received" and moved.before.has_arrived:
        yield "received-again", "received a second time", arrival.position


def _worlds(moved: Moved, arrival: PlacedEvent) -> Iterator[tuple[str, str, *tuple[int, ...]]]:
    event = moved.placed.event
    if moved.before.world == "own" and isinstance(event, CLINIC_ONLY):
        yield "own-in-stock", "a participant's own medication, booked as the clinic's stock", arrival.position
    if moved.before.world == "clinic" and isinstance(event, _OWN_ONLY):
        yield "stock-as-own", "the clinic's stock, booked as a participant's own", arrival.position


def _owners(moved: Moved, arrival: PlacedEvent) -> Iterator[tuple[str, str, *tuple[int, ...]]]:
    """Whose it is follows from who signed when it came: the slot, and the couple of that session."""
    state, event = moved.before, moved.placed.event
    if state.world == "own" and moved.session:
        own = state.couples.get(state.owners_session, "")
        if own != state.couples.get(moved.session, ""):
            yield "other-couple", "in a session of another couple than the owner's", arrival.position
        elif {moved.slot, state.owner}.isdisjoint({"", "unknown"}) and moved.slot != state.owner:
            words = f"{moved.slot.upper()}'s, but the container is {state.owner.upper()}'s"
            yield "not-the-owner", words, arrival.position
    if isinstance(event, DoseAdministered) and event.label:
        for each in state.doses.values():
            if each.label == event.label and _is_another(each, moved):
                yield "label-for-two", f"the prepared dose {event.label} was given to two people", each.position
                break


def _is_another(each: Given, moved: Moved) -> bool:
    return (each.session, each.slot) != (moved.session, moved.slot)


def _out_of_date(moved: Moved, arrival: PlacedEvent) -> Iterator[tuple[str, str, *tuple[int, ...]]]:
    state, day = moved.before, local_day(moved.placed)
    event = arrival.event
    expires = event.expires if isinstance(event, stock.OwnMedicationCheckedIn | inventory.StockReceived) else None
    if expires is not None and day > expires:
        yield "expired", f"given on {day}, good until {expires}", arrival.position
    use_by = state.use_by
    if use_by is None and state.opened_on is not None and state.is_liquid:
        use_by = _after(state.opened_on)
    if use_by is not None and day > use_by:
        yield "past-use-by", f"given on {day}, opened and to be used by {use_by}"
    if state.recalled is not None:
        yield "recalled", "given after its lot was recalled", state.recalled


def _after(opened_on: str) -> str:
    try:
        return (date.fromisoformat(opened_on) + timedelta(days=DAYS_OPEN)).isoformat()
    except OverflowError:
        return "9999-12-31"


def _elsewhere(moved: Moved) -> Iterator[tuple[str, str, *tuple[int, ...]]]:
    """In this session although another one has it; stock that was given out to none is not asked about."""
    held = {place for place, mg in moved.before.places.items() if place.startswith("session/") and mg > 0}
    if held and moved.session not in held:
        yield "another-session", "given in a session it was not given out to, while another one had it"


def _masses(moved: Moved, arrival: PlacedEvent) -> Iterator[tuple[str, str, *tuple[int, ...]]]:
    state, event = moved.before, moved.placed.event
    concentration = event.concentration if isinstance(event, DosePrepared) and state.is_liquid else None
    if concentration is not None and state.per is not None and Fraction(concentration) != state.per:
        words = f"prepared as {concentration} mg/mL, which is not what the container holds"
        yield "other-concentration", words, arrival.position
    if isinstance(event, losses.DiscrepancyFound):
        if Fraction(event.difference.value) != Fraction(event.counted.value) - Fraction(event.expected.value):
            yield "not-conserved", f"{event.difference.value} mg is not counted less expected"
        return
    for mg, many, unit, finest in _stated(moved):
        if state.per is not None and abs(mg - many * state.per) > finest * state.per:
            yield "not-conserved", f"mg and {unit} do not go together at this strength", arrival.position


def _stated(moved: Moved) -> Iterator[tuple[Fraction, Fraction, str, Fraction]]:
    """The amounts of a fact that are said in two ways: mg, units or mL, their name, and half of their last place."""
    event: object = moved.placed.event
    if isinstance(event, inventory.InventoryCounted):
        event = next((each for each in event.containers if each.container == moved.before.id), None)
    mg = moved.mg
    if mg is None or moved.kind in ("handed-in", "handed-back", "taken-in-part"):
        return
    if isinstance(event, InterventionPerformed) and event.mass is None:
        return
    units, volume = getattr(event, "units", None), getattr(event, "volume", None)
    if volume is not None and moved.before.is_liquid:
        yield mg, Fraction(volume), "mL", Fraction(1, 200)
    if units is not None and not moved.before.is_liquid:
        yield mg, Fraction(units), "units", Fraction(1, 2000)


def _is_guess(moved: Moved) -> bool:
    """Whether a waste and a rest met of which not both say that they belong together."""
    before, after, event = moved.before, moved.after, moved.placed.event
    if isinstance(event, losses.WastageRecorded):
        return any(not event.label or not rest.label for rest in set(before.left) - set(after.left))
    if moved.kind == "taken-in-part":
        dose = before.doses.get(dose_of(event))
        met = set(before.wastes) - set(after.wastes)
        return any(each.guesses or (dose is not None and not dose.label and not each.says_of_what) for each in met)
    return False


def _counts(moved: Moved) -> Iterator[tuple[str, str, *tuple[int, ...]]]:
    difference, event = moved.difference, moved.placed.event
    if difference is None or moved.kind == "difference-found":
        return
    allowed = tolerance(moved.before) if moved.kind == "counted" else ZERO
    if difference:
        within = difference and abs(difference) <= allowed
        words = "counted and expected differ" + (", within the tolerance" if within else "")
        yield ("within-tolerance" if within else "counts-differ"), words
    if isinstance(event, inventory.InventoryCounted):
        shown = next((each.expected for each in event.containers if each.container == moved.before.id), None)
        if shown is not None and Fraction(shown.value) != moved.before.balance:
            yield "other-expected", f"the counters were shown {shown.value} mg, which was not the balance"


def unaccounted(state: Container, moves: tuple[Moved, ...]) -> tuple[Oddity, ...]:
    """What was drawn up and neither given nor wasted so far, by its label, and what is left over of a dose."""
    drawn: dict[str, Fraction] = {}
    at: dict[str, list[int]] = {}
    for moved in moves:
        event = moved.placed.event
        if isinstance(event, DosePrepared) and event.drawn_from_vial:
            drawn[event.label] = drawn.get(event.label, ZERO) + Fraction(event.mass.value)
            at.setdefault(event.label, []).append(moved.placed.position)
    out = [(each.label, each.taken, each.position) for each in state.doses.values()]
    out += [(each.label, each.mg, state.doses[each.dose].position) for each in state.left]
    for moved in moves:
        event = moved.placed.event
        if isinstance(event, losses.WASTES):
            out.append((event.label or "", Fraction(event.mass.value), moved.placed.position))
    for label, mg, position in out:
        if label in drawn:
            drawn[label] -= mg
            at[label].append(position)
    loose = [
        Oddity("not-accounted", f"{_mg(abs(mg))} mg of {label} {_how(mg)}", tuple(sorted(set(at[label]))))
        for label, mg in drawn.items()
        if mg
    ]
    rests = [
        Oddity(
            "left-over",
            f"{_mg(each.mg)} mg of a dose were left over and not wasted",
            (state.doses[each.dose].position,),
        )
        for each in state.left
    ]
    away = [
        Oddity("under-way", f"{_mg(each.mg)} mg left for another place and have not arrived", (each.position,))
        for each in state.departures
    ]
    return (*loose, *rests, *away)


def _how(mg: Fraction) -> str:
    return "were drawn up and neither given nor wasted" if mg > 0 else "were given or wasted and not drawn up"


def _mg(mg: Fraction) -> str:
    return f"{Decimal(mg.numerator) / Decimal(mg.denominator):f}"
