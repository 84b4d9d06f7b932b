"""
Until when somebody who was dosed does not drive: the earliest end that REL-13 asks for.

Source: the exact rules, REL-13; the later of the next local day at a time of day, by the zone's rules of that
day, and a number of hours in UTC.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from ledger.events.parameters import ReleaseFigures
from projections.compliance.doses import Dose

_NEXT = timedelta(days=1)


def no_drive_until(dose: Dose, figures: ReleaseFigures) -> datetime:
    """The end of the window after this dose; an infusion counts from its stop."""
    next_day = dose.counts_from.astimezone(dose.zone).date() + _NEXT
    morning = datetime.combine(next_day, time.fromisoformat(figures.no_drive_next_day), tzinfo=dose.zone)
    return max(morning, dose.counts_from + timedelta(hours=figures.no_drive_h))
