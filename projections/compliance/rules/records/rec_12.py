"""REC-12: whoever asks for their record, its amendment or its erasure is answered in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ledger.events.base import Event, Reference
from ledger.events.choices import Choices
from ledger.events.erasure import ErasureRefused, ErasureRequested, ErasureScheduled, RetentionEnded, SubjectErased
from ledger.events.requests import (
    AccessRequestDenied,
    AccessRequestFulfilled,
    AccessRequestReceived,
    AmendmentAccepted,
    AmendmentDenied,
    AmendmentRequested,
)
from projections.compliance.apart import Deadline, days_later, end_of, judged_by, months_later, no_protocol
from projections.compliance.finding import Ruling
from projections.compliance.known import Fact, first
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import day_and_clock
from projections.compliance.rule import GateOf, ledger_rule


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of request, and what answers it."""

    asked: type[Event]
    answered: tuple[type[Event], ...]
    words: str


KINDS = (
    Kind(AccessRequestReceived, (AccessRequestFulfilled, AccessRequestDenied), "to see a record"),
    Kind(AmendmentRequested, (AmendmentAccepted, AmendmentDenied), "to amend a record"),
    Kind(ErasureRequested, (ErasureRefused, ErasureScheduled), "to erase a record"),
)


@ledger_rule(
    id="REC-12",
    version="1",
    title="Whoever asks for their record, its amendment or its erasure is answered in time.",
    severity="M",
    mode="B `subject-erased`, `retention-ended`; F / W",
    source="45 CFR 164.524(b)(2) and 164.526(b)(2) [F66]; GDPR, article 12(3) [mem]",
    trigger=(
        "An `access-request-received`, `amendment-requested` or `erasure-requested`. One finding per request, about "
        "the record of the person."
    ),
    window=(
        "From the day it was received: `access_request_days`, `amendment_request_days`, or the same day "
        "`erasure_request_months` later (the last one of a shorter month); to the end of that local day, by the clock "
        "where the request was written down."
    ),
    evidence=(
        "Its answer: fulfilled or denied, accepted or denied, refused or scheduled; or that the person was erased."
    ),
    parameters=(
        "choices.access_request_days",
        "choices.amendment_request_days",
        "choices.erasure_request_months",
    ),
    verdicts={
        "met": "answered in time",
        "breached": "the day has passed without an answer; one that comes later stays in the finding, as made late",
        "pending": "not answered, and the day has not passed",
        "cannot-judge": "no protocol was in effect on the day of the request",
    },
    notes=(
        "A day that the request itself names as due changes nothing here.",
        (
            "That nobody is erased while a request is open or a hold stands, the ledger asks before it records a "
            "`subject-erased`, and REC-13 afterwards."
        ),
        "The sentence says neither who asked nor what for; what this rule says is read as REC-10.",
    ),
    gate=GateOf(
        (SubjectErased, RetentionEnded), override=None, by_the_ledger=True, otherwise="The answer to the request."
    ),
)
def rec_12(ledger: LedgerAt) -> Iterator[Ruling]:
    """One ruling for each request."""
    if ledger.proposed is not None:
        return
    for kind in KINDS:
        for fact in ledger.everywhere("person", kind.asked):
            yield _of(ledger, fact, kind)


def _of(ledger: LedgerAt, fact: Fact, kind: Kind) -> Ruling:
    judged = judged_by(ledger, fact)
    if judged is None:
        return no_protocol(fact, f"A request {kind.words}")
    received = getattr(fact.event, "received_on", "")
    day = _last_day(kind, date.fromisoformat(received), judged.figures.choices)
    asked = Deadline(end_of(day, judged.zone), _answer(ledger, fact, kind), ledger.as_of)
    words = f"A request {kind.words}, received on {received}, is answered by the end of {day}; "
    made = asked.made
    if made is None:
        words += "not answered"
    else:
        words += f"answered on {day_and_clock(made.at, judged.zone)}{asked.late_by}"
    evidence = (fact.position, *(() if made is None else (made.position,)))
    return asked.ruling(judged, f"{words}.", evidence)


def _last_day(kind: Kind, received: date, figures: Choices) -> date:
    if kind.asked is AccessRequestReceived:
        return days_later(received, figures.access_request_days)
    if kind.asked is AmendmentRequested:
        return days_later(received, figures.amendment_request_days)
    return months_later(received, figures.erasure_request_months)


def _answer(ledger: LedgerAt, request: Fact, kind: Kind) -> Fact | None:
    """What first answered a request."""
    told = [fact for fact in ledger.on(request.stream, *kind.answered, SubjectErased) if _answers(fact.event, request)]
    return first([fact for fact in told if fact.position > request.position])


def _answers(event: Event, request: Fact) -> bool:
    named = getattr(event, "request", None)
    return isinstance(event, SubjectErased) or (isinstance(named, Reference) and named.dig == request.dig)
