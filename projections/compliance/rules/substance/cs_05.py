"""CS-05: of every dose the record can say to whom, where they live, when, how much, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ledger.erasure import KEPT_BY_DEFAULT, years_later
from ledger.events.dosing import DoseAdministered
from ledger.events.fields import Gone
from ledger.events.people import ParticipantRegistered
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import last
from projections.compliance.moments import as_instant, clock
from projections.compliance.occasions import Occasion, nobody_known, of_each_dose
from projections.compliance.rule import rule


@rule(
    id="CS-05",
    version="1",
    title="Of every dose the record can say to whom, where they live, when, how much, and by whom.",
    severity="C",
    mode="F / I",
    source="records of dispensing: 21 CFR 1304.22(c)",
    trigger="A dose, while its record has to be kept. One finding per dose.",
    window="From the dose on for two years, to the day before the same calendar date; from that day on it rests.",
    evidence=(
        "The person's registration, with name and address that can be read; of the dose a volume or units, and who "
        "gave it."
    ),
    parameters=(),
    verdicts={
        "met": "all of it is there",
        "breached": "there is no registration, or the dose says neither volume nor units",
        "not-applicable": "not dosed, or the record need not be kept any longer",
        "cannot-judge": "whose slot it is, or name or address, cannot be read",
    },
    notes=(
        "Two years are the federal term (21 CFR 1304.04); a state may ask for longer, which this rule does not know.",
        "The finding says which of it is missing, never what name or address is.",
    ),
)
def cs_05(history: History) -> Iterator[Ruling]:
    """One ruling for each dose."""
    yield from of_each_dose(history, lambda slot, act: _of(history, slot, act))


def _of(history: History, slot: Slot, act: Occasion) -> Ruling:
    anchor = act.fact.dig
    until = years_later(date.fromisoformat(history.day(act.at)), KEPT_BY_DEFAULT.controlled_years)
    who = f"{slot.upper()}, dose at {clock(act.at, history.zone)}"
    if history.day(history.as_of) >= until.isoformat():
        words = f"{who}: its record had to be kept until {until}."
        return Ruling(slot, "not-applicable", words, (act.position,), anchor)
    unknown = nobody_known(history, slot, act, anchor)
    missing = _missing(act.given)
    registered = last(history.personal(slot, ParticipantRegistered))
    event = None if registered is None else registered.event
    gone = unknown is not None
    if unknown is None and not isinstance(event, ParticipantRegistered):
        missing = ["no-registration", *missing]
    elif isinstance(event, ParticipantRegistered):
        gone = isinstance(event.name, Gone) or isinstance(event.address, Gone)
    evidence = (act.position, *(() if registered is None else (registered.position,)))
    if gone and not missing:
        if unknown is not None:
            return unknown
        words = f"{who}: name or address cannot be read."
        return Ruling(slot, "cannot-judge", words, evidence, anchor, causes=("unreadable",))
    told = ", ".join(_WORDS[each] for each in missing)
    return Ruling(
        slot,
        "breached" if missing else "met",
        f"{who}: not recorded: {told}." if missing else f"{who}: name, address, date, amount and giver are on record.",
        evidence,
        anchor,
        made_at=as_instant(act.at),
        causes=tuple(missing),
        act=act.position,
    )


_WORDS = {"no-registration": "name and address", "no-amount": "volume or units"}


def _missing(dose: DoseAdministered | None) -> list[str]:
    return ["no-amount"] if dose is not None and dose.units is None and dose.volume is None else []
