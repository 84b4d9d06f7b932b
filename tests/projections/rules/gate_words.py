"""
The words for gates: a day on which everything is in order, what closes one gate, and who lets it open all the same.

    Case("no screen", "ELIG-08", lambda: before_the_opening("screen-a"), "a", by="medical-director")
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.errors import Objection
from ledger.events.base import Event
from projections.compliance.finding import Finding
from tests.ledger.clinic import MD1, PLACE, SESSION, Who, make
from tests.projections.rules.day import Day
from tests.projections.rules.leaving import assessed, promised, release
from tests.projections.rules.standing import (
    authorisation,
    checked_in,
    consented,
    credential,
    evaluated,
    form_published,
    handed_in,
    is_ready,
    made_ready,
    measured,
    ordered,
    plans_the_way_home,
    registered,
    screened,
    will_not_drive,
)

OVERRIDING = ("medical-director", "prescriber")
"""The roles in which an override can be signed at all."""


@dataclass(frozen=True)
class Door:
    """One kind of authorisation: the event, where and by whom, and what an override for a partner permits."""

    event: Callable[[Day], Event]
    partner: bool
    at: str
    who: Who
    permits: str

    def stream(self, slot: str) -> str:
        return f"{SESSION}/{slot}" if self.partner else SESSION


@dataclass(frozen=True)
class Case:
    """What closes a gate: the rule, the day up to it, whose it is, which events it rests on, and who may override."""

    name: str
    rule: str
    day: Callable[[], Day]
    slot: str = "a"
    evidence: tuple[str, ...] = ()
    by: str | None = None

    def __str__(self) -> str:
        return f"{self.rule} {self.name}"


def asked(door: Door, day: Day, slot: str = "a") -> list[Objection]:
    """Everything that speaks against this authorisation."""
    return day.objections(door.event(day), door.stream(slot or "a"), door.at, who=(door.who,))


def of(case: Case, door: Door, day: Day) -> list[Objection]:
    """What its own rule has against it on this account."""
    return [o for o in asked(door, day, case.slot) if o.rule == case.rule and (o.slot or "") == case.slot]


def evidence_of(objection: Objection, day: Day) -> tuple[str, ...]:
    """The types of the events that an objection rests on, in the order of the log."""
    return tuple(day.placed[position].event.type for position in objection.evidence)


def overridden(day: Day, case: Case, door: Door, role: str, at: str = "", **changes: Any) -> Day:
    """Somebody in this role overrides the rule on this account, shortly before."""
    fields: dict[str, Any] = {"reason": "It is looked after otherwise.", "rule": case.rule} | changes
    if case.slot:
        event = make("rule-overridden-for-partner/1", **({"evidence": [], "permits": door.permits} | fields))
    else:
        event = make("authorisation-overridden/1", **({"credential": None, "staff": None} | fields))
    stream = f"{SESSION}/{case.slot}" if case.slot else SESSION
    return day.put(event, stream, at or door.at, who=((MD1, "authorised", role),))


def goes_ahead(day: Day, case: Case, door: Door) -> Day:
    """The authorisation is recorded."""
    return day.put(door.event(day), door.stream(case.slot), door.at, who=(door.who,))


def finding_of(day: Day, case: Case, **asked: Any) -> Finding:
    """The breach of this rule on this account."""
    (found,) = [f for f in day.findings(case.rule, slot=case.slot, **asked) if f.verdict == "breached"]
    return found


# -- the opening


def before_the_opening(*left_out: str, **figures: Any) -> Day:
    """All that has to stand before a session is opened at 09:00, but for what is left out."""
    day = Day().opens(**figures)
    day.placed.pop()
    return _all_but(
        left_out,
        day,
        {
            "dea": lambda: credential(day, MD1, "dea"),
            "licence": lambda: credential(day, MD1, "licence"),
            "evaluation-a": lambda: evaluated(day, "a"),
            "evaluation-b": lambda: evaluated(day, "b"),
            "screen-a": lambda: screened(day, "a"),
            "screen-b": lambda: screened(day, "b"),
            "readiness": lambda: is_ready(day),
        },
    )


def _all_but(left_out: Sequence[str], day: Day, steps: Mapping[str, Callable[[], object]]) -> Day:
    assert set(left_out) <= set(steps), "each is a step"
    for name, step in steps.items():
        if name not in left_out:
            step()
    return day


def opening(day: Day) -> Event:
    """The session is to be opened under the protocol of that day, both to be dosed."""
    protocol = next(placed for placed in day.placed if placed.event.type.startswith("protocol-published/"))
    return make(
        "session-opened/1",
        location=PLACE,
        mode="simultaneous",
        prescriber=MD1,
        presence="on-site",
        protocol={"dig": protocol.dig, "id": protocol.payload.id},
        role_a="dosing",
        role_b="dosing",
        room=None,
        staff=[],
    )


# -- the first dose of A


def before_the_dose(*left_out: str, **figures: Any) -> Day:
    """All that has to stand before 100 mg are authorised for A at 10:00, but for what is left out."""
    day = Day().opens(**figures)
    return _all_but(
        left_out,
        day,
        {
            "dea": lambda: credential(day, MD1, "dea"),
            "licence": lambda: credential(day, MD1, "licence"),
            "registration": lambda: registered(day, "a"),
            "evaluation": lambda: evaluated(day, "a"),
            "form": lambda: form_published(day),
            "consent": lambda: consented(day, "a"),
            "order": lambda: ordered(day, "a"),
            "medication": lambda: handed_in(day),
            "check-in": lambda: checked_in(
                day, "a", pregnancy={"basis": "asked", "status": "not-pregnant"}, contraindications=[]
            ),
            "values": lambda: measured(day, "a"),
            "way-home": lambda: plans_the_way_home(day, "a", "09:20"),
            "no-driving": lambda: will_not_drive(day, "a", "09:21"),
            "preparation": lambda: made_ready(day, "a", "09:50"),
        },
    )


def dose_to_come(_: Day) -> Event:
    """100 mg under the tongue are to be authorised."""
    return authorisation()


# -- the release of A


def before_the_release(*left_out: str, **figures: Any) -> Day:
    """All that has to stand before A, dosed at 10:00, is released at 13:00, but for what is left out."""
    day = Day().opens(**figures).gives("a", "10:00")
    return _all_but(
        left_out,
        day,
        {
            "way-home": lambda: plans_the_way_home(day, "a", "09:20"),
            "assessment": lambda: assessed(day),
            "promise": lambda: promised(day),
            "escort": lambda: day.verifies("a", "12:50"),
        },
    )


def going_home(_: Day) -> Event:
    """A is to be released home with an escort, with instructions, not to drive until the next day at 10:00."""
    return release()
