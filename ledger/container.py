"""
One container as it stands: what it should hold, where that is, and what became of all that ever came into it.

    came 500 = given 70 + wasted 5 + balance 425                                   (mg, exact)

Whatever happens, nothing is lost in the sums: what came, and what was named as a difference, is what was given,
wasted, handed back, destroyed, sent back, left over of doses taken in part, or is still there.
A participant's own medication and a clinic's stock are separate worlds; which one a container belongs to, the
entry says with which it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from ledger.events.inventory import InventoryCounted, StockReceived
from ledger.events.stock import OwnMedicationCheckedIn
from ledger.left_over import LeftOver, Wasted
from ledger.reading import PlacedEvent

World: TypeAlias = Literal["own", "clinic", "unknown"]

ZERO = Fraction(0)
UNDER_WAY = "under way"
"""The place of what left one location and has not arrived at the other."""


@dataclass(frozen=True, slots=True)
class Given:
    """One dose that came out of a container: all of it, what of it went in, for whom, and from which prepared dose."""

    position: int
    mg: Fraction
    taken: Fraction
    label: str
    session: str
    slot: str


@dataclass(frozen=True, slots=True)
class Leg:
    """One way from a place to another, when it began and how many mg of a container went; which entry says so."""

    origin: str
    goal: str
    departed_at: str
    mg: Fraction
    position: int

    def is_between(self, other: Leg) -> bool:
        """Whether it is from and to the same places."""
        return (self.origin, self.goal) == (other.origin, other.goal)

    def is_of(self, other: Leg) -> bool:
        """Whether it is the very same way."""
        return self.is_between(other) and self.departed_at == other.departed_at


@dataclass(frozen=True, slots=True)
class Container:
    """
    The state of one container after some of its facts; masses in mg, exact, and below zero where the facts say so.

    `arrival` is the entry with which it came, as far as anybody knows one, `has_arrived` whether that has happened.
    `couples` says which couple a session is of. `places` holds the balance by location or session, `home` where
    it is kept. `drawn` is what was given or wasted since the last count.
    `departures` have not arrived yet, `arrivals` are those of which no departure was said before.
    """

    id: str
    arrival: PlacedEvent | None
    couples: Mapping[str, str]
    has_arrived: bool = False
    balance: Fraction = ZERO
    came: Fraction = ZERO
    given: Fraction = ZERO
    wasted: Fraction = ZERO
    handed_back: Fraction = ZERO
    destroyed: Fraction = ZERO
    sent_back: Fraction = ZERO
    differences: Fraction = ZERO
    left: tuple[LeftOver, ...] = ()
    wastes: tuple[Wasted, ...] = ()
    doses: Mapping[str, Given] = field(default_factory=dict)
    places: Mapping[str, Fraction] = field(default_factory=dict)
    home: str = ""
    drawn: Fraction = ZERO
    opened_on: str | None = None
    use_by: str | None = None
    recalled: int | None = None
    departures: tuple[Leg, ...] = ()
    arrivals: tuple[Leg, ...] = ()

    @property
    def left_over(self) -> Fraction:
        """What is left of doses taken in part and was not wasted yet; it is in no container any more."""
        return sum((each.mg for each in self.left), ZERO)

    @property
    def is_conserved(self) -> bool:
        """Whether the sums agree, which they do after any facts in any order."""
        out = self.given + self.wasted + self.handed_back + self.destroyed + self.sent_back
        held = sum(self.places.values(), ZERO)
        return self.came + self.differences == out + self.left_over + self.balance and held == self.balance

    @property
    def world(self) -> World:
        """Whose it is: a participant's, the clinic's, or nobody knows."""
        match self.arrival.event if self.arrival else None:
            case OwnMedicationCheckedIn():
                return "own"
            case StockReceived() | InventoryCounted():
                return "clinic"
            case _:
                return "unknown"

    @property
    def per(self) -> Fraction | None:
        """The mg in one unit, or in one mL where it is a liquid; None when nobody said."""
        match self.arrival.event if self.arrival else None:
            case OwnMedicationCheckedIn() as event:
                return Fraction(event.strength.value)
            case StockReceived() as event:
                if event.concentration is not None:
                    return Fraction(event.concentration)
                return None if event.strength is None else Fraction(event.strength.value)
            case InventoryCounted() as event:
                for part in event.containers:
                    many = Fraction(part.volume or part.units or "0")
                    if part.container == self.id and many:
                        return Fraction(part.amount.value) / many or None
        return None

    def mass_of(self, count: str) -> Fraction:
        """So many units in mg; a container that nobody handed in has no strength, and so no mass."""
        return Fraction(count) * (self.per or ZERO)

    @property
    def is_liquid(self) -> bool:
        """Whether it is measured in mL, not counted in units."""
        match self.arrival.event if self.arrival else None:
            case StockReceived() as event:
                return event.concentration is not None
            case InventoryCounted() as event:
                return any(each.container == self.id and each.volume is not None for each in event.containers)
            case _:
                return False

    @property
    def owner(self) -> str:
        """The slot of the participant who handed it in, `unknown` when none did."""
        return slot_of_signer(self.arrival) if self.arrival and self.world == "own" else "unknown"

    @property
    def owners_session(self) -> str:
        """The session it was handed in for."""
        event = self.arrival.event if self.arrival else None
        return event.session if isinstance(event, OwnMedicationCheckedIn) else ""


def slot_of_signer(placed: PlacedEvent) -> str:
    """The slot of the one participant who signed, `unknown` if none did or several."""
    slots = {signer.by[-1] for signer in placed.signers if signer.by.startswith("session/")}
    return slots.pop() if len(slots) == 1 else "unknown"


def tolerance(
    state: Container,
    *,
    ml_per_vial: Fraction = Fraction(1, 10),
    percent: Fraction = Fraction(2),
    own_units: Fraction = ZERO,
) -> Fraction:
    """
    How far a count may be from the balance: for an opened vial 0.1 mL or 2 % of what was drawn since the last count,
    whichever is more; for all else nothing, and a participant's own by units. A protocol may say other figures.
    Source: the exact rules, CS-01.
    """
    if state.world == "own":
        return own_units * (state.per or ZERO)
    if state.world != "clinic" or not state.is_liquid or state.per is None or state.opened_on is None:
        return ZERO
    return max(ml_per_vial * state.per, percent / 100 * state.drawn)
