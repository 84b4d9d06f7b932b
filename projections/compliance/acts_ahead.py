"""
The authorisations that are still ahead of a session, each as a draft that is in order by what it says itself.

    opening      by the last plan: place, staff on duty, the protocol in effect that day; both come to be dosed
    dose         the most that the partner's order permits, or permits still; without an order a dose of nothing known
    release      of who was dosed and is still here: to where their signed plan says, else home with an escort

A couple that is not planned yet is asked about as if it were planned and opened now, at its own place.
What the rules then have against a draft lies in what is on record, and in nothing that somebody still may choose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

from ledger.encoding import to_instant
from ledger.events.arrival import TransportPlanSigned
from ledger.events.base import Event, Reference
from ledger.events.dosing import DoseAuthorised
from ledger.events.eligibility import OrderSigned
from ledger.events.lifecycle import OnDuty, SessionClosed, SessionOpened, SessionRescheduled, SessionScheduled
from ledger.events.measures import Mass
from ledger.events.orders import OrderAmended
from ledger.events.people import CoupleDissolved, CoupleReformed, CoupleRegistered
from ledger.events.release import ReleaseAuthorised
from ledger.vocabulary import Disposition, DosingMode, Slot
from projections.compliance.finding import Whose
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, last
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import to_second
from projections.compliance.orders_in_force import orders_before
from projections.compliance.releases import to_come

ActName: TypeAlias = Literal["opening", "dose", "release"]
Standing: TypeAlias = Literal["ahead", "done", "over", "not-yet"]
"""`over` when it cannot come any more, `not-yet` when there is nothing to ask about: nobody was dosed."""

UNPLANNED: Final = "session/00000000-0000-4000-8000-000000000000"
"""In the place of a session that nobody planned; no record has this number."""

_NOBODY: Final = Reference(dig="0" * 64, id="00000000-0000-7000-8000-000000000000")


@dataclass(frozen=True, slots=True)
class Act:
    """
    One authorisation ahead: its draft with what has to be taken to stand before it, or why there is none.

    `done` is where it stands when it was done.
    """

    name: ActName
    slot: Whose
    standing: Standing
    why: str = ""
    done: int | None = None
    draft: Fact | None = None
    beside: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What was planned last: where and when, and who is on duty; None for what nobody said."""

    location: str | None
    start: datetime | None
    staff: tuple[OnDuty, ...] = field(default=())
    mode: DosingMode = "simultaneous"


def plan_of(history: History) -> Plan | None:
    """The last plan of a session; None when it was never planned."""
    planned = [
        fact.event
        for fact in history.ledger.recorded(history.session)
        if isinstance(fact.event, SessionScheduled | SessionRescheduled)
    ]
    if not planned:
        return None
    newest = planned[-1]
    return Plan(newest.location, to_second(newest.planned_start), newest.staff, newest.mode)


def ahead_of(history: History) -> list[Act]:
    """Every authorisation of a session as it stood, in the order in which they come: joint, then A, then B."""
    plan = plan_of(history) or Plan(history.location, None)
    opening = history.opening
    if opening is not None and history.ledger.has_happened(opening):
        return [Act("opening", "", "done", done=opening.position), *_of_partners(history, ())]
    draft = _opening(history, plan)
    if draft is None:
        return [Act("opening", "", "not-yet", "No protocol is in effect on that day."), *_of_partners(history, ())]
    return [Act("opening", "", "ahead", draft=draft), *_of_partners(history, (draft,))]


def unplanned(ledger: LedgerAt, couple: str) -> tuple[History, list[Act]] | None:
    """The same of a couple as if it were planned and opened now; None for a couple that nobody registered."""
    plan = _planned(ledger, couple)
    if plan is None:
        return None
    as_if = LedgerAt(ledger.known, size=ledger.size, as_of=ledger.as_of, beside=(plan,), seen=ledger.seen)
    history = as_if.session(UNPLANNED)
    last_said = last([fact for fact in ledger.on(couple) if isinstance(fact.event, CoupleDissolved | CoupleReformed)])
    if last_said is not None and isinstance(last_said.event, CoupleDissolved):
        return history, [Act("opening", "", "over", "This couple was dissolved.", last_said.position)]
    return history, [replace(act, beside=(plan, *act.beside)) for act in ahead_of(history) if act.name != "release"]


def _planned(ledger: LedgerAt, couple: str) -> Fact | None:
    registered = [fact.event for fact in ledger.on(couple) if isinstance(fact.event, CoupleRegistered)]
    if not registered:
        return None
    event = registered[-1]
    said = SessionScheduled.model_construct(
        couple=couple,
        course=None,
        location=event.location,
        mode="simultaneous",
        ordinal=1,
        planned_start=to_instant(ledger.as_of),
        staff=(),
        person_a=event.person_a,
        person_b=event.person_b,
    )
    return _fact(said, ledger.as_of, UNPLANNED, ledger.size)


def _opening(history: History, plan: Plan) -> Fact | None:
    """The opening that is to come, under the protocol of its day; None when there is none."""
    ledger, now = history.ledger, history.as_of
    protocol = ledger.protocol_on(ledger.day(plan.location, now))
    if protocol is None:
        return None
    prescriber = next((each.staff for each in plan.staff if each.role == "prescriber"), None)
    entry = ledger.entry_of(protocol)
    said: dict[str, Any] = {
        "location": plan.location,
        "mode": plan.mode,
        "prescriber": prescriber,
        "presence": "on-site",
        "protocol": Reference(dig=protocol.dig, id=_NOBODY.id if entry is None else entry.payload.id),
        "room": None,
        "staff": plan.staff,
        "role_a": "dosing",
        "role_b": "dosing",
    }
    return _fact(SessionOpened.model_construct(**said), now, history.session, history.size + len(_drafted(history)))


def _drafted(history: History) -> list[Fact]:
    """What of a session is taken to stand and is in no log."""
    return [fact for fact in history.ledger.recorded(history.session) if fact.position >= history.size]


def _of_partners(history: History, beside: Sequence[Fact]) -> Iterator[Act]:
    if beside:  # a view in which the session is open, so that its figures are known
        ledger, drafted = history.ledger, (*_drafted(history), *beside)
        open_now = LedgerAt(ledger.known, size=ledger.size, as_of=ledger.as_of, beside=drafted, seen=ledger.seen)
        history = open_now.session(history.session)
    closed = bool(history.joint(SessionClosed))
    for slot in SLOTS:
        yield _dose(history, slot, tuple(beside), is_closed=closed)
    for slot in SLOTS:
        yield _release(history, slot, is_closed=closed)


def _dose(history: History, slot: Slot, beside: tuple[Fact, ...], *, is_closed: bool) -> Act:
    over = _why_over(history, slot, is_closed=is_closed)
    if over:
        return Act("dose", slot, "over", over)
    opened = None if history.opening is None else history.opening.event
    role = None
    if isinstance(opened, SessionOpened):
        role = opened.role_a if slot == "a" else opened.role_b
    if role in (None, "sober-support") and isinstance(opened, SessionOpened):
        return Act("dose", slot, "over", f"{slot.upper()} does not come to be dosed.")
    given = history.doses(slot)
    draft = _dose_draft(history, slot)
    if given:
        return Act("dose", slot, "done", "A further dose is asked about.", given[0].fact.position, draft, beside)
    return Act("dose", slot, "ahead", draft=draft, beside=beside)


def _dose_draft(history: History, slot: Slot) -> Fact:
    now, day = history.as_of, history.day(history.as_of)
    orders = [fact for fact in orders_before(history, slot, now) if _is_in_date(fact, day)]
    order = last(orders or orders_before(history, slot, now))
    said: dict[str, Any] = {
        "route": None,
        "mass": Mass.model_construct(value="0"),
        "order": _NOBODY,
        "valid_from": to_instant(now),
        "valid_to": to_instant(now + timedelta(hours=1)),
    }
    if order is not None and isinstance(order.event, OrderSigned | OrderAmended):
        entry = history.ledger.entry_of(order)
        said["route"] = order.event.route
        said["mass"] = Mass.model_construct(value=str(_most(history, slot, order.event)))
        said["order"] = Reference(dig=order.dig, id=_NOBODY.id if entry is None else entry.payload.id)
    position = history.size + len(_drafted(history))
    return _fact(DoseAuthorised.model_construct(**said), now, f"{history.session}/{slot}", position)


def _most(history: History, slot: Slot, order: OrderSigned | OrderAmended) -> Decimal:
    """The most the order permits of one dose, or what it still permits in the session if that is less."""
    if order.max_session is None:
        return order.dose_max.mg
    left = order.max_session.mg - sum((dose.mg for dose in history.doses(slot)), Decimal())
    return min(order.dose_max.mg, left) if left >= order.dose_min.mg else order.dose_max.mg


def _is_in_date(order: Fact, day: str) -> bool:
    event = order.event
    return isinstance(event, OrderSigned | OrderAmended) and event.valid_from <= day <= event.valid_to


def _release(history: History, slot: Slot, *, is_closed: bool) -> Act:
    released = last(history.of(slot, ReleaseAuthorised))
    if released is not None:
        return Act("release", slot, "done", done=released.position)
    over = _why_over(history, slot, is_closed=is_closed)
    if over:
        return Act("release", slot, "over", over)
    if not history.doses(slot):
        return Act("release", slot, "not-yet", f"{slot.upper()} was not dosed; a release is asked about from then on.")
    return Act("release", slot, "ahead", draft=to_come(history, slot, _planned_for(history, slot)))


def _planned_for(history: History, slot: Slot) -> Disposition:
    """Where the signed plan has somebody go: to the lodging here or a hospital, otherwise home with an escort."""
    plan = last(history.of(slot, TransportPlanSigned))
    going = plan.event.destination if plan is not None and isinstance(plan.event, TransportPlanSigned) else ""
    return "onsite-lodging" if going == "onsite-lodging" else "hospital" if going == "hospital" else "home-with-escort"


def _why_over(history: History, slot: Slot, *, is_closed: bool) -> str:
    if is_closed:
        return "The session is closed."
    return f"{slot.upper()} has left care." if history.end_of_care(slot) is not None else ""


def _fact(event: Event, at: datetime, stream: str, position: int) -> Fact:
    return Fact(event, at, stream, position, "")
