"""Whether somebody has recovered, by one look before leaving and the protocol's scores."""

from __future__ import annotations

from ledger.events.fields import Gone
from ledger.events.parameters import ReleaseFigures
from ledger.events.release import DischargeAssessed

ORIENTED = 4
"""Of person, place, time and situation: all four."""


def is_recovered(event: DischargeAssessed, figures: ReleaseFigures) -> bool:
    """Whether a recovery score reaches the protocol's, with no item of it at zero (REL-03)."""
    items = event.aldrete_items
    none_missing = items is None or isinstance(items, Gone) or all(items.model_dump().values())
    aldrete = isinstance(event.aldrete, int) and event.aldrete >= figures.aldrete and none_missing
    return aldrete or (isinstance(event.padss, int) and event.padss >= figures.padss)


def is_awake(event: DischargeAssessed, figures: ReleaseFigures) -> bool:
    """Whether a sedation score is within the protocol's (REL-03)."""
    by_rass = isinstance(event.rass, int) and figures.rass_low <= event.rass <= figures.rass_high
    return by_rass or (isinstance(event.moaas, int) and event.moaas >= figures.moaas)


def is_ready(event: DischargeAssessed, figures: ReleaseFigures) -> bool | None:
    """Whether the scores of REL-03 and the signs of REL-04 would all have let somebody go; None if one is gone."""
    scores = (event.aldrete, event.aldrete_items, event.padss, event.moaas, event.rass)
    if any(isinstance(each, Gone) for each in (*scores, event.cadss6, event.orientation, event.gait_steady)):
        return None
    present = isinstance(event.cadss6, int) and event.cadss6 <= figures.cadss6_max
    steady = event.orientation == ORIENTED and event.gait_steady is True
    return is_recovered(event, figures) and is_awake(event, figures) and present and steady
