"""FU-01: somebody asks each dosed person the next day how they slept and whether they drove."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.events.afterwards import FollowUpContactMade
from ledger.events.fields import Gone
from ledger.events.parameters import FollowUpFigures
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import day_and_clock, hours
from projections.compliance.obligations import Obligation
from projections.compliance.rule import rule


@rule(
    id="FU-01",
    version="1",
    title="Somebody asks each dosed person the next day how they slept and whether they drove.",
    severity="M",
    mode="F / W",
    source="no driving until the next day after restful sleep: Spravato label 5.2 [mem]; the hours are ours [D]",
    trigger="The end of care of a dosed person: departure, transfer, leaving against advice. One finding per session.",
    window="From `contact_from_h` to `contact_to_h` after it, both included. What lies outside does not count.",
    evidence=(
        "A `follow-up-contact-made` of this person and session in the window: reached, and asked about sleep and "
        "driving; or `contact_tries` of them that did not reach the person, one of them escalated."
    ),
    parameters=("follow_up.contact_from_h", "follow_up.contact_to_h", "follow_up.contact_tries"),
    verdicts={
        "met": "asked in the window, or tried often enough and escalated in it",
        "breached": "the window has passed without either",
        "pending": "neither yet, and the window has not passed",
        "not-applicable": "the person was not dosed, or is still here",
        "cannot-judge": "a contact in the window cannot be read any more, and no other is enough",
    },
    notes=("A contact at which sleep or driving was not asked is a try that reached them, and is not enough.",),
)
def fu_01(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    if history.figures is None:
        return
    for slot in SLOTS:
        yield _of(history, slot, history.figures.follow_up)


def _of(history: History, slot: Slot, figures: FollowUpFigures) -> Ruling:
    doses, end = history.doses(slot), history.end_of_care(slot)
    if not doses:
        return Ruling(slot, "not-applicable", f"{slot.upper()} was not dosed.")
    if end is None:
        return Ruling(
            slot, "not-applicable", f"{slot.upper()} is still here.", tuple(dose.fact.position for dose in doses)
        )
    opens, limit = end.at + hours(figures.contact_from_h), end.at + hours(figures.contact_to_h)
    tried = [fact for fact in history.of(slot, FollowUpContactMade) if fact.at >= opens]
    words = (
        f"a contact {figures.contact_from_h} to {figures.contact_to_h} h after the end of care at "
        f"{day_and_clock(end.at, history.zone)}, not before {day_and_clock(opens, history.zone)}"
    )
    asked = Obligation(
        words,
        limit,
        (end,),
        made=next((fact for fact in tried if _is_enough(fact)), None) or _given_up(tried, figures.contact_tries),
        unread=next((fact for fact in tried if _is_unread(fact)), None),
    )
    return asked.ruling(history, slot)


def _is_enough(fact: Fact) -> bool:
    event = fact.event
    return (
        isinstance(event, FollowUpContactMade)
        and event.reached is True
        and isinstance(event.slept, bool)
        and isinstance(event.drove_before_window, bool)
    )


def _given_up(tried: Sequence[Fact], tries: int) -> Fact | None:
    """The try by which there had been enough of them, and one was escalated."""
    missed: list[Fact] = []
    for fact in tried:
        if isinstance(fact.event, FollowUpContactMade) and fact.event.reached is False:
            missed.append(fact)
            steps = [each.event.next_step for each in missed if isinstance(each.event, FollowUpContactMade)]
            if len(missed) >= tries and "escalated" in steps:
                return fact
    return None


def _is_unread(fact: Fact) -> bool:
    names = ("reached", "slept", "drove_before_window", "next_step")
    return any(isinstance(getattr(fact.event, name, None), Gone) for name in names)
