"""
How many persons one monitor may watch, by what each of these was given so far.

    by mouth, under the tongue, by the nose     `ratio_lozenge` up to `ratio_high_dose_mg` in this session, then fewer
    into a muscle or a vein                     `ratio_injected` until some time after the last dose, then more

A protocol may allow more where every injected dose is low for the body weight, and more in a group by its table.
Source: the exact rules, SUP-03.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ledger.events.choices import Parameters2
from ledger.events.fields import Gone
from ledger.events.groups import RetreatGroupFormed, SessionJoinedGroup
from projections.compliance.doses import Dose
from projections.compliance.moments import minutes
from projections.compliance.occasions import Occasion, route_of
from projections.compliance.watched import Watched
from projections.compliance.weights import Weighed, weight_at

_INJECTED = ("intramuscular", "intravenous")


@dataclass(frozen=True, slots=True)
class Ratios:
    """The ratios among persons in care at the same time; `trusting` takes a weight nobody can read for enough."""

    persons: Sequence[Watched]
    trusting: bool

    def turns(self) -> Iterator[datetime]:
        """The moments at which a ratio changes because time has passed."""
        for each in self.persons:
            if each.history.figures is not None:
                wait = minutes(each.history.figures.supervision.ratio_injected_for_min)
                yield from (dose.at + wait for dose in each.doses if _is_injected(dose))

    def of(self, person: Watched, at: datetime) -> int | None:
        """How many a monitor may watch with this one among them; None where no protocol says."""
        figures = person.history.figures
        doses = [dose for dose in person.doses if dose.at <= at]
        if figures is None or not doses:
            return None
        injected = [dose for dose in doses if _is_injected(dose)]
        found = []
        if len(injected) < len(doses):
            mg = sum((dose.mg for dose in doses if not _is_injected(dose)), Decimal())
            high = mg > Decimal(figures.supervision.ratio_high_dose_mg)
            usual = figures.supervision.ratio_high_dose if high else figures.supervision.ratio_lozenge
            found.append(self._in_group(person, figures, at) or usual)
        if injected:
            found.append(self._injected(person, figures, injected, doses[-1], at))
        return min(found)

    def _injected(
        self, person: Watched, figures: Parameters2, injected: Sequence[Dose], last: Dose, at: datetime
    ) -> int:
        asked = figures.supervision
        if at >= last.at + minutes(asked.ratio_injected_for_min):
            return asked.ratio_injected_later
        low = asked.ratio_injected_low
        if low is None or asked.ratio_injected_low_mg_per_kg is None:
            return asked.ratio_injected
        most = Decimal(asked.ratio_injected_low_mg_per_kg)
        are_low = all(self._is_low(person, dose, most) for dose in injected)
        return max(low, asked.ratio_injected) if are_low else asked.ratio_injected

    def _is_low(self, person: Watched, dose: Dose, most: Decimal) -> bool:
        weighed = _weighed(person, dose)
        if weighed is None:
            return False
        return self.trusting if isinstance(weighed.kg, Gone) else dose.mg <= most * weighed.kg

    def _in_group(self, person: Watched, figures: Parameters2, at: datetime) -> int | None:
        """What the table for groups allows where nobody in the group has had more; None outside a group."""
        joined = person.group(at)
        if joined is None:
            return None
        table = (_figures_of_group(person, joined) or figures).choices.group_ratios
        own = [each for each in self.persons if _code(each, at) == joined.group]
        most = max(sum((dose.mg for dose in each.doses if dose.at <= at), Decimal()) for each in own)
        rows = sorted(table, key=lambda row: Decimal(row.up_to_mg))
        return next((row.persons for row in rows if most <= Decimal(row.up_to_mg)), None)


def rests_on_unread(persons: Sequence[Watched]) -> bool:
    """Whether a ratio may rest on a body weight that cannot be read any more."""
    asked = (each for each in persons if _asks_for_weight(each.history.figures))
    return any(_weight_is_gone(each, dose) for each in asked for dose in each.doses if _is_injected(dose))


def lowest(ratios: Iterable[int | None]) -> int | None:
    """The one that decides; None where no protocol says any."""
    return min((each for each in ratios if each is not None), default=None)


def _asks_for_weight(figures: Parameters2 | None) -> bool:
    return figures is not None and figures.supervision.ratio_injected_low is not None


def _weighed(person: Watched, dose: Dose) -> Weighed | None:
    return weight_at(person.history, person.slot, Occasion(dose.fact, dose.at, route_of(dose.fact), dose.mg))


def _weight_is_gone(person: Watched, dose: Dose) -> bool:
    weighed = _weighed(person, dose)
    return weighed is not None and isinstance(weighed.kg, Gone)


def _is_injected(dose: Dose) -> bool:
    return route_of(dose.fact) in _INJECTED


def _code(person: Watched, at: datetime) -> str | None:
    joined = person.group(at)
    return None if joined is None else joined.group


def _figures_of_group(person: Watched, joined: SessionJoinedGroup) -> Parameters2 | None:
    """The figures of the protocol that a group was planned under, where it names one."""
    location, formed = person.history.location, joined.formed
    if location is None or formed is None:
        return None
    ledger = person.history.ledger
    for fact in ledger.on(location, RetreatGroupFormed):
        if fact.dig == formed.dig and isinstance(fact.event, RetreatGroupFormed) and fact.event.protocol is not None:
            return ledger.figures_of(ledger.protocol_pinned(fact.event.protocol.dig))
    return None
