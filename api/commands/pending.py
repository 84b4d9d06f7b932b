"""`session-ledger pending`: what still lacks a second signature."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.commands.as_of import KnownAt, UpTo, as_of
from api.commands.output import JsonFlag, out, plain, print_json, say
from api.commands.timeline import chosen
from api.views import fresh_views
from projections.pending import PendingSignatures
from projections.pending import pending as pending_signatures
from projections.session_list import sessions


def pending(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    session: Annotated[
        str | None, typer.Argument(help="The session's local date, or the beginning of its identifier.")
    ] = None,
    known_at: KnownAt = None,
    up_to: UpTo = None,
    as_json: JsonFlag = False,
) -> None:
    """
    List the entries that still lack a second signature, and whose; corrections of critical fields too.

    Example: session-ledger pending ./demo-ledger 2026-05-16
    """
    with fresh_views(folder) as database:
        name = None if session is None else chosen(sessions(database).sessions, session)
        found = pending_signatures(database, session=name, as_of=as_of(database, known_at, up_to))
    if as_json:
        print_json(asdict(found))
    else:
        show_pending(found)


def show_pending(found: PendingSignatures) -> None:
    """The entries in the order they were recorded."""
    if not found.entries:
        say(f"Nothing lacks a signature [dim](as of {found.position} entries)[/].")
        return
    table = Table("Time", "Whose", "What", "Still to be signed", "Pos.", box=None, pad_edge=False)
    for each in found.entries:
        whose = {"a": "A", "b": "B", "both": "A and B"}.get(each.slot, each.record)
        table.add_row(
            plain(each.local),
            plain(whose),
            plain(each.phrase + (f" ({', '.join(each.late)})" if each.late else "")),
            plain("; ".join(each.lacks)),
            f"[dim]{each.position}[/]",
        )
    out.print(table)
    say(f"[dim]As of {found.position} entries.[/]")
