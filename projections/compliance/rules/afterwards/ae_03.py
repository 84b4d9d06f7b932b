"""AE-03: a transfer to hospital is on record with call, arrival, departure, where to, and what went along."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.emergencies import EmergencyServicesArrived, EmergencyServicesCalled, ParticipantTransferred
from ledger.events.fields import Gone
from ledger.vocabulary import Slot
from projections.compliance.finding import Ruling
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.moments import as_instant, clock
from projections.compliance.rule import rule


@rule(
    id="AE-03",
    version="1",
    title="A transfer to hospital is on record with call, arrival, departure, where to, and what went along.",
    severity="M",
    mode="F / S",
    source="records of adverse events: OAR 333-333 [F37]",
    trigger="A `participant-transferred`. One finding per transfer.",
    window="At the transfer; it happened when they departed.",
    evidence=(
        "The call and the arrival of those who took them, in the entry itself or in an `emergency-services-called` and "
        "`emergency-services-arrived` of this person up to then; the facility, and at least one document, in the entry."
    ),
    parameters=(),
    verdicts={
        "met": "all of it is on record",
        "breached": "something of it is not",
        "not-applicable": "nobody was transferred",
        "cannot-judge": "something of it cannot be read any more, and nothing is known to be missing",
    },
)
def ae_03(history: History) -> Iterator[Ruling]:
    """One ruling for each transfer."""
    for slot in SLOTS:
        transfers = history.of(slot, ParticipantTransferred)
        for fact in transfers:
            yield _of(history, slot, fact)
        if not transfers:
            yield Ruling(slot, "not-applicable", f"{slot.upper()} was not transferred.")


def _of(history: History, slot: Slot, fact: Fact) -> Ruling:
    event = fact.event
    if not isinstance(event, ParticipantTransferred):
        raise TypeError(f"{event.type} is no transfer")
    called = [each for each in history.of(slot, EmergencyServicesCalled) if each.at <= fact.at]
    arrived = [each for each in history.of(slot, EmergencyServicesArrived) if each.at <= fact.at]
    told = {
        "the call": event.called_at if not called else True,
        "the arrival": event.arrived_at if not arrived else True,
        "the facility": event.facility,
        "what went along": event.documents,
    }
    missing = [name for name, value in told.items() if not isinstance(value, Gone) and not value]
    unread = [name for name, value in told.items() if isinstance(value, Gone)]
    evidence = (fact.position, *(each.position for each in (*called, *arrived)))
    words = f"{slot.upper()} was transferred at {clock(fact.at, history.zone)}"
    made_at = as_instant(fact.at)
    if missing:
        sentence = f"{words}; not recorded: {', '.join(missing)}."
        return Ruling(slot, "breached", sentence, evidence, anchor=fact.dig, made_at=made_at, causes=("not-recorded",))
    if unread:
        sentence = f"{words}; {', '.join(unread)} cannot be read."
        return Ruling(slot, "cannot-judge", sentence, evidence, anchor=fact.dig, causes=("unreadable",))
    return Ruling(slot, "met", f"{words}, and all of it is on record.", evidence, anchor=fact.dig, made_at=made_at)
