"""SUP-08: somebody deeply sedated is looked at every few minutes until they are back, and a prescriber is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ledger.events.calls import PrescriberNotified
from ledger.events.choices import Parameters2
from ledger.vocabulary import Slot
from projections.compliance.doses import Dose
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import clock, minutes
from projections.compliance.obligations import Obligation, together, unreadable
from projections.compliance.readings import first_from, numbers
from projections.compliance.rule import rule


@dataclass(frozen=True, slots=True)
class _Look:
    """How awake somebody was: `deep` is None when that cannot be read."""

    fact: Fact
    deep: bool | None
    words: str

    @property
    def at(self) -> datetime:
        return self.fact.at


@rule(
    id="SUP-08",
    version="1",
    title="Somebody deeply sedated is looked at every few minutes until they are back, and a prescriber is called.",
    severity="C",
    mode="F / W",
    source="sedation by MOAA/S: Spravato label 5.1 [mem]; the numbers are ours [D]",
    trigger=(
        "A score after the first dose of MOAA/S at `moaas_notify` or below, or of RASS at `rass_notify` or below. One "
        "finding per such reading."
    ),
    window=(
        "A further score within `sedation_repeat_min` after each such reading, until every score of a look is above "
        "both limits; it lapses, and counts as met, when care ends by then. A prescriber called within "
        "`sedation_notify_min` after the first one of an episode, in its own minute too."
    ),
    evidence="A later look at this person with one of the two scores; a `prescriber-notified` of this person.",
    parameters=(
        "choices.sedation_notify_min",
        "supervision.moaas_notify",
        "supervision.rass_notify",
        "supervision.sedation_repeat_min",
    ),
    verdicts={
        "met": "scored again, and a prescriber called, both in time; or nobody was deeply sedated",
        "breached": "one of the two was missing when its minutes had passed",
        "pending": "one of the two is missing, and its minutes have not passed",
        "not-applicable": "the person was not dosed",
        "cannot-judge": "a score cannot be read any more, and it depends on that",
    },
    notes=("A look without a score does not say whether they are back, and is no further check here.",),
)
def sup_08(history: History) -> Iterator[Ruling]:
    """One ruling for each deep reading."""
    if history.figures is None:
        return
    for slot in SLOTS:
        first = next(iter(history.doses(slot)), None)
        if first is None:
            yield Ruling(slot, "not-applicable", f"{slot.upper()} was not dosed.")
            continue
        yield from _of(history, slot, first, history.figures)


def _of(history: History, slot: Slot, first: Dose, figures: Parameters2) -> Iterator[Ruling]:
    end = history.end_of_care(slot)
    looks = [look for look in _looks(history, slot, figures) if look.at >= first.at]
    own = [look for look in looks if end is None or look.at <= end.at]
    running, found = False, False
    for look in own:
        if look.deep:
            yield _deep(history, slot, look, looks, figures, first_of_episode=not running)
            running = found = True
        elif look.deep is not None:
            running = False
    unread = [look.fact for look in own if look.deep is None]
    if unread:
        yield unreadable(slot, "whether a score was one of deep sedation", unread)
    elif not found:
        words = f"{slot.upper()} was not deeply sedated."
        yield Ruling(slot, "met", words, (first.fact.position, *(look.fact.position for look in own)))


def _looks(history: History, slot: Slot, figures: Parameters2) -> list[_Look]:
    """Every look with a score; deep if one of its scores is."""
    limits = {"moaas": figures.supervision.moaas_notify, "rass": figures.supervision.rass_notify}
    named = {"moaas": "MOAA/S", "rass": "RASS"}
    scored: dict[int, list[tuple[Fact, str, int | None]]] = {}
    for name in limits:
        for number in numbers(history, slot, name):
            scored.setdefault(number.fact.position, []).append((number.fact, name, number.value))
    found: list[_Look] = []
    for each in scored.values():
        fact = next(fact for fact, _, _ in each)
        deep = any(value is not None and value <= limits[name] for _, name, value in each)
        unread = any(value is None for _, _, value in each)
        words = " and ".join(f"{named[name]} {value}" for _, name, value in each if value is not None)
        found.append(_Look(fact, True if deep else None if unread else False, words))
    return sorted(found, key=lambda look: (look.at, look.fact.position))


def _deep(
    history: History, slot: Slot, look: _Look, looks: list[_Look], figures: Parameters2, *, first_of_episode: bool
) -> Ruling:
    later = [each for each in looks if each.at > look.at]
    again, call = figures.supervision.sedation_repeat_min, figures.choices.sedation_notify_min
    what = f"{look.words} at {clock(look.at, history.zone)}"
    asked = [
        Obligation(
            f"a further score within {again} min of {what}",
            look.at + minutes(again),
            (look.fact,),
            made=next((each.fact for each in later if each.deep is not None), None),
            lapsed=history.end_of_care(slot),
            unread=next((each.fact for each in later if each.deep is None), None),
            act="taken",
        )
    ]
    if first_of_episode:
        called = first_from(history.of(slot, PrescriberNotified), look.at)
        words = f"a prescriber within {call} min of {what}"
        asked.append(Obligation(words, look.at + minutes(call), (look.fact,), made=called, act="called"))
    return together(history, slot, tuple(asked), anchor=look.fact.dig)
