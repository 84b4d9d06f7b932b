"""ORD-01: every dose rests on a signed order for this person, drug and route that is in date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ledger.events.calls import VerbalOrderReceived
from ledger.events.dosing import DoseAuthorised
from ledger.events.eligibility import OrderSigned
from ledger.events.parameters import DoseFigures
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import Fact, last
from projections.compliance.moments import as_instant, clock, hours
from projections.compliance.occasions import Occasion, nobody_known, of_each_dose
from projections.compliance.orders_in_force import cosigned, fitting, verbal
from projections.compliance.rule import GateOf, rule


@rule(
    id="ORD-01",
    version="1",
    title="Every dose rests on a signed order for this person, drug and route that is in date.",
    severity="C",
    mode="B `dose-authorised`; F dose / S",
    source="21 CFR 1304.22(c) and 1306: dispensing on a prescriber's order; the time for a cosignature is ours [D]",
    trigger="Every dose. One finding per dose.",
    window=(
        "The order is signed strictly before the dose, and the local date of the dose is one of its days. An order by "
        "word of mouth counts when the prescriber signs it at most `verbal_cosign_h` after it, equality met."
    ),
    evidence="An order for the person, drug and route that was not ended before; the drug is that of the container.",
    parameters=("dose.verbal_cosign_h",),
    verdicts={
        "met": "a written order was in force, or one by word of mouth was signed in time",
        "breached": "no order was in force, or the one by word of mouth was not signed in time",
        "pending": "an order by word of mouth waits for the prescriber's signature",
        "not-applicable": "not dosed",
        "cannot-judge": "whose slot it is cannot be read any more",
    },
    notes=("A cosignature that says the order was put wrongly is none.",),
    gate=GateOf(DoseAuthorised, override="prescriber", opened_by=(OrderSigned, VerbalOrderReceived)),
)
def ord_01(history: History) -> Iterator[Ruling]:
    """One ruling for each dose."""
    if history.figures is None:
        return
    figures = history.figures.dose
    yield from of_each_dose(history, lambda slot, act: _of(history, slot, act, figures))


def _of(history: History, slot: Slot, act: Occasion, figures: DoseFigures) -> Ruling:
    unknown = nobody_known(history, slot, act, act.fact.dig)
    if unknown is not None:
        return unknown
    where = f"{slot.upper()}: {act.what} of {clock(act.at, history.zone)}"
    written = fitting(history, slot, act)
    if written:
        evidence = (*(fact.position for fact in written), act.position)
        return Ruling(slot, "met", f"{where} rests on a signed order.", evidence, act.fact.dig, act=act.position)
    spoken = last(verbal(history, slot, act))
    if spoken is not None:
        return _spoken(history, slot, act, spoken, figures, where)
    return Ruling(
        slot,
        "breached",
        f"{where} rests on no order for this drug and route that was in force.",
        (act.position,),
        act.fact.dig,
        made_at=as_instant(act.at),
        causes=("none",),
        act=act.position,
    )


def _spoken(history: History, slot: Slot, act: Occasion, order: Fact, figures: DoseFigures, where: str) -> Ruling:
    limit = order.at + hours(figures.verbal_cosign_h)
    signature = cosigned(history, slot, order)
    words = f"{where} rests on an order by word of mouth of {clock(order.at, history.zone)}"
    evidence = (order.position, act.position, *(() if signature is None else (signature.position,)))
    waits = Ruling(
        slot,
        "pending",
        f"{words}, which waits for the prescriber's signature.",
        evidence,
        act.fact.dig,
        due=as_instant(limit),
        limit=as_instant(limit),
        made_at=None if signature is None else as_instant(signature.at),
        outstanding=signature is None,
        act=act.position,
    )
    if signature is not None and signature.at <= limit:
        return replace(waits, verdict="met", sentence=f"{words}, signed in time.")
    if signature is None and history.as_of <= limit:
        return waits
    how = "was not signed" if signature is None else f"was signed at {clock(signature.at, history.zone)}"
    cause = "not-cosigned" if signature is None else "cosigned-late"
    sentence = f"{words}, which {how}; {figures.verbal_cosign_h} h are given."
    return replace(waits, verdict="breached", sentence=sentence, causes=(cause,))
