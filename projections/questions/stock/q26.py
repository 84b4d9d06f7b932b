"""Question 26: the log of what was administered, in the columns of 21 CFR 1304.22(c)."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.events.fields import Gone
from ledger.events.people import ParticipantRegistered, StaffRegistered
from ledger.stock_facts import local_day
from ledger.vocabulary import Slot
from projections.compliance.containers import Held, Step
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, last
from projections.compliance.moments import as_instant
from projections.questions.answer import Cell, Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import SESSIONS, question
from projections.questions.stock.chosen import chosen, drug_of, lots_of, steps_within
from projections.questions.told import told
from projections.said import exact

GIVEN = ("dose", "used-in-need")
"""What takes drug out of a container for somebody."""


@question(
    "26",
    "What was administered to whom, in the columns of 21 CFR 1304.22(c)?",
    section="stock",
    columns=(
        Column("date", "Date"),
        Column("at", "Time", "instant"),
        Column("name", "Name"),
        Column("address", "Address"),
        Column("drug", "Substance and form"),
        Column("strength", "mg in a unit or mL", "number"),
        Column("units", "Units", "number"),
        Column("volume", "Volume, mL", "number"),
        Column("mg", "mg", "number"),
        Column("taken", "Of it taken, mg", "number"),
        Column("given_by", "Administered by"),
        Column("giver", "Name of who did"),
        Column("container", "Container"),
        Column("whose", "Whose"),
        Column("lot", "Lot"),
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
    ),
    takes=(*SESSIONS, "container", "lot"),
    empty="Nothing was administered.",
    reading=(
        "Every dose out of a container, on its local date; units or volume as written down when it was given, by the "
        "initials or code of whoever signed. Participants' own medication is among it and marked."
    ),
    view="dispensing-log",
)
def q26(asked: Asked) -> Found:
    """One row for each dose, in the order given."""
    steps = [
        (held, step)
        for held in chosen(asked)
        for step in steps_within(asked, held)
        if step.moved.kind in GIVEN and _is_asked_for(asked, step)
    ]
    steps.sort(key=lambda each: (each[1].fact.at, each[1].fact.position))
    rows = [_of(asked, held, step) for held, step in steps]
    nameless = [each for each in rows if each.values["name"] is None]
    everything = [position for each in rows for position in each.evidence]
    return Found(
        tuple(rows),
        (
            figure("count", "Doses", len(rows), everything),
            figure("nameless", "Without a name", len(nameless), [p for each in nameless for p in each.evidence]),
        ),
    )


def _is_asked_for(asked: Asked, step: Step) -> bool:
    name, slot = step.moved.session, step.moved.slot
    if asked.session not in (None, name):
        return False
    if asked.couple is None and asked.person is None:
        return True
    history = asked.ledger.session(name)
    return asked.couple in (None, history.couple) and (
        asked.person is None or any(slot == each for each in history.slots_of(asked.person))
    )


def _of(asked: Asked, held: Held, step: Step) -> Row:
    history = asked.ledger.session(step.moved.session)
    slot = next(each for each in SLOTS if each == step.moved.slot)
    registered = _registered(history, slot)
    dose = held.state.doses.get(step.fact.dig)
    event = step.fact.event
    return row(
        (step.fact.position, *(() if registered is None else (registered.position,))),
        date=local_day(step.moved.placed),
        at=as_instant(step.fact.at),
        name=_said(registered, "name"),
        address=_said(registered, "address"),
        drug=drug_of(held),
        strength=None if held.state.per is None else exact(held.state.per),
        units=told(getattr(event, "units", None)),
        volume=told(getattr(event, "volume", None)),
        mg=None if step.moved.mg is None else exact(step.moved.mg),
        taken=None if dose is None else exact(dose.taken),
        given_by=told(tuple(asked.codes.code(by) for by in _givers(step.fact))),
        giver=told(tuple(name for by in _givers(step.fact) if (name := _name(asked, by)) is not None)),
        container=held.code,
        whose=held.state.world,
        lot=told(tuple(lots_of(held))),
        session=history.session,
        partner=slot.upper(),
    )


def _registered(history: History, slot: Slot) -> Fact | None:
    return last(history.personal(slot, ParticipantRegistered))


def _said(registered: Fact | None, field: str) -> Cell:
    return None if registered is None else told(getattr(registered.event, field))


def _givers(fact: Fact) -> Sequence[str]:
    return [each.by for each in fact.signed if each.meaning == "performed"] or list(fact.by)


def _name(asked: Asked, staff: str) -> str | None:
    named = last(asked.ledger.on(staff, StaffRegistered)) if staff.startswith("staff/") else None
    name = getattr(named.event, "name", None) if named is not None else None
    return name.why if isinstance(name, Gone) else name
