"""Question 24: where every mg went, for each container, lot and place, and what nobody can explain."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ledger.container import ZERO, Container
from projections.compliance.containers import Held
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.stock.chosen import (
    STOCK,
    chosen,
    drug_of,
    held_at,
    lots_of,
    places_of,
    state_by_the_end,
    steps_within,
)
from projections.questions.stock.sums import Line, of_container, of_place, together
from projections.said import exact

_AMOUNTS = (
    Column("opening", "At the beginning, mg", "number"),
    Column("came", "Came, mg", "number"),
    Column("moved", "Moved in, less moved out, mg", "number"),
    Column("resolved", "Differences resolved, mg", "number"),
    Column("given", "Given, mg", "number"),
    Column("wasted", "Wasted, mg", "number"),
    Column("returned", "Handed or sent back, mg", "number"),
    Column("destroyed", "Destroyed, mg", "number"),
    Column("left_over", "Left over of doses, mg", "number"),
    Column("on_hand", "Should be there, mg", "number"),
    Column("counted", "Last count, mg", "number"),
    Column("difference", "Unexplained, mg", "number"),
    Column("uncounted", "Containers not counted", "number"),
)


@question(
    "24",
    "Where did every mg go, for each container, lot and place, and which difference is unexplained?",
    section="stock",
    columns=(
        Column("level", "For"),
        Column("name", "Container, lot or place"),
        Column("whose", "Whose"),
        Column("drug", "Drug"),
        *_AMOUNTS,
    ),
    takes=STOCK,
    empty="There is no container.",
    reading=(
        "At the beginning, what came, moved and was resolved is what was given, wasted, returned, destroyed, is left "
        "over of doses, and should be there. Unexplained is the last count in that time less what should have been "
        "there. Lots and places are the clinic's stock alone, which is never added up with participants' own."
    ),
    view="reconciliation",
)
def q24(asked: Asked) -> Found:
    """First each container, then each lot and each place of the clinic's stock."""
    all_of_them = chosen(asked)
    containers = [held for held in all_of_them if not held.is_gone]
    lines = {held.state.id: _line(asked, held) for held in containers}
    clinic = [held for held in containers if held.state.world != "own"]
    rows = [_row("container", held.code, held, lines[held.state.id]) for held in containers]
    rows += _lots(clinic, lines)
    rows += _places(asked, clinic)
    total = together(lines[held.state.id] for held in clinic)
    theirs = together(lines[held.state.id] for held in containers if held.state.world == "own")
    figures = (
        figure("unexplained", "Unexplained, of the clinic's stock, mg", _mg(total.difference or ZERO), total.evidence),
        figure("given", "Given, of the clinic's stock, mg", _mg(total.given), total.evidence),
        figure("wasted", "Wasted, of the clinic's stock, mg", _mg(total.wasted), total.evidence),
        figure(
            "own_unexplained",
            "Unexplained, of participants' own, mg",
            _mg(theirs.difference or ZERO),
            theirs.evidence,
        ),
    )
    gone = len(all_of_them) - len(containers)
    notes = (f"Not reckoned, as their record is no longer kept: {gone}.",) if gone else ()
    return Found(tuple(rows), figures, notes)


def _line(asked: Asked, held: Held) -> Line:
    return of_container(held, steps_within(asked, held), state_by_the_end(asked, held))


def _lots(containers: list[Held], lines: dict[str, Line]) -> Iterator[Row]:
    lots: dict[tuple[str, str], list[Held]] = {}
    for held in containers:
        for lot in lots_of(held) or ("unknown",):
            lots.setdefault((lot, drug_of(held)), []).append(held)
    for (lot, _), of_lot in sorted(lots.items()):
        yield _row("lot", lot, of_lot[0], together(lines[held.state.id] for held in of_lot))


def _places(asked: Asked, containers: list[Held]) -> Iterator[Row]:
    places: dict[tuple[str, str], list[Held]] = {}
    for held in containers:
        for location in places_of(asked, held):
            if asked.location in (None, location):
                places.setdefault((location, drug_of(held)), []).append(held)
    for (location, _), there in sorted(places.items()):
        lines = (_at(asked, held, location) for held in there)
        yield _row("place", asked.codes.code(location), there[0], together(lines))


def _at(asked: Asked, held: Held, location: str) -> Line:
    def there(state: Container) -> Fraction:
        return held_at(asked, state, location)

    return of_place(held, steps_within(asked, held), state_by_the_end(asked, held), there)


def _row(level: str, name: str, held: Held, line: Line) -> Row:
    amounts = {column.name: getattr(line, column.name) for column in _AMOUNTS}
    told = {name: _mg(value) if isinstance(value, Fraction) else value for name, value in amounts.items()}
    return row(line.evidence, level=level, name=name, whose=held.state.world, drug=drug_of(held), **told)


def _mg(amount: Fraction) -> str:
    return exact(amount)
