"""ORD-08: what is given is in date, not recalled, and as strong as its lot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from ledger.events.dosing import DoseAuthorised, DosePrepared
from ledger.events.inventory import ContainerOpened, StockReceived, UseByAssigned
from ledger.events.losses import RecallNoticeApplied
from ledger.events.parameters import DoseFigures
from ledger.events.stock import OwnMedicationCheckedIn
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import Fact, last
from projections.compliance.moments import as_instant, clock
from projections.compliance.occasions import Occasion, of_each_dose
from projections.compliance.orders_in_force import product_of
from projections.compliance.preparations import preparation_of
from projections.compliance.rule import GateOf, rule


@rule(
    id="ORD-08",
    version="1",
    title="What is given is in date, not recalled, and as strong as its lot.",
    severity="M",
    mode="B `dose-authorised`; F dose / S",
    source="beyond-use dates of opened multi-dose vials: USP <797>, 28 days; that it is judged per dose is ours [D]",
    trigger="Every dose. One finding per dose.",
    window=(
        "The local date of the dose is at most the expiry and, of an opened container, at most the day assigned to it, "
        "else `bud_days` after it was opened; all included. A recall counts from when it was applied."
    ),
    evidence="The container's arrival, opening, use-by day and recalls; the concentration that was prepared.",
    parameters=("dose.bud_days",),
    verdicts={
        "met": "nothing speaks against the product",
        "breached": "out of date, recalled, of another strength than its lot, or nothing is known of it",
        "not-applicable": "not dosed, or nothing was prepared yet",
    },
    gate=GateOf(DoseAuthorised, override="prescriber", opened_by=(DosePrepared,)),
)
def ord_08(history: History) -> Iterator[Ruling]:
    """One ruling for each dose."""
    if history.figures is None:
        return
    figures = history.figures.dose
    yield from of_each_dose(history, lambda slot, act: _of(history, slot, act, figures))


def _of(history: History, slot: Slot, act: Occasion, figures: DoseFigures) -> Ruling:
    made = preparation_of(history, slot, act)
    prepared = made.event if made is not None and isinstance(made.event, DosePrepared) else None
    container = act.given.container if act.given is not None else None if prepared is None else prepared.container
    where = f"{slot.upper()}: {act.what} of {clock(act.at, history.zone)}"
    if container is None:
        return Ruling(slot, "not-applicable", f"{where}: nothing was prepared yet.", (act.position,), act.fact.dig)
    came = product_of(history, container)
    if came is None:
        sentence = f"{where}: nothing is known of the product."
        return _ruling(slot, act, sentence, (act.position,), ("no-product",))
    day, facts = history.day(act.at), [fact for fact in history.ledger.on(container) if fact.at <= act.at]
    last_day, why = _last_day(history, came, facts, figures)
    causes = ["out-of-date"] if last_day is not None and day > last_day else []
    recalls = [fact for fact in facts if isinstance(fact.event, RecallNoticeApplied) and fact.at < act.at]
    causes += ["recalled"] * bool(recalls)
    strength = came.event.concentration if isinstance(came.event, StockReceived) else None
    drawn = None if prepared is None else prepared.concentration
    causes += ["other-strength"] * (None not in (strength, drawn) and Decimal(drawn or "") != Decimal(strength or ""))
    words = [f"may be used until {last_day} ({why})" if last_day is not None else "has no date to be used by"]
    words += ["was recalled"] * bool(recalls)
    words += [f"was prepared as {drawn} mg/mL, its lot has {strength}"] * ("other-strength" in causes)
    evidence = [came, *recalls, *(() if made is None else (made,)), *_dates(facts)]
    sentence = f"{where}: the product {', '.join(words)}."
    return _ruling(slot, act, sentence, (*(fact.position for fact in evidence), act.position), tuple(causes))


def _dates(facts: list[Fact]) -> list[Fact]:
    return [fact for fact in facts if isinstance(fact.event, ContainerOpened | UseByAssigned)]


def _last_day(history: History, came: Fact, facts: list[Fact], figures: DoseFigures) -> tuple[str | None, str]:
    """The last day on which the product may be used, and what sets it."""
    days: list[tuple[str, str]] = []
    if isinstance(came.event, StockReceived | OwnMedicationCheckedIn) and came.event.expires is not None:
        days.append((came.event.expires, "expiry"))
    opened = last([fact for fact in facts if isinstance(fact.event, ContainerOpened)])
    assigned = [fact.event.use_by for fact in facts if isinstance(fact.event, UseByAssigned)]
    at_once = opened.event.use_by if opened is not None and isinstance(opened.event, ContainerOpened) else None
    if assigned or at_once is not None:
        days.append((next(reversed(assigned), at_once) or "", "day assigned"))
    elif opened is not None and isinstance(came.event, StockReceived):
        first = date.fromisoformat(history.day(opened.at)) + timedelta(days=figures.bud_days)
        days.append((first.isoformat(), f"{figures.bud_days} days after it was opened"))
    return min(days, default=(None, ""))


def _ruling(slot: Slot, act: Occasion, sentence: str, evidence: tuple[int, ...], causes: tuple[str, ...]) -> Ruling:
    return Ruling(
        slot,
        "breached" if causes else "met",
        sentence,
        evidence,
        act.fact.dig,
        made_at=as_instant(act.at),
        causes=causes,
        act=act.position,
    )
