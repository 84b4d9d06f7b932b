"""Question 25: the running balance of a container, at any moment."""

from __future__ import annotations

from fractions import Fraction

from ledger.container import Container
from ledger.impossible import oddities
from projections.compliance.containers import Held, Step
from projections.compliance.moments import as_instant
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.stock.chosen import STOCK, chosen, drug_of, steps_within
from projections.said import exact


@question(
    "25",
    "What is the running balance of a container at this moment, and which movements led to it?",
    section="stock",
    columns=(
        Column("container", "Container"),
        Column("drug", "Drug"),
        Column("at", "When", "instant"),
        Column("what", "What"),
        Column("session", "Session", "record"),
        Column("mg", "Amount, mg", "number"),
        Column("change", "Change, mg", "number"),
        Column("balance", "Balance after it, mg", "number"),
        Column("units", "The same in units or mL", "number"),
        Column("expected", "Expected, mg", "number"),
        Column("difference", "Difference, mg", "number"),
        Column("odd", "What should not be"),
    ),
    takes=STOCK,
    empty="There is no such movement.",
    reading=(
        "Every movement up to the instant of the question, which may be any (`--up-to`), in the order it happened; the "
        "balance is that after it. Preparing a dose moves nothing, giving it does."
    ),
    view="running-balance",
)
def q25(asked: Asked) -> Found:
    """One row for each movement, container by container."""
    containers = chosen(asked)
    rows = [_of(held, step) for held in containers for step in steps_within(asked, held)]
    figures = tuple(
        figure(
            f"balance-{held.code}",
            f"Balance of {held.code}, mg",
            exact(held.state.balance),
            [step.fact.position for step in held.steps],
        )
        for held in containers
        if not held.is_gone
    )
    return Found(tuple(rows), figures)


def _of(held: Held, step: Step) -> Row:
    moved = step.moved
    return row(
        (step.fact.position,),
        container=held.code,
        drug=drug_of(held),
        at=as_instant(step.fact.at),
        what=moved.kind.replace("-", " "),
        session=moved.session or None,
        mg=_mg(moved.mg),
        change=exact(moved.after.balance - moved.before.balance),
        balance=exact(moved.after.balance),
        units=_units(moved.after),
        expected=_mg(moved.expected),
        difference=_mg(moved.difference),
        odd="; ".join(each.words for each in oddities(moved)) or None,
    )


def _mg(amount: Fraction | None) -> str | None:
    return None if amount is None else exact(amount)


def _units(state: Container) -> str | None:
    return None if not state.per else exact(state.balance / state.per)
