"""Question 39: to whom a participant's record was shown in six years, as it has to be told to who asks."""

from __future__ import annotations

from datetime import date

from ledger.erasure import years_later
from ledger.events.fields import Gone
from ledger.events.requests import DisclosureMade
from projections.compliance.known import Fact
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.records.people import day_of, on_people
from projections.questions.told import told

YEARS = 6
"""45 CFR 164.528(a): six years before the day on which somebody asks."""


@question(
    "39",
    "To whom was a participant's record shown in the last six years?",
    section="records",
    columns=(
        Column("person", "Participant", "record"),
        Column("day", "Day"),
        Column("recipient", "To whom"),
        Column("content", "What"),
        Column("purpose", "What for"),
        Column("basis", "Ground"),
        Column("partner_left_out", "Partner left out", "yes-no"),
        Column("export", "SHA-256 of what was shown"),
    ),
    takes=("from", "to", "person"),
    empty="Nothing was shown that has to be accounted for.",
    reading=(
        "Every disclosure that is marked as accountable, or of which nobody can read any more whether it is, of the "
        "six years before the instant of the answer (45 CFR 164.528); for one participant with the filter `person`. "
        "Treatment, payment, operations and what somebody authorised themselves need not be told; they are counted."
    ),
)
def q39(asked: Asked) -> Found:
    """One row for each disclosure, in the order they were made."""
    since = _years_before(asked)
    shown = [fact for fact in on_people(asked, DisclosureMade) if date.fromisoformat(day_of(asked, fact)) >= since]
    accountable = [fact for fact in shown if getattr(fact.event, "accountable", None) is not False]
    rest = [fact for fact in shown if fact not in accountable]
    figures = (
        figure("count", "To be accounted for", len(accountable), [fact.position for fact in accountable]),
        figure("others", "Shown, not to be accounted for", len(rest), [fact.position for fact in rest]),
    )
    unread = [fact for fact in accountable if isinstance(getattr(fact.event, "accountable", None), Gone)]
    notes = (f"Of {len(unread)} nobody can read whether it has to be told.",) if unread else ()
    return Found(tuple(_row(asked, fact) for fact in accountable), figures, notes)


def _row(asked: Asked, fact: Fact) -> Row:
    event = fact.event
    values = {name: told(getattr(event, name)) for name in ("recipient", "content", "purpose", "basis", "export")}
    left_out = told(getattr(event, "partner_left_out", None))
    return row([fact.position], person=fact.stream, day=day_of(asked, fact), partner_left_out=left_out, **values)


def _years_before(asked: Asked) -> date:
    """The earliest day that is told."""
    today = asked.ledger.as_of.date()
    return years_later(today, -YEARS) if today.year > YEARS else date.min
