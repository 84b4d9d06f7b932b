"""FU-02: within a week each dosed person has a talk about the session, or is offered one."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.afterwards import IntegrationOffered, IntegrationSessionHeld
from ledger.events.fields import Gone
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import day_and_clock, hours
from projections.compliance.obligations import Obligation, unreadable
from projections.compliance.readings import first_from
from projections.compliance.rule import rule


@rule(
    id="FU-02",
    version="1",
    title="Within a week each dosed person has a talk about the session, or is offered one.",
    severity="m",
    mode="F / W",
    source="integration after the session: KAP practice guides [F24]; the hours are ours [D]",
    trigger="The end of care of a dosed person: departure, transfer, leaving against advice. One finding per session.",
    window="Within `integration_h` after it, itself in time.",
    evidence=(
        "An `integration-session-held` that this person attended, or an `integration-offered` to them, whatever they "
        "answered; also on the record of another session of theirs: one talk may be about several."
    ),
    parameters=("follow_up.integration_h",),
    verdicts={
        "met": "held or offered in time",
        "breached": "neither by then; what came later stays in the finding",
        "pending": "neither yet, and the hours have not passed",
        "not-applicable": "the person was not dosed, or is still here",
        "cannot-judge": "whether they attended, or who it is, cannot be read any more, and nothing else is enough",
    },
    notes=("A talk counts from when it began.",),
)
def fu_02(history: History) -> Iterator[Ruling]:
    """One ruling for each person."""
    if history.figures is None:
        return
    for slot in SLOTS:
        yield _of(history, slot, history.figures.follow_up.integration_h)


def _of(history: History, slot: Slot, within: int) -> Ruling:
    doses, end = history.doses(slot), history.end_of_care(slot)
    if not doses:
        return Ruling(slot, "not-applicable", f"{slot.upper()} was not dosed.")
    if end is None:
        evidence = tuple(dose.fact.position for dose in doses)
        return Ruling(slot, "not-applicable", f"{slot.upper()} is still here.", evidence)
    told = [
        fact
        for session, where in history.sessions_of(slot)
        for fact in session.of(where, IntegrationSessionHeld, IntegrationOffered)
    ]
    told.sort(key=lambda fact: (fact.at, fact.position))
    asked = Obligation(
        f"a talk held or offered within {within} h after the end of care at {day_and_clock(end.at, history.zone)}",
        end.at + hours(within),
        (end,),
        made=first_from([fact for fact in told if _attended(fact) is True], end.at),
        unread=first_from([fact for fact in told if isinstance(_attended(fact), Gone)], end.at),
    )
    if isinstance(history.person(slot), Gone) and asked.verdict(history) != "met":
        return unreadable(slot, "who this is, and so whether they talked about it with another session,", [end])
    return asked.ruling(history, slot)


def _attended(fact: Fact) -> bool | Gone:
    """Whether this person was there; an offer needs nobody to be there."""
    return fact.event.attended if isinstance(fact.event, IntegrationSessionHeld) else True
