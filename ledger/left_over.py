"""
What is left of a dose that was taken in part, and the waste that takes it away.

A container lost the whole dose when it was given. The rest that did not go in is left over until it is wasted;
that waste takes nothing from the container a second time, whichever of the two was recorded first.

    dose 100 · 60 went in · waste 40       given 60, wasted 40, and 100 less in the container

A waste is of a rest when it names that dose, or when both name the same prepared dose by its label.
One of the first version that names neither is taken for the rest of a dose in the same session: that is a guess, and
is marked as one (`ledger.impossible`); one of the second version that names neither came out of the container.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from ledger.events.losses import WastageRecorded, WastageRecorded2

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class LeftOver:
    """What did not go in of one dose, and was not wasted yet."""

    dose: str
    label: str
    session: str
    mg: Fraction


@dataclass(frozen=True, slots=True)
class Wasted:
    """What a waste took from the container itself."""

    label: str
    session: str
    mg: Fraction
    dose: str = ""
    says_of_what: bool = False
    """Whether it says of which dose it is, if of any: what it does not name it is not taken for."""

    @property
    def guesses(self) -> bool:
        """Whether it may be taken for a rest that it does not name."""
        return not self.says_of_what and not self.label


@dataclass(frozen=True, slots=True)
class Matched:
    """After a rest and a waste met: what they met by, and what stays of both sides."""

    mg: Fraction
    left: tuple[LeftOver, ...]
    wastes: tuple[Wasted, ...]


def waste(left: Iterable[LeftOver], wastes: tuple[Wasted, ...], new: Wasted) -> Matched:
    """A waste takes rests away, the oldest first; what is more than those was taken from the container."""
    rest, kept = new.mg, []
    for each in left:
        met = min(rest, each.mg) if _is_of(new, each) else ZERO
        rest -= met
        if each.mg != met:
            kept.append(replace(each, mg=each.mg - met))
    more = (replace(new, mg=rest),) if rest else ()
    return Matched(new.mg - rest, tuple(kept), (*wastes, *more))


def leave(left: tuple[LeftOver, ...], wastes: Iterable[Wasted], new: LeftOver) -> Matched:
    """A rest is left over; what of it was wasted before anybody said that it was left, goes back to the container."""
    rest, kept = new.mg, []
    for each in wastes:
        met = min(rest, each.mg) if _is_of(each, new) else ZERO
        rest -= met
        if each.mg != met:
            kept.append(replace(each, mg=each.mg - met))
    more = (replace(new, mg=rest),) if rest else ()
    return Matched(new.mg - rest, (*left, *more), tuple(kept))


def take_back(left: Iterable[LeftOver], dose: str, mg: Fraction) -> tuple[Fraction, tuple[LeftOver, ...]]:
    """More of a dose went in than was said: less is left of it. Also what was not there to be taken back."""
    rest, kept = mg, []
    for each in left:
        met = min(rest, each.mg) if each.dose == dose else ZERO
        rest -= met
        if each.mg != met:
            kept.append(replace(each, mg=each.mg - met))
    return rest, tuple(kept)


def wasted_by(event: WastageRecorded | WastageRecorded2, mg: Fraction) -> Wasted:
    """What an entry of waste says about where it came from."""
    label, session = event.label or "", event.session or ""
    if isinstance(event, WastageRecorded2):
        return Wasted(label, session, mg, "" if event.dose is None else event.dose.dig, says_of_what=True)
    return Wasted(label, session, mg)


def _is_of(wasted: Wasted, left: LeftOver) -> bool:
    if wasted.dose:
        return wasted.dose == left.dose
    if wasted.label and left.label:
        return wasted.label == left.label
    if wasted.says_of_what:
        return False
    return bool(left.session) and wasted.session == left.session
