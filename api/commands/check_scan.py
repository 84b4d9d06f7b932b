"""`session-ledger check-scan`: whether a file is the scan that entries were typed from, and which entries those are."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.commands.output import JsonFlag, out, plain, print_json, say
from api.commands.transcribe import hash_of_scan
from api.views import fresh_views
from ledger.errors import Refused
from projections.paper_sheets import paper_sheets
from projections.pending import pending


def check_scan(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    scan: Annotated[Path, typer.Argument(help="The file to compare.")],
    as_json: JsonFlag = False,
) -> None:
    """
    Say whether this very file was typed in, and which entries rest on it, also those nobody has countersigned yet.

    Another scan of the same paper is another file, and is not known here.

    Example: session-ledger check-scan ./ledger saturday.pdf
    """
    document = hash_of_scan(scan)
    with fresh_views(folder) as database:
        found = paper_sheets(database, document)
        known = paper_sheets(database)
        waits = {each.position: each.lacks for each in pending(database).entries}
    if not found.sheets:
        raise Refused(
            "scan-unknown",
            f"Nothing was typed from this file: its SHA-256 is {document}.",
            field="scan",
            remedy=f"{len(known.sheets)} scans are known here. Look for the file itself: a new scan has another hash.",
        )
    if as_json:
        print_json(
            {
                "document": document,
                "position": found.position,
                "sheets": [
                    {
                        **asdict(sheet),
                        "entries": [
                            {**asdict(each), "lacks": list(waits.get(each.position, ()))} for each in sheet.entries
                        ],
                    }
                    for sheet in found.sheets
                ],
            }
        )
        return
    for sheet in found.sheets:
        say(f"[bold]This is the scan[/] of {plain(sheet.day)}: {sheet.pages} pages, declared at {sheet.declared_at}")
        table = Table("Line", "Pos.", "Record", "Still to be signed", box=None, pad_edge=False)
        for each in sheet.entries:
            table.add_row(
                str(each.line), str(each.position), plain(each.record), plain("; ".join(waits.get(each.position, ())))
            )
        out.print(table)
    say(f"[dim]As of {found.position} entries.[/]")
