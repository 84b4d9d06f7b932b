"""`session-ledger search`: the events of all records that pass every filter."""

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
from projections.search import MOST, PAGE, SearchResult
from projections.search import search as search_records
from projections.search_filters import FILTERS
from projections.session_list import sessions


def _help(name: str) -> str:
    return f"{FILTERS[name][0].upper()}{FILTERS[name][1:]}."


def search(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    type_: Annotated[str | None, typer.Option("--type", help=_help("type"))] = None,
    person: Annotated[str | None, typer.Option(help=_help("person"))] = None,
    staff: Annotated[str | None, typer.Option(help=_help("staff"))] = None,
    device: Annotated[str | None, typer.Option(help=_help("device"))] = None,
    container: Annotated[str | None, typer.Option(help=_help("container"))] = None,
    session: Annotated[str | None, typer.Option(help="A session, by its local date or number.")] = None,
    couple: Annotated[str | None, typer.Option(help=_help("couple"))] = None,
    location: Annotated[str | None, typer.Option(help=_help("location"))] = None,
    happened_from: Annotated[str | None, typer.Option(help=_help("happened_from"))] = None,
    happened_to: Annotated[str | None, typer.Option(help=_help("happened_to"))] = None,
    received_from: Annotated[str | None, typer.Option(help=_help("received_from"))] = None,
    received_to: Annotated[str | None, typer.Option(help=_help("received_to"))] = None,
    signed_by: Annotated[str | None, typer.Option(help=_help("signed_by"))] = None,
    mark: Annotated[str | None, typer.Option(help=_help("mark"))] = None,
    text: Annotated[str | None, typer.Option(help=_help("text"))] = None,
    partner: Annotated[str | None, typer.Option(help="a or b: only what this partner may see.")] = None,
    start: Annotated[int, typer.Option(help="The first position.", min=0)] = 0,
    limit: Annotated[int, typer.Option(help="How many events at most.", min=1, max=MOST)] = PAGE,
    known_at: KnownAt = None,
    up_to: UpTo = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Find events of all records; several filters narrow, and a filter or value nobody knows is refused.

    Example: session-ledger search ./demo-ledger --type dose-administered --container own-A --signed-by RN1
    """
    given = {
        "type": type_,
        "person": person,
        "staff": staff,
        "device": device,
        "container": container,
        "session": session,
        "couple": couple,
        "location": location,
        "happened_from": happened_from,
        "happened_to": happened_to,
        "received_from": received_from,
        "received_to": received_to,
        "signed_by": signed_by,
        "mark": mark,
        "text": text,
    }
    filters = {name: value for name, value in given.items() if value is not None}
    with fresh_views(folder) as database:
        if session is not None:
            filters["session"] = chosen(sessions(database).sessions, session)
        found = search_records(
            database,
            filters,
            for_partner=partner,
            start=start,
            limit=limit,
            as_of=as_of(database, known_at, up_to),
        )
    if as_json:
        print_json(asdict(found))
    else:
        show_found(found)


def show_found(result: SearchResult) -> None:
    """The events in the order they were recorded."""
    table = Table("Pos.", "Time", "Whose", "What", "Signed", "To be known", box=None, pad_edge=False)
    for each in result.found:
        row = each.row
        whose = {"a": "A", "b": "B", "both": "A and B"}.get(row.slot, each.record.partition("/")[0])
        known = [*row.late, *row.marks, *(mark.words for mark in row.standing)]
        table.add_row(
            f"[dim]{each.position}[/]",
            plain(row.local),
            plain(whose),
            plain(row.phrase),
            plain(", ".join(f"{signed.by} {signed.role}" for signed in row.signed)),
            plain("; ".join(known)),
            style="" if row.counts else "strike dim",
        )
    if result.found:
        out.print(table)
    else:
        say("Nothing was found.")
    say(f"[dim]{len(result.found)} events, as of {result.position} entries, for {result.viewer}.[/]")
    if result.next is not None:
        say(f"There are more: add --start {result.next}")
