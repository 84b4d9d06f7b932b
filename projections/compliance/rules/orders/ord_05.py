"""ORD-05: a further dose is not given before the route's interval has passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ledger.events.dosing import DoseAdministered, DoseAuthorised
from ledger.events.parameters import DoseFigures
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, last
from projections.compliance.moments import as_instant, clock, minutes, span, to_second
from projections.compliance.occasions import Occasion, each_dose, route_of
from projections.compliance.orders_in_force import form_of, ranges
from projections.compliance.rule import GateOf, rule

_DEVICE = "nasal-device"


@rule(
    id="ORD-05",
    version="1",
    title="A further dose is not given before the route's interval has passed.",
    severity="M",
    mode="B `dose-authorised`; F dose / S",
    source="five minutes between devices: the Spravato label; every other interval is ours [D]",
    trigger="The second and every later dose of a person in the session. One finding per dose.",
    window=(
        "From the start of the previous dose (an infusion: its stop) to the start of this one at least `redose_min` of "
        "the route, equality met; of two routes the longer one, and the order's own if that is longer. Between two "
        "nasal devices `device_gap_min`."
    ),
    evidence="The time that passed.",
    parameters=("dose.device_gap_min", "dose.redose_min"),
    verdicts={
        "met": "the interval had passed",
        "breached": "it had not",
        "not-applicable": "no further dose, or no interval for the route",
    },
    gate=GateOf(DoseAuthorised, override="prescriber", otherwise="Time: the interval has to pass."),
)
def ord_05(history: History) -> Iterator[Ruling]:
    """One ruling for each further dose."""
    if history.figures is None:
        return
    for slot in SLOTS:
        acts = [act for act in each_dose(history, slot) if act.earlier]
        for act in acts:
            yield _of(history, slot, act, history.figures.dose)
        if not acts:
            yield Ruling(slot, "not-applicable", f"{slot.upper()} was given no further dose.")


def _of(history: History, slot: Slot, act: Occasion, figures: DoseFigures) -> Ruling:
    previous = last(act.earlier)
    lengths = [] if previous is None else _intervals(history, slot, act, previous, figures)
    if previous is None or not lengths:
        words = f"{slot.upper()}: no interval is asked for by this route."
        return Ruling(slot, "not-applicable", words, (act.position,), act.fact.dig)
    asked, since = max(lengths), _counts_from(previous)
    passed = act.at - since
    early = passed < minutes(asked)
    return Ruling(
        slot,
        "breached" if early else "met",
        f"{slot.upper()}: {act.what} of {clock(act.at, history.zone)}, {span(passed)} after the one before; at least "
        f"{asked} min are asked for.",
        (previous.position, act.position),
        act.fact.dig,
        due=as_instant(since + minutes(asked)),
        made_at=as_instant(act.at),
        causes=("too-early",) if early else (),
        act=act.position,
    )


def _intervals(history: History, slot: Slot, act: Occasion, previous: Fact, figures: DoseFigures) -> list[int]:
    """Every interval that is asked for between these two, in minutes."""
    routes = {route for route in (act.route, route_of(previous)) if route is not None}
    if act.given is not None and {form_of(history, act.given), _form(history, previous)} == {_DEVICE}:
        found = [figures.device_gap_min]
    else:
        found = [length for route in routes if (length := getattr(figures.redose_min, route)) is not None]
    own = [each.redose_after_min for each in ranges(history, slot, act) if each.redose_after_min is not None]
    return [*found, *own]


def _form(history: History, fact: Fact) -> str | None:
    return form_of(history, fact.event) if isinstance(fact.event, DoseAdministered) else None


def _counts_from(fact: Fact) -> datetime:
    stopped = fact.event.stopped_at if isinstance(fact.event, DoseAdministered) else None
    return fact.at if stopped is None else max(fact.at, to_second(stopped))
