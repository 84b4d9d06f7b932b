"""Question 51: who signed before their training in the ledger, or before they agreed that their signature binds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ledger.encoding import from_instant
from ledger.events.staff import SignatureAgreementSigned, TrainingCompleted
from ledger.reading import PlacedEvent
from projections.compliance.known import Fact
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.records.entries import day_there, entries
from projections.questions.told import everything, positions


@question(
    "51",
    "Who signed records before their training in the ledger, or before their signature agreement?",
    section="records",
    columns=(
        Column("staff", "Who"),
        Column("first", "First signed", "instant"),
        Column("trained", "Trained on"),
        Column("before_training", "Signed before training", "number"),
        Column("agreed", "Agreed", "instant"),
        Column("before_agreement", "Signed before the agreement", "number"),
        Column("signed", "Signed", "number"),
    ),
    takes=("from", "to", "staff"),
    empty="Everybody on the staff had been trained, and had agreed, before they signed.",
    reading=(
        "One row for each member of staff who signed something of these days before either. Trained is who passed a "
        "training on the ledger, from that local day on; one whose result cannot be read does not count. What is "
        "compared is when an entry, and the agreement itself, was written down. The keys themselves and the agreement "
        "are left out: one signs those to be able to begin."
    ),
)
def q51(asked: Asked) -> Found:
    """One row for each, in the order in which they first signed."""
    signed: defaultdict[str, list[PlacedEvent]] = defaultdict(list)
    for placed in entries(asked):
        if placed.stream != "keys" and not isinstance(placed.event, SignatureAgreementSigned):
            for signer in dict.fromkeys(each.by for each in placed.payload.attested):
                if signer.startswith("staff/") and asked.staff in (None, signer):
                    signed[signer].append(placed)
    found = [_of(asked, staff, own) for staff, own in signed.items()]
    rows = [each for each in found if each.values["before_training"] or each.values["before_agreement"]]
    evidence = everything(each.evidence for each in rows)
    return Found(
        tuple(rows),
        (
            figure("count", "Found", len(rows), evidence),
            figure("staff", "Members of staff who signed", len(signed), [own[0].position for own in signed.values()]),
        ),
    )


def _of(asked: Asked, staff: str, own: Sequence[PlacedEvent]) -> Row:
    training, agreement = _training(asked, staff), next(iter(asked.ledger.on(staff, SignatureAgreementSigned)), None)
    untrained = [each for each in own if training is None or _day(each) < training[1]]
    entry = None if agreement is None else asked.ledger.entry_of(agreement)
    agreed = None if entry is None else entry.payload.recorded_at
    unbound = [each for each in own if agreed is None or each.payload.recorded_at < agreed]
    first = min(own, key=lambda each: each.payload.recorded_at)
    facts = positions(agreement, None if training is None else training[0])
    return row(
        [first.position, *facts, *(each.position for each in (*untrained, *unbound))],
        staff=asked.codes.code(staff),
        first=first.payload.recorded_at,
        trained=None if training is None else training[1],
        before_training=len(untrained),
        agreed=agreed,
        before_agreement=len(unbound),
        signed=len(own),
    )


def _training(asked: Asked, staff: str) -> tuple[Fact, str] | None:
    """The first training on the ledger that was passed, and its day."""
    passed = [
        (fact, fact.event.completed)
        for fact in asked.ledger.on(staff, TrainingCompleted)
        if isinstance(fact.event, TrainingCompleted) and fact.event.subject == "ledger" and fact.event.passed is True
    ]
    return min(passed, key=lambda each: each[1], default=None)


def _day(placed: PlacedEvent) -> str:
    """The local day on which an entry was written down."""
    return day_there(placed, from_instant(placed.payload.recorded_at))
