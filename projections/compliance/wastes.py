"""
Waste of a controlled substance: who made it unusable, and who stood by.

A witness is a member of staff who did not do it, and holds one of the licences that the protocol names on that day.
The signature may stand under the entry itself or come later; then it counts from its own time.
Source: the exact rules, CS-02.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ledger.credentials import Place
from ledger.events.dosing import DoseAdministered, DosePrepared
from ledger.events.holds import DoseInterrupted, DoseInterrupted2, DosePartiallyTaken
from ledger.events.losses import WASTES, WastageRecorded, WastageRecorded2
from ledger.stock_facts import dose_of
from ledger.vocabulary import Profession, Slot
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.second_people import confirming, key_counts

Waste = WastageRecorded | WastageRecorded2


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature as a witness, when it was given, and why it does not count; empty when it does."""

    by: str
    at: datetime
    position: int
    lacks: str


def wastes_of(history: History) -> list[Fact]:
    """What was wasted in a session, by time."""
    ledger = history.ledger
    made_ready = [fact.event for slot in SLOTS for fact in history.of(slot, DosePrepared)]
    drawn_from = [event.container for event in made_ready if isinstance(event, DosePrepared)]
    containers = dict.fromkeys([*ledger.known.stock.named_in.get(history.session, ()), *drawn_from])
    found = [fact for name in containers for fact in ledger.on(name, *WASTES)]
    return sorted(
        (fact for fact in found if isinstance(fact.event, Waste) and fact.event.session == history.session),
        key=lambda fact: (fact.at, fact.position),
    )


def wastes_elsewhere(ledger: LedgerAt) -> list[Fact]:
    """What was wasted in no session, by time."""
    found = [fact for name in ledger.known.stock.wasted for fact in ledger.on(name, *WASTES)]
    return sorted(
        (fact for fact in found if isinstance(fact.event, Waste) and fact.event.session is None),
        key=lambda fact: (fact.at, fact.position),
    )


def performers(fact: Fact) -> list[str]:
    """Who did it."""
    return [each.by for each in fact.signed if each.meaning == "performed"]


def witnesses(ledger: LedgerAt, fact: Fact, place: Place, professions: Sequence[Profession]) -> list[Signed]:
    """Every signature as a witness, by time, each weighed."""
    found = []
    for each in fact.signed:
        if each.meaning == "witnessed":
            counts = key_counts(ledger, each, fact.position)
            lacks = _lacks(ledger, fact, each.by, fact.at, place, professions) if counts else "doubted-key"
            found.append(Signed(each.by, fact.at, fact.position, lacks))
    for given in confirming(ledger, fact, "witnessed"):
        lacks = _lacks(ledger, fact, given.by[0], given.at, place, professions)
        found.append(Signed(given.by[0], given.at, given.position, lacks))
    return found


def _lacks(ledger: LedgerAt, fact: Fact, by: str, at: datetime, place: Place, professions: Sequence[Profession]) -> str:
    if by in performers(fact):
        return "same-person"
    if not by.startswith("staff/"):
        return "participant"
    held = ledger.holding(by, "licence", ledger.day(place.location, at), place, professions)
    return "" if held.state == "valid" else "wrong-licence"


def slot_of(history: History, fact: Fact) -> Slot | None:
    """Which partner's dose it is left over from, None where it does not say."""
    event = fact.event
    if not isinstance(event, Waste):
        return None
    dig = event.dose.dig if isinstance(event, WastageRecorded2) and event.dose is not None else None
    for slot in SLOTS:
        for each in history.of(slot, DosePrepared, DoseAdministered, DoseInterrupted2):
            if each.dig == dig or (event.label is not None and getattr(each.event, "label", None) == event.label):
                return slot
    return None


@dataclass(frozen=True, slots=True)
class Label:
    """
    What was drawn up under one label, and what became of it, in mg.

    `wasted` are amounts with their entries, by time; `given` is what went in, of a dose taken in part only that.
    `is_gone` is whether something of a container it was drawn from is no longer kept.
    """

    label: str
    slot: Slot
    prepared: tuple[Fact, ...]
    drawn: Decimal
    given: Decimal
    doses: tuple[Fact, ...]
    wasted: tuple[tuple[Fact, Decimal], ...]
    is_gone: bool = False

    def left_at(self, at: datetime | None = None) -> Decimal:
        """What was neither given nor wasted by then, or up to now; below zero where more was than was drawn up."""
        return self.drawn - self.given - sum((mg for fact, mg in self.wasted if at is None or fact.at <= at), Decimal())

    def cause(self, at: datetime | None = None) -> str:
        """What is wrong by then."""
        return "left-over" if self.left_at(at) > 0 else "more-than-drawn"

    def told(self, at: datetime | None = None) -> str:
        """It in words, as it was by then."""
        words = f"{self.drawn} mg of {self.label} drawn up, {self.given} mg given"
        left = self.left_at(at)
        by_then = self.drawn - self.given - left
        words += f", {by_then} mg wasted" if by_then else ""
        return words + (f": {abs(left)} mg {'are left over' if left > 0 else 'too many'}" if left else "")

    def settled_at(self) -> Fact | None:
        """The waste after which nothing was left."""
        return next((fact for fact, _ in self.wasted if not self.left_at(fact.at)), None)


def labels_of(history: History) -> list[Label]:
    """Everything drawn up from a vial in a session, label by label, by the time it was first drawn."""
    prepared: dict[str, list[tuple[Slot, Fact]]] = {}
    for slot in SLOTS:
        for fact in history.of(slot, DosePrepared):
            if isinstance(fact.event, DosePrepared) and fact.event.drawn_from_vial:
                prepared.setdefault(fact.event.label, []).append((slot, fact))
    if not prepared:
        return []
    doses, wastes = _given(history), _wastes_for(history, prepared)
    gone = history.ledger.known.stock.gone
    found = [_label(label, of, doses, wastes, gone) for label, of in prepared.items()]
    return sorted(found, key=lambda label: (label.prepared[0].at, label.prepared[0].position))


def _label(
    label: str,
    of: list[tuple[Slot, Fact]],
    doses: list[tuple[Fact, str, Decimal]],
    wastes: list[Fact],
    gone: Collection[str],
) -> Label:
    prepared = tuple(sorted((fact for _, fact in of), key=lambda fact: (fact.at, fact.position)))
    mine = [(fact, mg) for fact, name, mg in doses if name == label]
    digs = {fact.dig for fact, _ in mine}
    wasted = [
        (fact, fact.event.mass.mg)
        for fact in wastes
        if isinstance(fact.event, Waste) and _is_of(fact.event, label, digs)
    ]
    drawn = sum((fact.event.mass.mg for fact in prepared if isinstance(fact.event, DosePrepared)), Decimal())
    given = sum((mg for _, mg in mine), Decimal())
    is_gone = any(getattr(fact.event, "container", None) in gone for fact in prepared)
    return Label(label, of[0][0], prepared, drawn, given, tuple(fact for fact, _ in mine), tuple(wasted), is_gone)


def _is_of(event: Waste, label: str, doses: set[str]) -> bool:
    named = event.dose.dig if isinstance(event, WastageRecorded2) and event.dose is not None else None
    return event.label == label or named in doses


def _given(history: History) -> list[tuple[Fact, str, Decimal]]:
    """What went in under each label, by its entry: of a dose taken in part what was taken."""
    kinds = (DoseInterrupted, DoseInterrupted2, DosePartiallyTaken)
    shortened = [fact for slot in SLOTS for fact in history.of(slot, *kinds)]
    taken = {dose_of(fact.event): fact.event.mass_taken.mg for fact in shortened if isinstance(fact.event, kinds)}
    found = []
    for slot in SLOTS:
        for fact in history.of(slot, DoseAdministered, DoseInterrupted2):
            event = fact.event
            if isinstance(event, DoseAdministered):
                found.append((fact, event.label or "", taken.get(fact.dig, event.mass.mg)))
            elif isinstance(event, DoseInterrupted2) and event.dose is None:
                found.append((fact, event.label or "", event.mass_taken.mg))
    return found


def _wastes_for(history: History, prepared: dict[str, list[tuple[Slot, Fact]]]) -> list[Fact]:
    """The wastes of this session, and those of no session from the containers that doses were drawn from."""
    containers = {
        fact.event.container for of in prepared.values() for _, fact in of if isinstance(fact.event, DosePrepared)
    }
    found = {fact.position: fact for fact in wastes_of(history)}
    for name in sorted(containers):
        for fact in history.ledger.on(name, *WASTES):
            if isinstance(fact.event, Waste) and fact.event.session is None:
                found[fact.position] = fact
    return sorted(found.values(), key=lambda fact: (fact.at, fact.position))
