"""`session-ledger balance`: every container of own medication, to the fraction of a lozenge."""

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
from projections.own_medication import Container, containers
from projections.said import exact


def balance(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    known_at: KnownAt = None,
    up_to: UpTo = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Show what each participant's own medication should hold and what was counted, exactly.

    Example: session-ledger balance ./demo-ledger
    """
    with fresh_views(folder) as database:
        found = containers(database, as_of=as_of(database, known_at, up_to))
    if as_json:
        print_json(asdict(found))
    else:
        show_balances(found.containers)


def show_balances(sheets: Sequence[Container]) -> None:
    """Each container's movements with the running balance."""
    if not sheets:
        say("No own medication was handed in.")
    for sheet in sheets:
        say(
            f"[bold]{plain(sheet.code)}[/], {plain(sheet.product)} {plain(sheet.strength_mg)} mg, "
            f"handed in by {sheet.owner_slot.upper()}"
        )
        table = Table("Time", "What", "Units", "mg", "Balance", "Note", "Pos.", box=None, pad_edge=False)
        for column in table.columns[2:5]:
            column.justify = "right"
        for move in sheet.movements:
            sign = "" if move.kind == "handed-in" else "−"
            note = (
                f"counted {move.units}, expected {move.expected}, difference {move.difference}" if move.expected else ""
            )
            note += "".join(f" ■ {each.words}" for each in move.standing)
            odd = "".join(f" [bold yellow]▲ {plain(oddity)}[/]" for oddity in move.oddities)
            table.add_row(
                plain(move.local),
                move.kind.replace("-", " "),
                f"{sign}{move.units}",
                f"{sign}{move.mg}",
                f"{move.balance_units} = {move.balance_mg} mg",
                plain(note) + odd,
                f"[dim]{', '.join(map(str, move.evidence))}[/]",
                style="" if move.counts else "strike dim",
            )
        out.print(table)
        say(f"  {_sum(sheet)}")


def _sum(sheet: Container) -> str:
    """The sheet in one line: `10 − 3 = 7, counted 7, difference 0`; only what was said is in it."""
    moved = [m for m in sheet.movements if m.counts]
    handed_in = sum((Fraction(m.units) for m in moved if m.kind == "handed-in"), Fraction(0))
    doses = [m for m in moved if m.kind == "dose"]
    if sheet.owner_slot == "unknown" or any(m.units == "unknown" for m in doses):
        return "[bold yellow]Nobody handed this container in: there is no balance to check.[/]"
    given = sum((Fraction(m.units) for m in doses), Fraction(0))
    counted = [m for m in moved if m.expected]
    ending = f", counted {counted[-1].units}, difference {counted[-1].difference}" if counted else ", not counted yet"
    left = handed_in - given
    return f"[bold]{exact(handed_in)} − {exact(given)} = {exact(left)}[/]{ending}"
