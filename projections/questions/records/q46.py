"""Question 46: whose records may go and have not, which went too early, and which a hold keeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ledger.erasure import DISCLOSURES, ENCOUNTERS, day_of, years_later
from ledger.events.erasure import LegalHoldLifted, LegalHoldPlaced, SubjectErased
from projections.compliance.known import Fact, last
from projections.compliance.moments import as_instant
from projections.compliance.rules.records.rec_13 import rec_13
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.records.people import people
from projections.questions.told import everything


@question(
    "46",
    "Whose records are past their date and still kept, destroyed too early, or under a hold?",
    section="records",
    columns=(
        Column("person", "Participant", "record"),
        Column("encounter", "Last encounter"),
        Column("until", "Kept until"),
        Column("state", "State"),
        Column("holds", "Holds"),
        Column("destroyed", "Destroyed", "instant"),
        Column("judged", "REC-13 says"),
    ),
    takes=("person",),
    empty="Nobody's record is past its date, was destroyed or is under a hold.",
    reading=(
        "One row for each participant of whom one of these is so, and none for whose record has still to be kept. The "
        "periods are the clinic's own (`policy.json`), counted from the last evaluation, preparation or part of a "
        "session, and from each disclosure; the longest counts. Containers, accesses and whole sessions, "
        "`session-ledger retention` lists. Of whom nothing but the erasure is left only that is told."
    ),
)
def q46(asked: Asked) -> Found:
    """One row for each participant whose record is not simply kept."""
    judged = {each.about: each.verdict for each in rec_13.findings(asked.ledger)}
    rows = [found for person in people(asked) for found in _of(asked, person, judged.get(person))]
    figures = tuple(
        figure(name, title, len(own), everything(each.evidence for each in own))
        for name, title, state in (
            ("overdue", "Past their date and still kept", "past its date"),
            ("early", "Destroyed too early", "destroyed too early"),
            ("held", "Under a hold", "under a hold"),
        )
        for own in ([each for each in rows if each.values["state"] == state],)
    )
    return Found(tuple(rows), figures)


def _of(asked: Asked, person: str, ruling: str | None) -> Iterator[Row]:
    ledger = asked.ledger
    erased = last(ledger.on(person, SubjectErased))
    terms = list(_terms(asked, person))
    longest = max(terms, key=lambda term: (term[1], term[0].position), default=None)
    encounters = [day for fact, until, day in terms if fact.event.type not in DISCLOSURES]
    holds = _holds(asked, person)
    evidence = {fact.position for fact in (*holds, *(each for each in (erased,) if each is not None))}
    if longest is not None:
        evidence.add(longest[0].position)
    state = None
    if erased is not None:
        state = {"breached": "destroyed too early", "cannot-judge": "destroyed, perhaps too early"}.get(
            ruling or "", "destroyed"
        )
    elif holds:
        state = "under a hold"
    elif longest is not None and longest[1] <= ledger.as_of.date():
        state = "past its date"
    if state is not None:
        yield row(
            evidence,
            person=person,
            encounter=str(max(encounters)) if encounters else None,
            until=None if longest is None else str(longest[1]),
            state=state,
            holds=", ".join(h.event.hold for h in holds if isinstance(h.event, LegalHoldPlaced)) or None,
            destroyed=None if erased is None else as_instant(erased.at),
            judged=ruling,
        )


def _terms(asked: Asked, person: str) -> Iterator[tuple[Fact, date, date]]:
    """Everything that keeps a record, until when, and the day it counts from."""
    ledger, periods = asked.ledger, asked.ledger.known.retention
    own = [fact for fact in ledger.on(person) if fact.event.type in (*ENCOUNTERS, *DISCLOSURES)]
    for history, slot in ledger.sessions_of(person):
        own += [fact for fact in history.facts if fact.stream == f"{history.session}/{slot}"]
    for fact in own:
        entry = ledger.entry(fact.session, fact.dig)
        day = fact.at.date() if entry is None else day_of(entry.payload.occurred)
        years = periods.records_years if fact.event.type in DISCLOSURES else periods.chart_years
        yield fact, years_later(day, years), day


def _holds(asked: Asked, person: str) -> list[Fact]:
    said = asked.ledger.on(person, LegalHoldPlaced, LegalHoldLifted)
    lifted = {fact.event.placed.dig for fact in said if isinstance(fact.event, LegalHoldLifted)}
    return [fact for fact in said if isinstance(fact.event, LegalHoldPlaced) and fact.dig not in lifted]
