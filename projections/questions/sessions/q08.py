"""Question 8: doses without, before or outside an order, and orders by word of mouth that nobody signed in time."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ledger.events.calls import VerbalOrderReceived
from ledger.vocabulary import Slot
from projections.compliance.history import History
from projections.compliance.moments import as_instant, clock, hours
from projections.compliance.orders_in_force import cosigned
from projections.questions.answer import Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.breaches import COLUMNS, breaches
from projections.questions.question import question
from projections.questions.told import everything, positions


@question(
    "8",
    "Which doses were given without, before or outside an order, and which orders by word of mouth were not signed "
    "in time?",
    section="sessions",
    columns=COLUMNS,
    empty="Every dose rested on an order and kept to it, and every order by word of mouth was signed in time.",
    reading=(
        "The breaches of ORD-01 (an order in force) and ORD-02 (kept to it), and, without a rule, each order by word "
        "of mouth on which no such dose rests and which the prescriber did not sign within the protocol's hours, by "
        "default 24 [D]."
    ),
)
def q08(asked: Asked) -> Found:
    """The breaches, then the orders that no dose rests on."""
    found = breaches(asked, "ORD-01", "ORD-02")
    told = set(everything(each.evidence for each in found.rows))
    spoken = [each for history in asked.sessions for slot in asked.slots(history) for each in _of(history, slot, told)]
    rows = (*found.rows, *spoken)
    evidence = everything(each.evidence for each in rows)
    return Found(rows, (figure("count", "Found", len(rows), evidence),), found.notes)


def _of(history: History, slot: Slot, told: Collection[int]) -> Iterator[Row]:
    if history.figures is None:
        return
    within = history.figures.dose.verbal_cosign_h
    for order in history.of(slot, VerbalOrderReceived):
        limit, signature = order.at + hours(within), cosigned(history, slot, order)
        in_time = history.as_of <= limit if signature is None else signature.at <= limit
        if in_time or order.position in told:
            continue
        how = "was not signed" if signature is None else f"was signed at {clock(signature.at, history.zone)}"
        when = clock(order.at, history.zone)
        yield row(
            positions(order, signature),
            session=history.session,
            partner=slot.upper(),
            rule=None,
            severity=None,
            limit=as_instant(limit),
            made_at=None if signature is None else as_instant(signature.at),
            declared=False,
            sentence=f"{slot.upper()}: the order by word of mouth of {when} {how}; {within} h are given.",
        )
