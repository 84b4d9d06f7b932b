"""
Who watches somebody in person, and when nobody does.

A monitor watches from an assignment in person, a handover to them or the end of their break, until they hand over or
their break uncovers this person. Watching by video covers nobody. Whether a handover was signed by both, and whether
a monitor may be one, other rules ask.
Source: the exact rules, SUP-01.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ledger.events.supervision import MonitorAssigned, MonitorBreakEnded, MonitorBreakStarted, MonitorHandover
from ledger.vocabulary import Slot
from projections.compliance.history import History
from projections.compliance.known import Fact


@dataclass(frozen=True, slots=True)
class Gap:
    """
    Nobody watched from `start` to `end`, None while nobody does still.

    `began` is what left them alone, `ended` whoever came, or the end of their care.
    """

    start: datetime
    end: datetime | None
    began: Fact
    ended: Fact | None


def watching(history: History, slot: Slot) -> Iterator[tuple[Fact, frozenset[str]]]:
    """Every change of who watches one partner, in order, and who it is from then on."""
    there: frozenset[str] = frozenset()
    for fact in history.joint(MonitorAssigned, MonitorHandover, MonitorBreakStarted, MonitorBreakEnded):
        match fact.event:
            case MonitorAssigned(covers=slots, in_person=True, monitor=monitor) if slot in slots:
                there |= {monitor}
            case MonitorHandover(covers=slots, outgoing=outgoing, incoming=incoming, in_person=near) if slot in slots:
                there = (there - {outgoing}) | ({incoming} if near else frozenset())
            case MonitorBreakStarted(uncovers=slots, monitor=monitor) if slot in slots:
                there -= {monitor}
            case MonitorBreakEnded(covers=slots, monitor=monitor) if slot in slots:
                there |= {monitor}
            case _:
                continue
        yield fact, there


def gaps(history: History, slot: Slot, since: Fact, until: Fact | None) -> list[Gap]:
    """When nobody watched, from one event on to another or to now; a gap of no length is none."""
    found: list[Gap] = []
    began: Fact | None = since
    start = since.at
    for fact, monitors in watching(history, slot):
        if until is not None and fact.at >= until.at:
            break
        if monitors:
            if began is not None and fact.at > start:
                found.append(Gap(start, fact.at, began, fact))
            began = None
        elif began is None:
            began = fact if fact.at > since.at else since
            start = began.at
    if began is not None and (until is None or until.at > start):
        found.append(Gap(start, None if until is None else until.at, began, until))
    return found


def breaks(history: History, slot: Slot) -> Iterator[tuple[Fact, Fact | None]]:
    """Every break that uncovered one partner, and what first covered them again, if anything did."""
    changes = list(watching(history, slot))
    for index, (fact, monitors) in enumerate(changes):
        if isinstance(fact.event, MonitorBreakStarted):
            following = ((later, there) for later, there in changes[index + 1 :] if there)
            yield fact, fact if monitors else next((later for later, _ in following), None)
