"""
When a monitor watches more dosed persons than one may, from when to when, and how many at most.

Counted among all who are in care at the same time and place, whichever couple's; of others than those of the session
that is asked about only the number is told.
Source: the exact rules, SUP-03.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from projections.compliance.history import History
from projections.compliance.known import Fact
from projections.compliance.ratios import Ratios, lowest
from projections.compliance.watched import Watched, shared_out


@dataclass(frozen=True, slots=True)
class Load:
    """How many dosed persons a monitor watches from a moment on, how many they may, and which they are."""

    start: datetime
    count: int
    most: int
    persons: tuple[Watched, ...]

    @property
    def is_too_much(self) -> bool:
        """Whether they are more than one may watch."""
        return self.count > self.most

    @property
    def is_one(self) -> bool:
        """Whether one may watch a single person only."""
        return self.most == 1

    @property
    def are_several(self) -> bool:
        """Whether they are two or more."""
        return self.count > 1

    @property
    def excess(self) -> int:
        """How many more."""
        return self.count - self.most


@dataclass(frozen=True, slots=True)
class Crowd:
    """One unbroken stretch of too many, `end` is None while it lasts; `worst` is where they were most above."""

    monitor: str
    start: datetime
    end: datetime | None
    loads: tuple[Load, ...]

    @property
    def worst(self) -> Load:
        """The first moment at which they were most above what is allowed."""
        return max(self.loads, key=lambda load: load.excess)

    @property
    def began_in(self) -> str:
        """
        The session it belongs to.

        That is the one in which something happened to those watched when it began; where it began elsewhere in the
        room, the one whose first dose stands first in the log.
        """
        return self._began.session

    @property
    def began_with(self) -> Fact:
        """The event of that session by which it began."""
        return self._began

    @property
    def _began(self) -> Fact:
        persons = self.loads[0].persons
        here = [fact for each in persons for fact in each.turns() if fact.at == self.start]
        return min(here or [each.doses[0].fact for each in persons], key=lambda fact: fact.position)


def loads_of(persons: Sequence[Watched], as_of: datetime, *, trusting: bool) -> dict[str, list[Load]]:
    """For each monitor every change of how many they watch up to a moment, in order."""
    ratios = Ratios(persons, trusting)
    turns = {fact.at for each in persons for fact in each.turns()} | set(ratios.turns())
    since = min((each.start for each in persons), default=as_of)
    found: defaultdict[str, list[Load]] = defaultdict(list)
    for at in sorted(turn for turn in turns if since <= turn <= as_of):
        now = _at(persons, ratios, at)
        for monitor in found.keys() | now.keys():
            found[monitor].append(now.get(monitor) or Load(at, 0, 0, ()))
    return found


def crowds_of(monitor: str, loads: Sequence[Load]) -> list[Crowd]:
    """The stretches in which one monitor has too many."""
    found: list[Crowd] = []
    going: list[Load] = []
    for load in loads:
        if load.is_too_much:
            going.append(load)
        elif going:
            found.append(Crowd(monitor, going[0].start, load.start, tuple(going)))
            going = []
    if going:
        found.append(Crowd(monitor, going[0].start, None, tuple(going)))
    return found


def of_session(history: History, load: Load) -> list[Watched]:
    """Those of a load who are partners of this session."""
    return [each for each in load.persons if each.history.session == history.session]


def _at(persons: Sequence[Watched], ratios: Ratios, at: datetime) -> dict[str, Load]:
    """What each monitor has from this second on."""
    present = [each for each in persons if each.counts(at) and each.by(at)]
    watch: defaultdict[str, list[Watched]] = defaultdict(list)
    for each in present:
        for monitor in sorted(each.by(at)):
            watch[monitor].append(each)
    of = {each.who: ratios.of(each, at) for each in present} if len(present) > 1 else {}
    most = {
        monitor: lowest(of.get(each.who) for each in present if any(each.shares(own, at) for own in mine))
        for monitor, mine in watch.items()
    }
    allowed = {monitor: len(watch[monitor]) if limit is None else limit for monitor, limit in most.items()}
    if all(len(watch[monitor]) <= limit for monitor, limit in allowed.items()):
        return {monitor: Load(at, len(mine), allowed[monitor], tuple(mine)) for monitor, mine in watch.items()}
    held = shared_out({each.who: sorted(each.by(at)) for each in present}, allowed)
    return {
        monitor: Load(at, len(held[monitor]), allowed[monitor], tuple(e for e in mine if e.who in held[monitor]))
        for monitor, mine in watch.items()
    }
