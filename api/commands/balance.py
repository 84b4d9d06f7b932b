"""`session-ledger balance`: what every container should hold and what was counted, exact to the last decimal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.commands.as_of import KnownAt, UpTo, as_of
from api.commands.output import JsonFlag, out, plain, print_json, say
from api.views import fresh_views
from projections.said import exact
from projections.stock_balances import Balances, balances, container
from projections.stock_sheet import Movement, Sheet


def balance(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    name: Annotated[
        str | None, typer.Argument(metavar="[CONTAINER]", help="One container, by code or identifier; else all.")
    ] = None,
    known_at: KnownAt = None,
    up_to: UpTo = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Show what each container should hold and what was counted, exactly: own medication, and the clinic's stock.

    Example: session-ledger balance ./demo-ledger own-A --at 2026-05-16T19:00-04:00
    """
    with fresh_views(folder) as database:
        when = as_of(database, known_at, up_to)
        found: Balances | Sheet = (
            balances(database, as_of=when) if name is None else container(database, name, as_of=when)
        )
    if as_json:
        print_json(asdict(found))
    elif isinstance(found, Sheet):
        show_balances((found,))
    else:
        show_balances(found.containers)
        _show_totals(found)


def show_balances(sheets: Sequence[Sheet]) -> None:
    """Each container's movements with the running balance."""
    if not sheets:
        say("No container was handed in or received.")
    for sheet in sheets:
        whose = "the clinic's" if sheet.world == "clinic" else f"handed in by {sheet.owner_slot.upper()}"
        per = " mg/mL" if sheet.unit == "mL" else " mg"
        say(f"[bold]{plain(sheet.code)}[/], {plain(sheet.product)} {plain(sheet.strength_mg)}{per}, {whose}")
        table = Table(
            "Time", "What", sheet.unit.capitalize().replace("Ml", "mL").replace("Unit", "Units"), "mg", "Balance",
            "Note", "Pos.", box=None, pad_edge=False,
        )  # fmt: skip
        for column in table.columns[2:5]:
            column.justify = "right"
        for move in sheet.movements:
            sign = "−" if move.change_mg.startswith("-") else ""
            odd = "".join(f" [bold yellow]▲ {plain(oddity)}[/]" for oddity in move.oddities)
            table.add_row(
                plain(move.local),
                move.kind.replace("-", " "),
                f"{sign}{move.units}",
                f"{sign}{move.mg}",
                f"{move.balance_units} = {move.balance_mg} mg",
                plain(_note(move)) + odd,
                f"[dim]{', '.join(map(str, move.evidence))}[/]",
                style="" if move.counts else "strike dim",
            )
        out.print(table)
        say(f"  {_sum(sheet)}")
        for each in sheet.unaccounted:
            say(f"  [bold yellow]▲ {plain(each.words)}[/]")


def _note(move: Movement) -> str:
    counted = f"counted {move.units}, expected {move.expected}, difference {move.difference}" if move.expected else ""
    lacks = "".join(f" ○ still to be signed: {each}" for each in move.lacks)
    lacks += f" ({', '.join(move.late)})" if move.late else ""
    return counted + lacks + "".join(f" ■ {each.words}" for each in move.standing)


def _sum(sheet: Sheet) -> str:
    """The sheet in one line: `10 − 3 = 7, counted 7, difference 0`; only what was said is in it."""
    if sheet.world == "unknown":
        return "[bold yellow]Nobody handed this container in: there is no balance to check.[/]"
    counted = [m for m in sheet.movements if m.counts and m.kind in ("counted", "handed-back")]
    ending = f", counted {counted[-1].units}, difference {counted[-1].difference}" if counted else ", not counted yet"
    sums = sheet.sums
    if sheet.world == "own" and sheet.strength_mg != "0":
        per = Fraction(sheet.strength_mg)
        came, taken = Fraction(sums.came) / per, (Fraction(sums.given) + Fraction(sums.left_over)) / per
        wasted = Fraction(sums.wasted) / per
        minus = f" − {exact(wasted)} wasted" if wasted else ""
        return f"[bold]{exact(came)} − {exact(taken)}{minus} = {exact(came - taken - wasted)}[/]{ending}"
    parts = (
        ("given", sums.given),
        ("wasted", sums.wasted),
        ("handed back", sums.handed_back),
        ("destroyed", sums.destroyed),
        ("sent back", sums.sent_back),
        ("left over", sums.left_over),
    )
    said = "".join(f" − {mg} {words}" for words, mg in parts if mg != "0")
    named = f" + {sums.differences} named difference" if sums.differences != "0" else ""
    return f"[bold]{sums.came}{named}{said} = {sums.balance} mg[/]{ending}"


def _show_totals(found: Balances) -> None:
    for lot in found.lots:
        say(f"Lot {plain(lot.lot)}, {plain(lot.product)}: {lot.mg} mg in {plain(', '.join(lot.containers))}")
    for place in found.places:
        where = plain(place.code)
        say(f"At {where}: {place.mg} mg {plain(place.product)} in {plain(', '.join(place.containers))}")
    if found.unplaced:
        where = ", ".join(map(str, found.unplaced))
        say(f"[bold yellow]▲ Went in from no container that anybody named: position {where}[/]")
