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
