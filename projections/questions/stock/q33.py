"""Question 33: labels and containers that were used for more than one person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ledger.events.dosing import DoseAdministered
from ledger.events.fields import Gone
from projections.compliance.containers import Held, Step
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.stock.chosen import STOCK, chosen, drug_of, steps_within
from projections.questions.stock.q26 import GIVEN


@question(
    "33",
    "Which label, or which container, was used for two people?",
    section="stock",
    columns=(
        Column("of", "About"),
        Column("name", "Label or container"),
        Column("container", "Container"),
        Column("whose", "Whose"),
        Column("drug", "Drug"),
        Column("people", "People", "number"),
        Column("doses", "Doses", "number"),
        Column("sessions", "Sessions", "number"),
        Column("concern", "Should not be", "yes-no"),
    ),
    takes=STOCK,
    empty="No label and no container was used for more than one person.",
    reading=(
        "A label is one prepared dose, and one's own medication is for its owner: neither should serve two people. A "
        "vial of the clinic may; it is listed so that it can be looked at. People are told apart by their record, and "
        "where that cannot be read by session and partner."
    ),
)
def q33(asked: Asked) -> Found:
    """First the labels, then the containers, of those that served more than one person."""
    given = [(held, step) for held in chosen(asked) for step in steps_within(asked, held) if step.moved.kind in GIVEN]
    labels: defaultdict[tuple[str, str], list[tuple[Held, Step]]] = defaultdict(list)
    containers: defaultdict[str, list[tuple[Held, Step]]] = defaultdict(list)
    for held, step in given:
        containers[held.state.id].append((held, step))
        if isinstance(step.fact.event, DoseAdministered) and step.fact.event.label:
            labels[held.state.id, step.fact.event.label].append((held, step))
    rows = [found for (_, label), uses in sorted(labels.items()) if (found := _of(asked, "label", label, uses))]
    rows += [found for uses in containers.values() if (found := _of(asked, "container", uses[0][0].code, uses))]
    concern = [each for each in rows if each.values["concern"]]
    evidence = [position for each in concern for position in each.evidence]
    return Found(tuple(rows), (figure("count", "That should not be", len(concern), evidence),))


def _of(asked: Asked, of: str, name: str, uses: list[tuple[Held, Step]]) -> Row | None:
    people = _people(asked, (step for _, step in uses))
    if len(people) < 2:
        return None
    held, _ = uses[0]
    return row(
        (step.fact.position for _, step in uses),
        of=of,
        name=name,
        container=held.code,
        whose=held.state.world,
        drug=drug_of(held),
        people=len(people),
        doses=len(uses),
        sessions=len({step.moved.session for _, step in uses}),
        concern=of == "label" or held.state.world == "own",
    )


def _people(asked: Asked, steps: Iterable[Step]) -> set[str]:
    return {_person(asked, step) for step in steps}


def _person(asked: Asked, step: Step) -> str:
    history = asked.ledger.session(step.moved.session)
    person = history.person("a" if step.moved.slot == "a" else "b")
    return f"{step.moved.session}/{step.moved.slot}" if isinstance(person, Gone) else person
