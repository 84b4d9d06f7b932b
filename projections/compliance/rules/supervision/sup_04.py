"""SUP-04: as long as somebody is under the effect, a prescriber is on the site, or answers when called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ledger.events.calls import PrescriberNotified
from ledger.events.choices import Parameters2
from ledger.events.lifecycle import SessionOpened, SessionRescheduled
from ledger.vocabulary import Presence
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact, first
from projections.compliance.moments import as_instant, clock, minutes, to_second
from projections.compliance.occasions import each_dose
from projections.compliance.orders_in_force import drug_of
from projections.compliance.prescribers import at_opening, whereabouts
from projections.compliance.rule import GateOf, rule

_NEAR: Presence = "on-site"


@rule(
    id="SUP-04",
    version="1",
    title="As long as somebody is under the effect, a prescriber is on the site, or answers when called.",
    severity="C",
    mode="B `session-opened`; F / W",
    source="a health care provider on site: Spravato REMS; how it is off label differs, the choice is ours [D]",
    trigger="The couple's first dose; before it, the opening. One finding per session.",
    window=(
        "Every moment from the first dose to the last end of checks, which is not in it. A call is answered at most "
        "`reachable_min` after it was made, equality met."
    ),
    evidence=(
        "The prescriber's presence in the opening and in `prescriber-presence-changed`: on site, or reachable where "
        "`prescriber` permits it and every `prescriber-notified` in that time was answered in time. From a dose of "
        "esketamine on what `esketamine_prescriber` asks for."
    ),
    parameters=("choices.esketamine_prescriber", "supervision.prescriber", "supervision.reachable_min"),
    verdicts={
        "met": "a prescriber was there, or answered, as asked for all the time",
        "breached": "there was none, none on site where one was asked for, or a call was not answered in time",
        "pending": "a call is not answered yet, and the minutes have not passed",
        "not-applicable": "nobody was dosed",
        "cannot-judge": "there are no figures to judge by",
    },
    notes=(
        "While a prescriber is on the site nobody waits for an answer: those calls are not timed here.",
        "Before the opening nobody knows the drug: there it asks for what `prescriber` says.",
    ),
    gate=GateOf(
        SessionOpened,
        override="medical-director",
        opened_by=(SessionRescheduled,),
        otherwise="An opening that names a prescriber who is as near as is asked for.",
    ),
)
def sup_04(history: History) -> Iterator[Ruling]:
    """One ruling for the session; before an opening of that opening."""
    if history.figures is None:
        return
    if history.proposed is not None:
        yield from _proposed(history, history.proposed, history.figures.supervision.prescriber)
        return
    dose = history.first_dose()
    if dose is None:
        yield Ruling("", "not-applicable", "Nobody was dosed.")
        return
    yield _of(history, history.figures, dose.fact)


def _proposed(history: History, opening: Fact, asked: Presence) -> Iterator[Ruling]:
    if isinstance(opening.event, SessionOpened):
        near = at_opening(opening)
        fits = _fits(near, asked)
        words = f"The opening has {_told(near)}; {_asked(asked)} is asked for."
        causes = () if fits else (_cause(near),)
        asked_by = () if history.protocol is None else (history.protocol.position,)
        evidence = (*asked_by, opening.position)
        yield Ruling("", "met" if fits else "breached", words, evidence, causes=causes, act=opening.position)


def _of(history: History, figures: Parameters2, dose: Fact) -> Ruling:
    end, zone = _end(history), history.zone
    near_from = _esketamine(history)
    stricter = figures.choices.esketamine_prescriber
    breaches: list[tuple[Fact, datetime, str, str]] = []
    stretches = [each for each in whereabouts(history) if each.during(dose.at, end)]
    for each in stretches:
        start = max(each.start, dose.at)
        if not _fits(each.presence, figures.supervision.prescriber):
            words = f"from {clock(start, zone)} on there was {_told(each.presence)}"
            words += f"; {_asked(figures.supervision.prescriber)} is asked for"
            breaches.append((each.fact, start, words, _cause(each.presence)))
        elif near_from is not None and each.during(near_from.at, end) and not _fits(each.presence, stricter):
            start = max(each.start, near_from.at)
            words = f"from {clock(start, zone)} on, after esketamine, there was {_told(each.presence)}"
            words += f"; {_asked(stricter)} is asked for"
            breaches.append((each.fact, start, words, _cause(each.presence)))
    waiting: list[tuple[Fact, datetime]] = []
    for call in _calls(history, dose.at, end):
        where = next((each for each in stretches if each.during(call.at, None) and each.start <= call.at), None)
        if where is None or where.presence != "reachable" or not isinstance(call.event, PrescriberNotified):
            continue
        limit = call.at + minutes(figures.supervision.reachable_min)
        answered = None if call.event.answered_at is None else to_second(call.event.answered_at)
        if answered is not None and answered <= limit:
            continue
        if history.as_of <= limit:
            waiting.append((call, limit))
            continue
        told = "was not answered" if answered is None else f"was answered at {clock(answered, zone)}"
        words = f"a call at {clock(call.at, zone)} {told}; at most {figures.supervision.reachable_min} min are allowed"
        breaches.append((call, limit, words, "unanswered"))
    evidence = (dose.position, *(each.fact.position for each in stretches))
    if breaches:
        breaches.sort(key=_when)
        positions = (*evidence, *(fact.position for fact, *_ in breaches))
        words = "; ".join(words for _, _, words, _ in breaches)
        causes = tuple(dict.fromkeys(cause for *_, cause in breaches))
        return Ruling(
            "",
            "breached",
            f"While somebody was under the effect, {words}.",
            positions,
            causes=causes,
            act=dose.position,
        )
    if waiting:
        call, limit = min(waiting, key=_limit)
        words = f"A call at {clock(call.at, zone)} is to be answered by {clock(limit, zone)}."
        positions = (*evidence, call.position)
        return Ruling("", "pending", words, positions, limit=as_instant(limit), outstanding=True)
    words = f"From the first dose at {clock(dose.at, zone)} on a prescriber was there as asked for."
    return Ruling("", "met", words, evidence)


def _when(breach: tuple[Fact, datetime, str, str]) -> datetime:
    _, start, *_ = breach
    return start


def _limit(waiting: tuple[Fact, datetime]) -> datetime:
    _, limit = waiting
    return limit


def _end(history: History) -> datetime | None:
    """The last end of checks of those who were dosed; None while one of them is under the effect."""
    ends = [history.end_of_checks(slot) for slot in SLOTS if history.doses(slot)]
    known = [fact.at for fact in ends if fact is not None]
    return max(known) if len(known) == len(ends) else None


def _esketamine(history: History) -> Fact | None:
    doses = [act for slot in SLOTS for act in each_dose(history, slot) if drug_of(history, act) == "esketamine"]
    return first(sorted((act.fact for act in doses), key=lambda fact: (fact.at, fact.position)))


def _calls(history: History, start: datetime, end: datetime | None) -> list[Fact]:
    calls = [fact for slot in SLOTS for fact in history.of(slot, PrescriberNotified)]
    return [fact for fact in calls if start <= fact.at and (end is None or fact.at < end)]


def _fits(near: Presence | None, asked: Presence) -> bool:
    return near == _NEAR or (near is not None and near == asked)


def _told(near: Presence | None) -> str:
    words = {"on-site": "a prescriber on the site", "reachable": "a prescriber to be reached", None: "no prescriber"}
    return words[near]


def _asked(asked: Presence) -> str:
    return "one on the site" if asked == _NEAR else "one to be reached"


def _cause(near: Presence | None) -> str:
    return "absent" if near is None else "not-on-site"
