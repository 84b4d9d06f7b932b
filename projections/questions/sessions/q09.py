"""Question 9: consents and promises about going home that were signed, or written down, only after the dose."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.arrival import NoDrivingAcknowledged, TransportPlanSigned
from ledger.events.eligibility import ConsentSigned
from ledger.events.fields import Gone
from ledger.vocabulary import Slot
from projections.compliance.consents import agreed, said
from projections.compliance.doses import Dose
from projections.compliance.history import History
from projections.compliance.known import Fact, first
from projections.compliance.moments import as_instant, to_second
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.told import everything, minutes_begun, positions, unread_note


@question(
    "9",
    "At which doses were consent, transport plan or no-driving acknowledgement not signed before?",
    section="sessions",
    columns=(
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("dosed", "First dose", "instant"),
        Column("what", "What"),
        Column("how", "How"),
        Column("signed", "Signed", "instant"),
        Column("written", "Written down", "instant"),
        Column("minutes", "Minutes after the dose", "number"),
    ),
    empty="Everything was signed and written down before the first dose.",
    reading=(
        "Looked at for the first dose of each person and session. Signed in the very second of the dose is not before "
        "it. What was signed before and written down later is listed too, and so is what was never signed. Form, scope "
        "and dates of a consent are asked for by ELIG-03."
    ),
)
def q09(asked: Asked) -> Found:
    """One row for each person, session and paper."""
    dosed = [
        (history, slot, next(iter(history.doses(slot))))
        for history in asked.sessions
        for slot in asked.slots(history)
        if history.doses(slot)
    ]
    rows = [found for each in dosed for found in _of(*each)]
    unread = [each for each in dosed if isinstance(each[0].person(each[1]), Gone)]
    evidence = everything(each.evidence for each in rows)
    return Found(
        tuple(rows),
        (figure("count", "Not before the dose", len(rows), evidence),),
        unread_note(len(unread), "whose consent to look for"),
    )


def _of(history: History, slot: Slot, dose: Dose) -> Iterator[Row]:
    person = history.person(slot)
    if not isinstance(person, Gone):
        yield from _row(history, slot, dose, "consent", person, *_consent(history, slot, dose))
    for what, kind in (
        ("transport plan", TransportPlanSigned),
        ("no-driving acknowledgement", NoDrivingAcknowledged),
    ):
        yield from _row(history, slot, dose, what, history.session, first(history.of(slot, kind)))


def _consent(history: History, slot: Slot, dose: Dose) -> tuple[Fact | None, Fact | None]:
    """The consent that stood at the dose, else the next one that was signed; and the withdrawal that left none."""
    everything_said = said(history, slot)
    stood = agreed(everything_said, dose.at)
    if stood is not None and stood.signed is not None:
        return stood.signed, None
    later = [fact for fact in everything_said if fact.at >= dose.at and isinstance(fact.event, ConsentSigned)]
    return first(later), None if stood is None else stood.last


def _row(
    history: History, slot: Slot, dose: Dose, what: str, record: str, signed: Fact | None, withdrawn: Fact | None = None
) -> Iterator[Row]:
    entry = None if signed is None else history.ledger.entry(record, signed.dig)
    written = None if entry is None else to_second(entry.payload.recorded_at)
    if signed is None:
        how = "withdrawn, and not signed since" if withdrawn is not None else "never signed"
    elif signed.at >= dose.at:
        how = "withdrawn, and signed again after the dose" if withdrawn is not None else "signed after the dose"
    elif written is not None and written > dose.at:
        how = "written down after the dose"
    else:
        return
    after = None if signed is None else max(signed.at, written or signed.at) - dose.at
    yield row(
        positions(withdrawn, dose.fact, signed),
        session=history.session,
        partner=slot.upper(),
        dosed=as_instant(dose.at),
        what=what,
        how=how,
        signed=None if signed is None else as_instant(signed.at),
        written=as_instant(written),
        minutes=None if after is None else minutes_begun(after),
    )
