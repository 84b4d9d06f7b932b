"""
What a clean session looks like before it is told: who is dosed how, when, and when what has to follow.

Everything is drawn from dice, anywhere within its window, its ends included. The windows are written here again by
hand, from the exact rules and their default figures; nothing is asked of the rules themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Literal

from tests.ledger.clinic import uuid
from tests.projections.rules.day import ZONE

Mode = Literal["solo", "staggered", "simultaneous", "asymmetric"]
Ending = Literal["departed", "transferred", "against-advice"]
MODES: tuple[Mode, ...] = ("solo", "staggered", "simultaneous", "asymmetric")
ROUTES = ("sublingual", "sublingual", "buccal", "intramuscular", "intravenous")
INJECTED = ("intramuscular", "intravenous")
EVERY, LATER, TOLERANCE, HOUR = 15, 30, 5, 60
NEVER = datetime.min.replace(tzinfo=ZONE)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@dataclass
class Part:
    """One partner's part of a session; without a route they are there as sober support."""

    slot: Literal["a", "b"]
    weight: int
    route: str = ""
    mg: int = 0
    given: datetime = NEVER
    stopped: datetime | None = None
    again: datetime | None = None
    again_mg: int = 0
    ending: Ending = "departed"
    checks: list[datetime] = field(default_factory=list)
    taken: list[datetime] = field(default_factory=list)
    assessed: datetime = NEVER
    released: datetime = NEVER
    left: datetime = NEVER

    @property
    def dosed(self) -> bool:
        return bool(self.route)

    @property
    def injected(self) -> bool:
        return self.route in INJECTED

    @property
    def last(self) -> datetime:
        """The last dose; an infusion when it was stopped."""
        return self.again or self.stopped or self.given

    @property
    def watched_until(self) -> datetime:
        """The last moment at which checks are due: release, or leaving without one."""
        return self.left if self.ending != "departed" else self.released

    @property
    def on_board(self) -> int:
        return self.mg + self.again_mg


@dataclass
class Sitting:
    """One session of a couple; `stays` is whether both sleep on site."""

    number: int
    day: date
    mode: Mode
    opened: datetime
    ready: datetime
    a: Part
    b: Part
    stays: bool
    closed: datetime = NEVER

    @property
    def session(self) -> str:
        return f"session/{uuid(300 + self.number)}"

    @property
    def parts(self) -> tuple[Part, Part]:
        return self.a, self.b

    @property
    def dosed(self) -> list[Part]:
        return [part for part in self.parts if part.dosed]

    @property
    def one_each(self) -> bool:
        """Whether each has a monitor of their own: who is injected, or has more than 200 mg, is watched alone."""
        return any(part.injected or part.on_board > 200 for part in self.dosed)

    @property
    def first(self) -> datetime:
        """The couple's first dose."""
        return min(part.given for part in self.dosed)

    def partner_of(self, part: Part) -> Part:
        return self.b if part.slot == "a" else self.a


def sitting(dice: Random, traits: frozenset[str], number: int, day: date, *, stays: bool, after: datetime) -> Sitting:
    """A session on a day, its first dose at least 20 h after the last one of the session before."""
    asked = [each for each in MODES if each in traits]
    mode = asked[0] if asked else dice.choice(MODES)
    first = datetime.combine(day, time(8, tzinfo=ZONE)) + minutes(dice.randint(50, 160))
    first = max(first, after + timedelta(hours=20)) if after > NEVER else first
    opened = first - minutes(dice.randint(45, 75))
    weights = dice.randint(52, 100), dice.randint(52, 100)
    made = Sitting(
        number,
        day,
        mode,
        opened,
        opened - minutes(dice.choice((0, dice.randint(0, 24 * 60), 24 * 60))),
        Part("a", weights[0]),
        Part("b", weights[1]),
        stays,
    )
    early, late = (made.a, made.b) if dice.random() < 0.5 or "solo of a" in traits else (made.b, made.a)
    _doses(dice, early, first, traits, "")
    if mode != "solo":
        lag = dice.randint(*{"simultaneous": (0, 6), "staggered": (20, 60), "asymmetric": (0, 20)}[mode])
        same = early.route if mode != "asymmetric" else ""
        _doses(dice, late, first + minutes(lag), traits, same)
    _ends(dice, made, traits)
    for part in made.dosed:
        part.checks = _checks(dice, part)
    made.closed = max(part.left for part in made.parts) + minutes(dice.randint(0, 25))
    return made


def _doses(dice: Random, part: Part, given: datetime, traits: frozenset[str], route: str) -> None:
    """A dose within the caps of its route, and perhaps another one when its interval has passed."""
    part.given = given
    part.route = next((each for each in set(ROUTES) if each in traits), "") or route or dice.choice(ROUTES)
    again = "redose" in traits or dice.random() < 0.3
    if part.route == "intravenous":
        part.mg = dice.randint(part.weight * 30 // 100, part.weight * 50 // 100)
        part.stopped = given + minutes(dice.randint(40, 60))
    elif part.route == "intramuscular":
        part.mg = dice.randint(part.weight * 30 // 100, part.weight * 60 // 100)
        if again:
            part.again = given + minutes(dice.randint(30, 55))
            part.again_mg = dice.randint(10, min(25, 100 - part.mg))
    else:
        part.mg = dice.choice((50, 100, 150, 200))
        if again:
            part.again, part.again_mg = given + minutes(dice.randint(45, 75)), dice.choice((50, 100))


def _ends(dice: Random, made: Sitting, traits: frozenset[str]) -> None:
    """When everybody may go: 120 min after their own last dose, and 180 after the couple's first."""
    for part in made.dosed:
        part.released = max(made.first + minutes(180), part.last + minutes(120)) + minutes(dice.choice((0, 7, 20, 50)))
        part.assessed = part.released - minutes(dice.randint(3, 20))
        part.left = part.released + minutes(dice.randint(0, 30))
    chosen = dice.choice(made.dosed)
    if "transferred" in traits:
        chosen.ending, chosen.left = "transferred", chosen.last + minutes(dice.randint(51, 110))
    elif "against advice" in traits:
        chosen.ending, chosen.left = "against-advice", chosen.last + minutes(dice.randint(120, 140))
    for part in made.parts:
        if not part.dosed:
            part.left = made.partner_of(part).left


def _checks(dice: Random, part: Part) -> list[datetime]:
    """Checks so that no gap is too long: each dose and each check sets the clock going anew."""
    until = part.assessed if part.ending == "departed" else part.left
    doses = [part.given, *([part.again] if part.again else [])]
    checks: list[datetime] = []
    anchor = part.given
    while True:
        last = max([part.stopped or part.given, *(each for each in doses if each <= anchor)])
        every = LATER if anchor >= last + minutes(HOUR - TOLERANCE) else EVERY
        limits = [anchor + minutes(every + TOLERANCE)]
        limits += [each + minutes(EVERY + TOLERANCE) for each in doses if anchor <= each < limits[0]]
        latest = min(limits)
        if latest >= until:
            return checks
        earliest = max(anchor + minutes(3), latest - minutes(12))
        anchor = earliest + minutes(dice.randint(0, int((latest - earliest) / minutes(1))))
        checks.append(anchor)
