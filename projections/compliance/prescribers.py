"""
Where the prescribers of a session are from when on, and how soon they answer.

The opening names one and where they are; afterwards each says so themselves. The nearest of several counts.
Source: the exact rules, SUP-04.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ledger.events.calls import PrescriberPresenceChanged
from ledger.events.lifecycle import SessionOpened
from ledger.vocabulary import Presence
from projections.compliance.history import History
from projections.compliance.known import Fact


@dataclass(frozen=True, slots=True)
class Where:
    """From `start` to `end` (None: still) the nearest prescriber was there; null when there was none."""

    start: datetime
    end: datetime | None
    presence: Presence | None
    fact: Fact

    def during(self, start: datetime, end: datetime | None) -> bool:
        """Whether any moment of it lies between these two, the first included and the last not."""
        begins_in_time = end is None or self.start < end
        return begins_in_time and (self.end is None or self.end > start)


def whereabouts(history: History) -> list[Where]:
    """Every stretch of the session by where the nearest prescriber was, without those of no length."""
    changes = list(_changes(history))
    ends = [fact.at for fact, _ in changes[1:]] + [None]
    found = [Where(fact.at, end, near, fact) for (fact, near), end in zip(changes, ends, strict=True)]
    return [each for each in found if each.end is None or each.end > each.start]


def at_opening(opening: Fact) -> Presence | None:
    """Where the prescriber is that the opening names; null when it names nobody."""
    event = opening.event
    return event.presence if isinstance(event, SessionOpened) and event.prescriber is not None else None


def _changes(history: History) -> Iterator[tuple[Fact, Presence | None]]:
    there: dict[str, Presence | None] = {}
    opening = history.opening
    if opening is not None and opening.at <= history.as_of:
        if isinstance(opening.event, SessionOpened) and opening.event.prescriber is not None:
            there[opening.event.prescriber] = opening.event.presence
        yield opening, _nearest(there)
    for fact in history.joint(PrescriberPresenceChanged):
        if isinstance(fact.event, PrescriberPresenceChanged):
            there[fact.event.prescriber] = fact.event.presence
            yield fact, _nearest(there)


def _nearest(there: dict[str, Presence | None]) -> Presence | None:
    if "on-site" in there.values():
        return "on-site"
    return "reachable" if "reachable" in there.values() else None
