"""
How many dosed persons each monitor watches at once, and how many they may.

A person counts from their first dose to the end of their checks, while somebody watches them in person. How many one
monitor may watch, the person with the lowest ratio decides among those in the same room: two sessions at a place
share it unless both name a room and these differ. Somebody whom two monitors watch counts with the one where it helps.
A therapist relieves nobody without training as a monitor.
Source: the exact rules, SUP-03.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from ledger.events.groups import SessionJoinedGroup, SessionLeftGroup
from ledger.events.lifecycle import SessionClosed, SessionOpened
from ledger.vocabulary import Slot
from ledger.who_may import needed
from projections.compliance.cover import watching
from projections.compliance.doses import Dose
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact

Value = TypeVar("Value")
Person = tuple[str, Slot]
"""A session, and which partner of it."""


@dataclass(frozen=True, slots=True)
class Watched:
    """
    A dosed person: from their first dose to the end of their checks or of the session, None while neither came.

    `monitors` and `rooms` are the changes of who watches them and where, each with the fact that made it.
    """

    history: History
    slot: Slot
    doses: tuple[Dose, ...]
    end: Fact | None
    monitors: tuple[tuple[Fact, frozenset[str]], ...]
    rooms: tuple[tuple[Fact, tuple[str | None, SessionJoinedGroup | None]], ...]

    @property
    def who(self) -> Person:
        """Which partner of which session."""
        return self.history.session, self.slot

    @property
    def start(self) -> datetime:
        """The first dose."""
        return self.doses[0].at

    def counts(self, at: datetime) -> bool:
        """Whether they were dosed and still checked in this second."""
        return self.start <= at and (self.end is None or at < self.end.at)

    def by(self, at: datetime) -> frozenset[str]:
        """Who watches them from this second on."""
        return _last(self.monitors, at) or frozenset()

    def room(self, at: datetime) -> str | None:
        """The room that is named for them; None for the whole place."""
        return (_last(self.rooms, at) or (None, None))[0]

    def group(self, at: datetime) -> SessionJoinedGroup | None:
        """How their session joined the group it is in."""
        return (_last(self.rooms, at) or (None, None))[1]

    def shares(self, other: Watched, at: datetime) -> bool:
        """Whether both are in one room."""
        rooms = {self.room(at), other.room(at)}
        return self.history.session == other.history.session or None in rooms or len(rooms) == 1

    def turns(self) -> Iterator[Fact]:
        """Every fact by which this may change."""
        yield from (dose.fact for dose in self.doses)
        yield from (fact for fact, _ in (*self.monitors, *self.rooms))
        if self.end is not None:
            yield self.end


def watched_in(history: History) -> list[Watched]:
    """The dosed persons of one session."""
    rooms = tuple(_rooms(history))
    closed = next(iter(history.joint(SessionClosed)), None)
    found = []
    for slot in SLOTS:
        doses = tuple(history.doses(slot))
        ends = [fact for fact in (history.end_of_checks(slot), closed) if fact is not None]
        end = min(ends, key=lambda fact: fact.at, default=None)
        if doses and (end is None or end.at > doses[0].at):
            found.append(Watched(history, slot, doses, end, tuple(_monitors(history, slot)), rooms))
    return found


def all_at_once(history: History) -> list[Watched]:
    """
    The dosed persons of a session, then those of others at its place who were checked at the same time, or at the
    same time as one of these: nobody else can matter.
    """
    found = watched_in(history)
    there = {history.session}
    reached = found
    while reached:
        start = min(each.start for each in reached)
        end = max(history.as_of if each.end is None else each.end.at for each in reached)
        reached = []
        for name in history.ledger.known.dosed.beside(history.session, start, end, history.size):
            other = history.ledger.session(name)
            if name not in there and other.location == history.location:
                near = watched_in(other)
                if any(each.start <= end and (each.end is None or each.end.at >= start) for each in near):
                    there.add(name)
                    reached += near
        found = found + reached
    return found


def shared_out(watchers: Mapping[Person, Sequence[str]], most: Mapping[str, int]) -> dict[str, list[Person]]:
    """
    Each person with one of those who watch them, so that as few as possible are too many for anybody.

    Whoever fits nowhere counts with the first by name of those who watch them.
    """
    held: dict[str, list[Person]] = {monitor: [] for monitor in most}

    def placed(person: Person, tried: set[str]) -> bool:
        for monitor in watchers[person]:
            if monitor in tried:
                continue
            tried.add(monitor)
            if len(held[monitor]) < most[monitor]:
                held[monitor].append(person)
                return True
            for other in held[monitor]:
                if placed(other, tried):
                    held[monitor].remove(other)
                    held[monitor].append(person)
                    return True
        return False

    too_many = [
        person for person in sorted(watchers, key=lambda each: len(watchers[each])) if not placed(person, set())
    ]
    for person in too_many:
        held[min(watchers[person])].append(person)
    return held


def _monitors(history: History, slot: Slot) -> Iterator[tuple[Fact, frozenset[str]]]:
    """Who watches one partner from when on, without therapists who are not trained for it."""
    roles: dict[str, str | None] = {}
    able: dict[str, bool] = {}
    for fact, there in watching(history, slot):
        for signer in fact.signed:
            roles[signer.by] = signer.role
        for monitor in there - able.keys():
            asks = "monitor" in needed(roles.get(monitor))
            able[monitor] = not asks or history.holding(monitor, "monitor", fact.at).state == "valid"
        yield fact, frozenset(monitor for monitor in there if able[monitor])


def _rooms(history: History) -> Iterator[tuple[Fact, tuple[str | None, SessionJoinedGroup | None]]]:
    for fact in history.joint(SessionOpened, SessionJoinedGroup, SessionLeftGroup):
        match fact.event:
            case SessionOpened(room=room):
                yield fact, (room, None)
            case SessionJoinedGroup(room=room) as joined:
                yield fact, (room, joined)
            case SessionLeftGroup(room_after=room):
                yield fact, (room, None)
            case _:
                continue


def _last(changes: Iterable[tuple[Fact, Value]], at: datetime) -> Value | None:
    found = None
    for fact, value in changes:
        if fact.at > at:
            break
        found = value
    return found
