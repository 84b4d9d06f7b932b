"""A dose as clocks see it: when it entered the body, and from when on rules count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from ledger.events.dosing import DoseAdministered
from projections.compliance.known import Fact
from projections.compliance.moments import to_second


@dataclass(frozen=True, slots=True)
class Dose:
    """
    A dose as clocks see it: `at` it entered the body, `counts_from` is later only for an infusion: its stop.

    `zone` is that of the place where it was given.
    """

    fact: Fact
    at: datetime
    counts_from: datetime
    mg: Decimal
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Ties:
    """The doses that are certainly one person's, and those in a slot whose person cannot be read any more."""

    theirs: tuple[Dose, ...]
    perhaps: tuple[Dose, ...]


def dose_of(fact: Fact, zone: ZoneInfo) -> Dose:
    """The dose that a dose-administered tells of."""
    event = fact.event
    if not isinstance(event, DoseAdministered):
        raise TypeError(f"{event.type} is no dose")
    stopped = fact.at if event.stopped_at is None else max(fact.at, to_second(event.stopped_at))
    return Dose(fact, fact.at, stopped, event.mass.mg, zone)
