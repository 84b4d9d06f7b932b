"""
What a rule is asked about: a dose that was given, or the authorisation that a gate is asked about in its place.

    for act in each_dose(history, "a"): …           every dose, or the one that is about to be authorised
    act = first_dose(history, "a")                   the first one; also the opening, with `at_opening=True`

A gate sees the dose that is to come as if it were given when it is authorised.
Source: the exact rules, section 0, items 4 and 13, and section 9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ledger.events.dosing import DoseAdministered, DoseAuthorised
from ledger.events.fields import Gone
from ledger.events.lifecycle import SessionOpened
from ledger.vocabulary import Route, Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact


@dataclass(frozen=True, slots=True)
class Occasion:
    """
    One dose, given or about to be; `route` and `mg` are null at an opening, when nobody knows them yet.

    `earlier` are the doses that the same person was given before it in this session.
    """

    fact: Fact
    at: datetime
    route: Route | None
    mg: Decimal | None
    earlier: tuple[Fact, ...] = ()

    @property
    def position(self) -> int:
        """Where it stands, or will stand."""
        return self.fact.position

    @property
    def given(self) -> DoseAdministered | None:
        """The dose itself, when it was given."""
        return self.fact.event if isinstance(self.fact.event, DoseAdministered) else None

    @property
    def is_ahead(self) -> bool:
        """Whether it is only about to be given."""
        return self.given is None

    @property
    def what(self) -> str:
        """`the dose`, or what stands in its place at a gate."""
        match self.fact.event:
            case SessionOpened():
                return "the opening"
            case DoseAuthorised():
                return "the authorisation"
            case _:
                return "the dose"


def each_dose(history: History, slot: Slot) -> list[Occasion]:
    """Every dose of one partner in the order given; at a gate the one to be authorised, and no other."""
    given = history.of(slot, DoseAdministered)
    proposed = history.proposed
    if proposed is None:
        return [_of(fact, tuple(given[:index])) for index, fact in enumerate(given)]
    if isinstance(proposed.event, DoseAuthorised) and proposed.stream == f"{history.session}/{slot}":
        return [_of(proposed, tuple(given))]
    return []


def first_dose(history: History, slot: Slot, *, at_opening: bool = False) -> Occasion | None:
    """
    The first dose of one partner in this session; at a gate the one to be authorised, if it is their first.

    With `at_opening` also the opening, for a partner who comes to be dosed.
    """
    proposed = history.proposed
    if at_opening and proposed is not None and isinstance(proposed.event, SessionOpened):
        role = proposed.event.role_a if slot == "a" else proposed.event.role_b
        return Occasion(proposed, proposed.at, None, None) if role == "dosing" or isinstance(role, Gone) else None
    return next((act for act in each_dose(history, slot) if not act.earlier), None)


def of_each_dose(history: History, judged: Callable[[Slot, Occasion], Ruling]) -> Iterator[Ruling]:
    """What a rule says of each partner's doses, one by one; of somebody not dosed that it does not apply."""
    for slot in SLOTS:
        acts = each_dose(history, slot)
        yield from (judged(slot, act) for act in acts) if acts else (not_dosed(slot),)


def of_first_dose(
    history: History, judged: Callable[[Slot, Occasion], Ruling], *, at_opening: bool = False
) -> Iterator[Ruling]:
    """What a rule says of each partner's first dose; `at_opening` as in `first_dose`."""
    for slot in SLOTS:
        act = first_dose(history, slot, at_opening=at_opening)
        yield not_dosed(slot) if act is None else judged(slot, act)


def mg_of(fact: Fact) -> Decimal:
    """The milligrams of a dose."""
    return _of(fact, ()).mg or Decimal()


def route_of(fact: Fact) -> Route | None:
    """The route of a dose."""
    return _of(fact, ()).route


def not_dosed(slot: Slot) -> Ruling:
    """What a rule about dosed persons says of anybody else."""
    return Ruling(slot, "not-applicable", f"{slot.upper()} was not dosed.")


def nobody_known(history: History, slot: Slot, act: Occasion, anchor: str = "") -> Ruling | None:
    """A verdict when it cannot be read any more whose slot this is, and so which record to look at; else None."""
    if not isinstance(history.person(slot), Gone):
        return None
    sentence = f"{slot.upper()}: whose record to look at cannot be read any more."
    return Ruling(slot, "cannot-judge", sentence, (act.position,), anchor, causes=("unknown-person",))


def _of(fact: Fact, earlier: tuple[Fact, ...]) -> Occasion:
    match fact.event:
        case DoseAdministered(route=route, mass=mass) | DoseAuthorised(route=route, mass=mass):
            return Occasion(fact, fact.at, route, mass.mg, earlier)
        case other:
            raise TypeError(f"{other.type} is no dose")
