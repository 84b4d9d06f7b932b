"""
What is put wrong into a clean session, one thing at a time, and what has to be found then.

    @violation("PRE-06", "the acknowledgement is signed in the minute of the dose")
    def _(case: Case) -> None: ...

`also` are rules that the same act breaks too, always or in some sessions: no rule silences another (section 0, 14).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, TypeAlias

from ledger.events.base import Event
from tests.ledger.clinic import ANA, BEN, PT1, RN1, SESSION, Who
from tests.projections.generated.clean import clean
from tests.projections.generated.couple_day import CoupleDay, said
from tests.projections.generated.extras import watches
from tests.projections.generated.plan import Part, Sitting


@dataclass
class Case:
    """One clean session, whom the violation is about, and words for putting it in."""

    day: CoupleDay
    sitting: Sitting
    part: Part
    dice: Random

    @property
    def slot(self) -> str:
        return self.part.slot

    @property
    def record(self) -> str:
        """The person's record of this session."""
        return f"{self.sitting.session}/{self.slot}"

    @property
    def person(self) -> str:
        return ANA if self.slot == "a" else BEN

    def drops(self, kind: str, whose: str = "", nth: int | None = None) -> None:
        self.day.drops(kind, whose or self.record, nth)

    def moves(self, kind: str, whose: str = "", nth: int | None = None, **step: float) -> None:
        self.day.moves(kind, whose or self.record, nth, **step)

    def changes(self, kind: str, whose: str = "", nth: int | None = None, **fields: Any) -> None:
        self.day.changes(kind, whose or self.record, nth, **fields)

    def puts(self, event: Event, at: datetime, stream: str = "", who: tuple[Who, ...] = (), **how: Any) -> None:
        """One more event on the person's record."""
        signed = {"who": who} if who else {}
        self.day.put(event, stream or SESSION + "/" + self.slot, said(at), **signed, **how)
        self.day.sorted()

    @property
    def monitor(self) -> str:
        """Who watches this person from the beginning on."""
        return watches(self.sitting, self.part)

    @property
    def other_monitor(self) -> str:
        return RN1 if self.monitor == PT1 else PT1


Put: TypeAlias = Callable[[Case], None]


@dataclass(frozen=True)
class Violation:
    rule: str
    what: str
    put: Put
    traits: tuple[str, ...]
    also: frozenset[str]
    about: str
    """`a` the person's, `` the session's, `any` whoever: whose finding it has to be."""

    @property
    def name(self) -> str:
        return f"{self.rule}: {self.what}"


VIOLATIONS: list[Violation] = []


def violation(
    rule: str, what: str, *traits: str, also: tuple[str, ...] = (), about: str = "own"
) -> Callable[[Put], Put]:
    """A way of breaking a rule, in sessions with these traits."""

    def listed(put: Put) -> Put:
        VIOLATIONS.append(Violation(rule, what, put, traits, frozenset(also), about))
        return put

    return listed


def seeded(violation: Violation, seed: int) -> Case:
    """A clean session, with this violation put into it."""
    day = clean(seed, "plain", *violation.traits)
    dice = Random(f"{violation.name} {seed}")
    sitting = day.sittings[-1]
    ending = next(
        (each for each in ("transferred", "against-advice") if each.replace("-", " ") in violation.traits), "departed"
    )
    case = Case(day, sitting, dice.choice([part for part in sitting.dosed if part.ending == ending]), dice)
    day.session = sitting.session
    violation.put(case)
    day.sorted()
    return case
