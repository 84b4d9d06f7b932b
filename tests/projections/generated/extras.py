"""
What can happen in a session without anything being wrong: somebody sinks, is called about, is corrected.

Each is told on top of a whole session, at a moment at which it fits; its windows stand here again, by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any, TypeAlias

from tests.ledger.clinic import MD1, PT1, RN1, SESSION, blank, make
from tests.projections.generated.couple_day import CoupleDay, said
from tests.projections.generated.plan import Part, Sitting, minutes

Extra: TypeAlias = Callable[[CoupleDay, Random, Sitting], None]


def _moment(dice: Random, part: Part, *, room: int) -> datetime | None:
    """A minute after one of the looks, with so much of watching left and nothing else told near; None if none."""
    last = part.assessed if part.ending == "departed" else part.left
    fit = [each for each in part.checks if each + minutes(room) < last and _is_quiet(part, each, room)]
    if not fit:
        return None
    part.taken.append(dice.choice(fit) + minutes(1))
    return part.taken[-1]


def _is_quiet(part: Part, at: datetime, room: int) -> bool:
    """Whether no other dose follows soon, which a value of then would speak against, and nothing else is told near."""
    if any(abs(at - other) < minutes(16) for other in part.taken):
        return False
    return part.again is None or not at - minutes(1) <= part.again <= at + minutes(room + 31)


def _of_one(room: int, tell: Callable[[CoupleDay, Random, Part, datetime], None]) -> Extra:
    def told(day: CoupleDay, dice: Random, sitting: Sitting) -> None:
        part = dice.choice(sitting.dosed)
        at = _moment(dice, part, room=room)
        if at is not None:
            tell(day, dice, part, at)

    return told


def _breathes_little(day: CoupleDay, dice: Random, part: Part, at: datetime) -> None:
    """Low oxygen: something is done within 2 min, and it is measured again within 5."""
    day.looks_at(part.slot, said(at), spo2=dice.choice((88, 91)))
    day.acts(part.slot, said(at + minutes(dice.randint(0, 2))))
    day.looks_at(part.slot, said(at + minutes(dice.randint(1, 5))), spo2=dice.choice((92, 96)))


def _sleeps_deeply(day: CoupleDay, dice: Random, part: Part, at: datetime) -> None:
    """Deep sedation: a prescriber is called within 5 min, and the score taken again every 5 until it is back."""
    if any(at < each <= at + minutes(10) for each in part.checks):
        return  # that look would find them back already
    day.looks_at(part.slot, said(at), moaas=dice.choice((1, 3)))
    day.calls(part.slot, said(at + minutes(dice.randint(0, 5))))
    day.looks_at(part.slot, said(at + minutes(5)), moaas=3)
    day.looks_at(part.slot, said(at + minutes(10)), moaas=4)


def _has_a_peak(day: CoupleDay, dice: Random, part: Part, at: datetime) -> None:
    """A critical blood pressure: a call within 5 min, and another reading within 5 after each that is still high."""
    day.looks_at(part.slot, said(at), blood_pressure={"systolic": dice.choice((180, 195)), "diastolic": 95})
    day.calls(part.slot, said(at + minutes(dice.randint(0, 5))))
    day.looks_at(part.slot, said(at + minutes(5)), blood_pressure={"systolic": 160, "diastolic": 90})
    day.looks_at(part.slot, said(at + minutes(10)), blood_pressure={"systolic": 150, "diastolic": 90})


def _goes_out(day: CoupleDay, dice: Random, part: Part, at: datetime) -> None:
    """Somebody goes to the toilet, and somebody goes along."""
    event = make("left-room/1", accompanied_by=PT1, purpose="toilet")
    day.put(event, f"{SESSION}/{part.slot}", said(at), who=((PT1, "observed", "therapist"),))
    event = make("returned-to-room/1", steady=True)
    day.put(event, f"{SESSION}/{part.slot}", said(at + minutes(4)), who=((PT1, "observed", "therapist"),))


def _will_not_be_measured(day: CoupleDay, dice: Random, part: Part, at: datetime) -> None:
    """A value cannot be had, and it is said why; it is no look that keeps a clock going."""
    missing = [{"item": "temperature", "reason": "declined"}]
    day.looks_at(part.slot, said(at), not_obtained=missing)


def _is_written_late(day: CoupleDay, dice: Random, part: Part, at: datetime) -> None:
    """A look is written down within 15 min, any other act within 60."""
    day.looks_at(part.slot, said(at), recorded=said(at + minutes(15)))
    day.acts(part.slot, said(at), "reassurance", recorded=said(at + minutes(dice.choice((16, 60)))))


def _is_misread(day: CoupleDay, dice: Random, part: Part, at: datetime) -> None:
    """A value that changes nothing critical is corrected; nobody else has to sign."""
    day.looks_at(part.slot, said(at), heart_rate=44)
    day.corrects(said(at + minutes(30)), clinical=[("heart_rate", 44, 74)])


def _feels_sick(day: CoupleDay, dice: Random, part: Part, at: datetime) -> None:
    """A mild adverse event, classed within a day."""
    classed: dict[str, Any] = {"outcome": "recovered", "relatedness": "probable", "seriousness": "not-serious"}
    at_once = dice.random() < 0.5
    day.goes_badly(part.slot, said(at), term="nausea", severity=1, plan="Wait.", **(classed if at_once else {}))
    if not at_once:
        day.learns(part.slot, said(at + minutes(dice.choice((60, 24 * 60)))), **classed)


def _is_handed_over(day: CoupleDay, dice: Random, sitting: Sitting) -> None:
    """Another nurse's shift begins: both sign, one at once, the other within 5 min."""
    part = dice.choice(sitting.dosed)
    at = _moment(dice, part, room=6)
    if at is None or sitting.one_each:
        return
    covers = [each.slot for each in sitting.parts if each.left > at]
    late = dice.random() < 0.5
    day.hands_over(said(at), *covers, signed=("relinquished",) if late else ("relinquished", "received"))
    if late:
        day.signs(said(at + minutes(5)), gives="received")


def _is_alone_for_a_moment(day: CoupleDay, dice: Random, sitting: Sitting) -> None:
    """The monitor is gone for 5 min, and no longer."""
    part = dice.choice(sitting.dosed)
    at = _moment(dice, part, room=6)
    if at is None:
        return
    monitor = watches(sitting, part)
    day.leaves_alone(said(at), part.slot, monitor=monitor)
    day.is_back(said(at + minutes(dice.randint(1, 5))), part.slot, monitor=monitor)


def _is_taken_over_in_an_emergency(day: CoupleDay, dice: Random, sitting: Sitting) -> None:
    """One partner needs the monitor alone: somebody else watches the other within 5 min."""
    part = dice.choice(sitting.dosed)
    at = _moment(dice, part, room=6)
    if at is None or sitting.one_each:
        return
    day.leaves_alone(said(at), part.slot, reason="partner-emergency")
    day.assigns(said(at + minutes(dice.randint(0, 5))), part.slot, monitor=PT1)


def _prescriber_goes(day: CoupleDay, dice: Random, sitting: Sitting) -> None:
    """The prescriber leaves the site, is called, and answers within 5 min."""
    part = dice.choice(sitting.dosed)
    at = _moment(dice, part, room=6)
    if at is None:
        return
    fields = blank("prescriber-presence-changed/1") | {"presence": "reachable", "prescriber": MD1}
    day.put(make("prescriber-presence-changed/1", **fields), SESSION, said(at), who=((MD1, "performed", "prescriber"),))
    day.calls(part.slot, said(at), answered=said(at + minutes(dice.randint(0, 5))))


def watches(sitting: Sitting, part: Part) -> str:
    """Who watches somebody from the beginning on: of two who are injected each has a monitor of their own."""
    return PT1 if part.slot == "b" and sitting.one_each else RN1


EXTRAS: dict[str, Extra] = {
    "low oxygen": _of_one(8, _breathes_little),
    "deep sedation": _of_one(14, _sleeps_deeply),
    "critical pressure": _of_one(14, _has_a_peak),
    "leaves the room": _of_one(6, _goes_out),
    "not obtained": _of_one(2, _will_not_be_measured),
    "written late": _of_one(2, _is_written_late),
    "corrected": _of_one(2, _is_misread),
    "adverse event": _of_one(2, _feels_sick),
    "handover": _is_handed_over,
    "break": _is_alone_for_a_moment,
    "emergency of the partner": _is_taken_over_in_an_emergency,
    "prescriber leaves": _prescriber_goes,
}
