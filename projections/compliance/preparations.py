"""Which preparation a dose was taken from: by its label, else by its container and time."""

from __future__ import annotations

from ledger.events.dosing import DoseAdministered, DosePrepared
from ledger.vocabulary import Slot
from projections.compliance.history import History
from projections.compliance.known import Fact, last
from projections.compliance.occasions import Occasion


def preparation_of(history: History, slot: Slot, act: Occasion) -> Fact | None:
    """
    The preparation of one partner's dose: at or before it, of the same label, else of the same container.

    A preparation serves one dose. Of a dose that is only authorised it is the last one that no dose has used.
    """
    made = [fact for fact in history.of(slot, DosePrepared) if fact.at <= act.at]
    used = [_of(made, fact) for fact in act.earlier]
    free = [fact for fact in made if fact not in used]
    return last(free) if act.given is None else _of(free, act.fact)


def _of(made: list[Fact], dose: Fact) -> Fact | None:
    event = dose.event
    if not isinstance(event, DoseAdministered):
        return None
    before = [fact for fact in made if fact.at <= dose.at]
    named = [fact for fact in before if isinstance(fact.event, DosePrepared) and fact.event.label == event.label]
    same = [fact for fact in before if isinstance(fact.event, DosePrepared) and fact.event.container == event.container]
    return last(named if event.label is not None else same)
