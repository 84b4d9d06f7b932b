"""Question 12: who left before a release was authorised, what was done about it, and whether help was called."""

from __future__ import annotations

from ledger.events.calls import PrescriberNotified
from ledger.events.emergencies import EmergencyServicesCalled, LeftAgainstAdvice
from ledger.events.fields import Gone
from ledger.events.release import ParticipantDeparted, ReleaseAuthorised, TransportPlanDeviationRecorded
from ledger.vocabulary import Slot
from projections.compliance.history import History
from projections.compliance.known import Fact, first
from projections.compliance.moments import as_instant
from projections.questions.answer import Cell, Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, positions, told


@question(
    "12",
    "Who left before their release was authorised, what was done, and were emergency services called?",
    section="sessions",
    columns=(
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("left", "Left", "instant"),
        Column("how", "How"),
        Column("done", "What was done"),
        Column("capacity", "Capacity"),
        Column("prescriber_told", "Prescriber told", "instant"),
        Column("services_called", "Emergency services called", "yes-no"),
    ),
    empty="Nobody who was dosed left before their release was authorised.",
    reading=(
        "Everybody who was dosed and left, or left against advice, with no release of their own up to then; a transfer "
        "to hospital is none. What was done is what was recorded as tried, also about a change of the transport plan. "
        "REL-11 says whether it was recorded in time."
    ),
)
def q12(asked: Asked) -> Found:
    """One row for each person, in the order of the sessions."""
    rows = [
        found
        for history in asked.sessions
        for slot in asked.slots(history)
        if (found := _of(history, slot)) is not None
    ]
    evidence = everything(each.evidence for each in rows)
    return Found(tuple(rows), (figure("count", "Left before a release", len(rows), evidence),))


def _of(history: History, slot: Slot) -> Row | None:
    left = first(history.of(slot, ParticipantDeparted, LeftAgainstAdvice))
    doses = history.doses(slot)
    if left is None or not doses or doses[0].at > left.at:
        return None
    if any(fact.at <= left.at for fact in history.of(slot, ReleaseAuthorised)):
        return None
    record = first(history.of(slot, LeftAgainstAdvice))
    efforts = history.of(slot, TransportPlanDeviationRecorded)
    services = history.of(slot, EmergencyServicesCalled)
    prescriber = first([fact for fact in history.of(slot, PrescriberNotified) if fact.at >= doses[-1].at])
    return row(
        positions(doses[-1].fact, left, record, *efforts, *services, prescriber),
        session=history.session,
        partner=slot.upper(),
        left=as_instant(left.at),
        how="against advice" if record is not None else "departed",
        done=_done(record, efforts),
        capacity=told(record.event.capacity) if record and isinstance(record.event, LeftAgainstAdvice) else None,
        prescriber_told=_told_at(record, prescriber),
        services_called=_called(record, services),
    )


def _done(record: Fact | None, efforts: list[Fact]) -> Cell:
    words: list[str] = []
    for fact in [*efforts, *([] if record is None else [record])]:
        match fact.event:
            case TransportPlanDeviationRecorded(efforts=tried) | LeftAgainstAdvice(attempts=tried):
                words += [tried.why] if isinstance(tried, Gone) else tried
            case _:
                continue
    return ", ".join(dict.fromkeys(words)) or None


def _told_at(record: Fact | None, prescriber: Fact | None) -> str | None:
    """When a prescriber was told, by the record of it, else by a call."""
    if record is not None and isinstance(record.event, LeftAgainstAdvice) and record.event.informed_at is not None:
        return record.event.informed_at
    return None if prescriber is None else as_instant(prescriber.at)


def _called(record: Fact | None, services: list[Fact]) -> Cell:
    if services:
        return True
    if record is None or not isinstance(record.event, LeftAgainstAdvice):
        return False
    return told(record.event.emergency_services_called)
