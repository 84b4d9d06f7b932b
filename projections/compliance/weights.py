"""The body weight that a dose by weight is reckoned with: the dose's own, else the last one recorded before it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from ledger.events.arrival import PreDoseAssessed
from ledger.events.dosing import DoseAdministered
from ledger.events.eligibility import EvaluationCompleted
from ledger.events.fields import Gone
from ledger.vocabulary import Slot
from projections.compliance.history import History
from projections.compliance.known import Fact
from projections.compliance.occasions import Occasion


@dataclass(frozen=True, slots=True)
class Weighed:
    """A weight in kg, exact, and where it stands."""

    SHOWN: ClassVar[Decimal] = Decimal("0.001")
    """To how much a mg/kg is shown; nothing is compared rounded."""

    kg: Decimal | Gone
    position: int


def weight_at(history: History, slot: Slot, act: Occasion) -> Weighed | None:
    """The weight for one dose; None when none is on record."""
    earlier = [*history.personal(slot, EvaluationCompleted), *history.of(slot, PreDoseAssessed)]
    told = sorted((fact for fact in earlier if fact.at <= act.at), key=lambda fact: (fact.at, fact.position))
    found = [weighed for fact in [*told, act.fact] if (weighed := _weight(fact)) is not None]
    return found[-1] if found else None


def _weight(fact: Fact) -> Weighed | None:
    match fact.event:
        case EvaluationCompleted(weight=kg) | PreDoseAssessed(weight=kg) | DoseAdministered(weight=kg):
            if kg is None:
                return None
            return Weighed(kg if isinstance(kg, Gone) else Decimal(kg), fact.position)
        case _:
            return None
