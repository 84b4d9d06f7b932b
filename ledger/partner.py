"""
One partner's part of a session: their own clock, their own doses, and how they left.

Nothing of the other partner is in it; the two are never added up.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from ledger.events.measures import UntilWhen
from ledger.vocabulary import Phase

Frozen = TypeVar("Frozen")


def changed(state: Frozen, **changes: object) -> Frozen:
    """
    The same state with some members changed: `dataclasses.replace` for frozen classes with slots, but cheaper.

    Raises:
        TypeError: there is no such member.
    """
    new = object.__new__(type(state))
    for name in type(state).__slots__:  # type: ignore[attr-defined]  # whoever has none raises
        object.__setattr__(new, name, changes.pop(name) if name in changes else getattr(state, name))
    if changes:
        raise TypeError(f"{type(state).__name__} has no {', '.join(changes)}")
    return new


@dataclass(frozen=True, slots=True)
class Dose:
    """
    One dose given: when it happened, how much, from which container, and where it stands in the log.

    `taken_mg` is what went in where that was less; the container lost the whole dose all the same.
    """

    at: str
    mg: Decimal
    container: str
    position: int
    dig: str = ""
    taken_mg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Partner:
    """One partner's part of a session, as recorded so far; times are instants in UTC, as claimed."""

    phase: Phase | None = None
    checked_in_at: str | None = None
    doses: tuple[Dose, ...] = ()
    declined_at: str | None = None
    held_at: str | None = None
    out_of_room_at: str | None = None
    last_check_at: str | None = None
    monitors: frozenset[str] = frozenset()
    promised_until: UntilWhen | None = None
    released_at: str | None = None
    released_until: UntilWhen | None = None
    departed_at: str | None = None
    transferred_at: str | None = None
    left_against_advice_at: str | None = None
    no_show_at: str | None = None

    @property
    def ended_at(self) -> str | None:
        """When they left care, whichever way it was, or did not come at all; None while they are here."""
        ways = (self.departed_at, self.transferred_at, self.left_against_advice_at, self.no_show_at)
        return min((at for at in ways if at is not None), default=None)

    @property
    def total_mg(self) -> Decimal:
        """All milligrams given to this person in this session, also of a dose not taken whole; never both partners'."""
        return sum((dose.mg for dose in self.doses), Decimal(0))

    @property
    def last_dose(self) -> Dose | None:
        """The dose that happened last."""
        return max(self.doses, key=lambda dose: dose.at, default=None)
