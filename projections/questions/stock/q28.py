"""Question 28: inventories that are due or overdue, and discrepancies with how long they took."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ledger.events.inventory import InventoryCounted
from ledger.events.losses import DiscrepancyFound, DiscrepancyResolved
from projections.compliance.apart import days_later
from projections.compliance.containers import Held
from projections.compliance.discrepancies import begun, opened
from projections.compliance.known import Fact, first, last
from projections.compliance.moments import as_instant, hours
from projections.compliance.place_counts import PlaceCount, clinic_containers, counts_of_place, presences
from projections.compliance.second_people import counted_by_two
from projections.questions.answer import Column, Found, Row, figure, row
from projections.questions.asked import Asked
from projections.questions.question import question
from projections.questions.stock.chosen import STOCK, chosen, is_within
from projections.questions.told import positions
from projections.said import exact

_HOUR = hours(1)
_INVENTORIES = ("initial", "biennial")
_EMPTY: dict[str, None] = dict.fromkeys(
    (
        "container",
        "initial",
        "inventory",
        "due",
        "counted",
        "count_due",
        "overdue",
        "found",
        "difference",
        "suspicion",
        "resolved",
        "outcome",
        "hours",
    )
)


@question(
    "28",
    "When was each place last inventoried, is it overdue, and how long did discrepancies take to resolve?",
    section="stock",
    columns=(
        Column("of", "About"),
        Column("place", "Place"),
        Column("container", "Container"),
        Column("initial", "Initial inventory", "instant"),
        Column("inventory", "Last initial or biennial one", "instant"),
        Column("due", "Next one due by the end of"),
        Column("counted", "Last count", "instant"),
        Column("count_due", "Next count due by the end of"),
        Column("overdue", "One of them overdue", "yes-no"),
        Column("found", "Discrepancy opened", "instant"),
        Column("difference", "Counted less expected, mg", "number"),
        Column("suspicion", "Taken for"),
        Column("resolved", "Resolved", "instant"),
        Column("outcome", "How"),
        Column("hours", "Hours until then", "number"),
    ),
    takes=STOCK,
    empty="No place holds stock of the clinic, and there is no discrepancy.",
    reading=(
        "First each place that ever held the clinic's stock, with the counts that two people signed (CS-03); a place "
        "that holds none now is not overdue. Then each discrepancy of the days asked for, also one that a count shows "
        "and nobody opened (CS-06). Whole hours from its opening to its resolution."
    ),
)
def q28(asked: Asked) -> Found:
    """One row for each place, then one for each discrepancy."""
    places = list(_places(asked))
    found = [each for held in chosen(asked) for each in _discrepancies(asked, held)]
    late = [each for each in places if each.values["overdue"]]
    unresolved = [each for each in found if each.values["resolved"] is None]
    return Found(
        (*places, *found),
        (
            figure("overdue", "Places overdue", len(late), [p for each in late for p in each.evidence]),
            figure("unresolved", "Not resolved", len(unresolved), [p for each in unresolved for p in each.evidence]),
        ),
    )


def _places(asked: Asked) -> Iterator[Row]:
    ledger, stock = asked.ledger, clinic_containers(asked.ledger)
    for location in ledger.names("location") if asked.filters["container"] is None else ():
        there = [found for held in stock if (found := list(presences(held, location)))]
        if asked.location not in (None, location) or not there:
            continue
        counts = [
            count
            for count in counts_of_place(ledger, location)
            if count.is_complete and all(counted_by_two(ledger, fact) for fact in count.entries)
        ]
        initial = first([count for count in counts if count.kind == "initial"])
        inventory = last([count for count in counts if count.kind in _INVENTORIES])
        counted = last(counts)
        today = ledger.day(location, ledger.as_of)
        figures = ledger.figures_of(ledger.protocol_on(today))
        due = count_due = None
        if figures is not None:
            due = _later(asked, inventory, figures.substance.biennial_days)
            count_due = _later(asked, counted, figures.substance.count_every_days)
        holds = any(each[-1].mg for each in there)
        overdue = holds and any(each is None or today > each for each in (due, count_due))
        evidence = [each[0].position for each in there]
        evidence += [p for count in (initial, inventory, counted) if count is not None for p in count.positions]
        values = {
            **_EMPTY,
            "initial": None if initial is None else as_instant(initial.at),
            "inventory": None if inventory is None else as_instant(inventory.at),
            "due": due,
            "counted": None if counted is None else as_instant(counted.at),
            "count_due": count_due,
            "overdue": overdue,
        }
        yield row(evidence, of="place", place=asked.codes.code(location), **values)


def _later(asked: Asked, count: PlaceCount | None, days: int) -> str | None:
    """The last day for the next one."""
    if count is None:
        return None
    return f"{days_later(date.fromisoformat(asked.ledger.day(count.location, count.at)), days)}"


def _discrepancies(asked: Asked, held: Held) -> Iterator[Row]:
    record = held.state.id
    found = [
        step.fact for step in held.steps if isinstance(step.fact.event, DiscrepancyFound) and is_within(asked, step)
    ]
    resolved = asked.ledger.on(record, DiscrepancyResolved)
    for fact in found:
        event = fact.event
        if isinstance(event, DiscrepancyFound):
            yield _of(asked, held, fact, event, _resolution(resolved, fact))
    figures = asked.ledger.figures_of(asked.ledger.protocol_on(asked.ledger.day(None, asked.ledger.as_of)))
    if figures is None:
        return
    counts = begun(asked.ledger, held, hours(figures.substance.discrepancy_h))
    for index, count in enumerate(counts):
        if is_within(asked, count.step) and opened(asked.ledger, held, counts, index) is None:
            values = {**_EMPTY, "container": held.code, "difference": exact(count.difference)}
            place = count.step.fact.stream if isinstance(count.step.fact.event, InventoryCounted) else None
            code = None if place is None else asked.codes.code(place)
            values |= {"counted": as_instant(count.at)}
            yield row(held.moved_up_to(count.step), of="discrepancy", place=code, **values)


def _resolution(resolved: list[Fact], found: Fact) -> Fact | None:
    return first(
        [
            each
            for each in resolved
            if isinstance(each.event, DiscrepancyResolved) and each.event.discrepancy.dig == found.dig
        ]
    )


def _of(asked: Asked, held: Held, fact: Fact, event: DiscrepancyFound, resolved: Fact | None) -> Row:
    outcome = (
        resolved.event.outcome if resolved is not None and isinstance(resolved.event, DiscrepancyResolved) else None
    )
    values = {
        **_EMPTY,
        "container": held.code,
        "found": as_instant(fact.at),
        "difference": event.difference.value,
        "suspicion": event.suspicion,
        "resolved": None if resolved is None else as_instant(resolved.at),
        "outcome": outcome,
        "hours": None if resolved is None else (resolved.at - fact.at) // _HOUR,
    }
    return row(
        positions(fact, resolved),
        of="discrepancy",
        place=asked.codes.code(held.state.home) if held.state.home else None,
        **values,
    )
