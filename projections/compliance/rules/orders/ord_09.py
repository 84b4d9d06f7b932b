"""ORD-09: after somebody said no they are not dosed without a new consent, given in time."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.dosing import DoseAdministered, DoseAuthorised, DoseDeclined
from ledger.events.eligibility import ConsentSigned
from ledger.events.parameters import DoseFigures
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import Fact, first, last
from projections.compliance.moments import as_instant, clock, minutes
from projections.compliance.occasions import Occasion, nobody_known, of_each_dose
from projections.compliance.rule import GateOf, rule


@rule(
    id="ORD-09",
    version="1",
    title="After somebody said no they are not dosed without a new consent, given in time.",
    severity="C",
    mode="B `dose-authorised` / S",
    source="autonomy: to say no is final unless taken back freely; the minutes are ours [D]",
    trigger="A dose, or its authorisation, after the same person declined one in this session. One finding per dose.",
    window=(
        "A new consent at least `consent_after_decline_min` after the decline, equality met, and strictly before both "
        "the dose and the partner's first dose."
    ),
    evidence="A consent signed by the person in that time.",
    parameters=("dose.consent_after_decline_min",),
    verdicts={
        "met": "a new consent was signed in time",
        "breached": "none was",
        "not-applicable": "not dosed, or nothing was declined before",
        "cannot-judge": "whose slot it is cannot be read any more",
    },
    notes=(
        "Nobody overrides it. Once the partner is dosed a decline is final for the session.",
        "The sentence never says why somebody declined.",
    ),
    gate=GateOf(
        DoseAuthorised,
        override=None,
        opened_by=(ConsentSigned,),
        otherwise="Once the partner is dosed, nothing: the no is final for this session.",
    ),
)
def ord_09(history: History) -> Iterator[Ruling]:
    """One ruling for each dose."""
    if history.figures is None:
        return
    figures = history.figures.dose
    yield from of_each_dose(history, lambda slot, act: _of(history, slot, act, figures))


def _of(history: History, slot: Slot, act: Occasion, figures: DoseFigures) -> Ruling:
    declined = last([fact for fact in history.of(slot, DoseDeclined) if fact.at <= act.at])
    if declined is None:
        words = f"{slot.upper()} had declined nothing before {act.what} of {clock(act.at, history.zone)}."
        return Ruling(slot, "not-applicable", words, (act.position,), act.fact.dig)
    unknown = nobody_known(history, slot, act, act.fact.dig)
    if unknown is not None:
        return unknown
    consents = [
        fact
        for fact in history.personal(slot, ConsentSigned)
        if _is_in_time(history, slot, act, declined, fact, figures)
    ]
    found = first(consents)
    words = "a new consent was signed in time" if found is not None else "no new consent was signed in time"
    return Ruling(
        slot,
        "met" if found is not None else "breached",
        f"{slot.upper()}: {act.what} of {clock(act.at, history.zone)}, after a decline at "
        f"{clock(declined.at, history.zone)}; {words}.",
        (declined.position, act.position, *(() if found is None else (found.position,))),
        act.fact.dig,
        made_at=as_instant(act.at),
        causes=() if found is not None else ("declined",),
        act=act.position,
    )


def _is_in_time(
    history: History, slot: Slot, act: Occasion, declined: Fact, consent: Fact, figures: DoseFigures
) -> bool:
    other: Slot = "b" if slot == "a" else "a"
    partners = first(history.of(other, DoseAdministered))
    earliest = declined.at + minutes(figures.consent_after_decline_min)
    return earliest <= consent.at < act.at and (partners is None or consent.at < partners.at)
