"""Question 29: doses where the place had no DEA registration that day."""

from __future__ import annotations

from projections.compliance.known import Fact
from projections.compliance.moments import as_instant
from projections.compliance.occasions import mg_of
from projections.compliance.registered_places import registered_on
from projections.questions.answer import Column, Found, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question


@question(
    "29",
    "Which doses were given at a place without a DEA registration that day?",
    section="stock",
    columns=(
        Column("session", "Session", "record"),
        Column("partner", "Partner"),
        Column("at", "Given", "instant"),
        Column("mg", "mg", "number"),
        Column("place", "Place"),
        Column("problem", "Problem"),
        Column("sentence", "In words"),
    ),
    empty="Every dose was given at a place that was registered that day.",
    reading="As CS-07 judges it, here of every dose: both ends of a registration are valid days.",
)
def q29(asked: Asked) -> Found:
    """One row for each such dose."""
    rows = []
    for history in asked.sessions:
        for slot in asked.slots(history):
            for dose in history.doses(slot):
                if history.location is None:
                    continue
                found = registered_on(asked.ledger, history.location, history.day(dose.at))
                if not found.is_valid:
                    rows.append(
                        row(
                            (*found.evidence, dose.fact.position),
                            session=history.session,
                            partner=slot.upper(),
                            at=as_instant(dose.at),
                            mg=_mg(dose.fact),
                            place=asked.codes.code(history.location),
                            problem=found.state,
                            sentence=f"{found.told}.",
                        )
                    )
    evidence = [position for each in rows for position in each.evidence]
    return Found(tuple(rows), (figure("count", "Doses", len(rows), evidence),))


def _mg(fact: Fact) -> str:
    return f"{mg_of(fact)}"
