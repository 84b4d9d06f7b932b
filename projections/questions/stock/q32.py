"""Question 32: who was at the stock outside the staffed hours."""

from __future__ import annotations

from collections import Counter

from projections.compliance.finding import Finding
from projections.compliance.known import Fact
from projections.compliance.rules.substance.cs_12 import cs_12
from projections.questions.answer import Column, Found, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.stock.chosen import chosen


@question(
    "32",
    "Who was at the clinic's stock outside the staffed hours?",
    section="stock",
    columns=(
        Column("staff", "Staff"),
        Column("at", "When", "instant"),
        Column("what", "What"),
        Column("about", "Container or place"),
        Column("times", "How often in all", "number"),
        Column("sentence", "In words"),
    ),
    takes=("from", "to", "location", "container"),
    empty="Nobody was at the stock outside the staffed hours.",
    reading="The breaches of CS-12: one row for each act and each member of staff who signed it.",
)
def q32(asked: Asked) -> Found:
    """One row for each act and whoever signed it, by time."""
    names = {held.state.id for held in chosen(asked)}
    places = {asked.location} if asked.location is not None else set(asked.ledger.names("location"))
    about = names | (places if asked.filters["container"] is None else set())
    acts = []
    for finding in cs_12.findings(asked.ledger):
        fact = _act(asked, finding)
        if finding.verdict == "breached" and finding.about in about and fact is not None and _is_within(asked, fact):
            acts.append((fact, finding))
    acts.sort(key=lambda each: (each[0].at, each[0].position))
    often = Counter(by for fact, _ in acts for by in dict.fromkeys(fact.by))
    rows = [
        row(
            finding.evidence,
            staff=asked.codes.code(by),
            at=finding.made_at,
            what=fact.event.type.partition("/")[0].replace("-", " "),
            about=asked.codes.code(finding.about),
            times=often[by],
            sentence=finding.sentence,
        )
        for fact, finding in acts
        for by in dict.fromkeys(fact.by)
    ]
    evidence = [position for _, finding in acts for position in finding.evidence]
    return Found(
        tuple(rows),
        (figure("count", "Acts", len(acts), evidence), figure("staff", "Members of staff", len(often), evidence)),
    )


def _act(asked: Asked, finding: Finding) -> Fact | None:
    return next((fact for fact in asked.ledger.on(finding.about) if fact.position in finding.evidence), None)


def _is_within(asked: Asked, fact: Fact) -> bool:
    return asked.filters.within(fact.at, lambda at: asked.ledger.day(_place(asked, fact), at))


def _place(asked: Asked, fact: Fact) -> str | None:
    return fact.stream if fact.stream.startswith("location/") else asked.ledger.containers.of(fact.stream).state.home
