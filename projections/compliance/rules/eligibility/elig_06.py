"""ELIG-06: where it applies, the pregnancy status was recorded shortly before the first dose."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.arrival import ParticipantCheckedIn
from ledger.events.dosing import DoseAuthorised
from ledger.events.eligibility import EvaluationCompleted, PregnancyStatus
from ledger.events.fields import Gone
from ledger.events.parameters import EligibilityFigures
from ledger.events.people import ParticipantRegistered
from ledger.vocabulary import Slot
from projections.compliance.evaluations import days_between
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import Fact, last
from projections.compliance.moments import as_instant
from projections.compliance.occasions import Occasion, nobody_known, of_first_dose
from projections.compliance.rule import GateOf, rule

_OFF, _TEST, _TESTED = "off", "test", "tested"


@rule(
    id="ELIG-06",
    version="1",
    title="Where it applies, the pregnancy status was recorded shortly before the first dose.",
    severity="M",
    mode="B `dose-authorised` / S",
    source="embryo-fetal toxicity: Spravato label, section 5; the days and the way of asking are ours [D]",
    trigger="The first dose of a person to whom it applies. One finding per person and session.",
    window="The local date of the dose less that of the status: 0 to `pregnancy_days`, both included.",
    evidence=(
        "A status in an evaluation or at check-in before the dose; with `pregnancy_mode` test a tested one, with ask "
        "any answer; off asks for nothing."
    ),
    parameters=("eligibility.pregnancy_days", "eligibility.pregnancy_mode"),
    verdicts={
        "met": "a status was recorded in time",
        "breached": "none was",
        "not-applicable": "not dosed, it does not apply to them, or the protocol does not ask",
        "cannot-judge": "whether it applies, or the status, cannot be read any more",
    },
    notes=("The sentence never says which status it was.",),
    gate=GateOf(DoseAuthorised, override="prescriber", opened_by=(ParticipantCheckedIn, EvaluationCompleted)),
)
def elig_06(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    if history.figures is None:
        return
    figures = history.figures.eligibility
    yield from of_first_dose(history, lambda slot, act: _of(history, slot, act, figures))


def _of(history: History, slot: Slot, act: Occasion, figures: EligibilityFigures) -> Ruling:
    unknown = nobody_known(history, slot, act)
    if unknown is not None:
        return unknown
    applies = _applies(history, slot)
    if isinstance(applies, Gone):
        words = f"{slot.upper()}: whether a pregnancy status is asked for cannot be read any more."
        return Ruling(slot, "cannot-judge", words, (act.position,), causes=("unreadable",))
    if not applies or figures.pregnancy_mode == _OFF:
        return Ruling(slot, "not-applicable", f"{slot.upper()}: no pregnancy status is asked for.", (act.position,))
    told = [fact for fact in _told(history, slot) if fact.at < act.at]
    recent = [fact for fact in told if days_between(history, fact.at, act.at) <= figures.pregnancy_days]
    statuses = [(fact, _status(fact)) for fact in recent]
    enough = [
        fact
        for fact, status in statuses
        if isinstance(status, PregnancyStatus) and (figures.pregnancy_mode != _TEST or status.basis == _TESTED)
    ]
    unreadable = [fact.position for fact, status in statuses if isinstance(status, Gone)]
    if not enough and unreadable:
        words = f"{slot.upper()}: the pregnancy status before {act.what} cannot be read any more."
        return Ruling(slot, "cannot-judge", words, (*unreadable, act.position), causes=("unreadable",))
    word = "was" if enough else "was not"
    return Ruling(
        slot,
        "met" if enough else "breached",
        f"{slot.upper()}: the pregnancy status {word} recorded in the {figures.pregnancy_days} days before {act.what}.",
        (*(fact.position for fact in (enough or told)), act.position),
        made_at=as_instant(act.at),
        causes=() if enough else ("too-old" if told else "none",),
        act=act.position,
    )


def _applies(history: History, slot: Slot) -> bool | Gone:
    """Whether the person's registration says that it applies to them."""
    registered = last(history.personal(slot, ParticipantRegistered))
    event = None if registered is None else registered.event
    return event.pregnancy_applicable if isinstance(event, ParticipantRegistered) else False


def _told(history: History, slot: Slot) -> list[Fact]:
    asked = [*history.personal(slot, EvaluationCompleted), *history.of(slot, ParticipantCheckedIn)]
    return sorted((fact for fact in asked if _status(fact) is not None), key=lambda fact: (fact.at, fact.position))


def _status(fact: Fact) -> PregnancyStatus | Gone | None:
    match fact.event:
        case EvaluationCompleted(pregnancy=status) | ParticipantCheckedIn(pregnancy=status):
            return status
        case _:
            return None
