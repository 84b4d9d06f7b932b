"""`session-ledger reports`: a file of tables for business-intelligence tools, without anybody's name or values."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.as_of import KnownAt, UpTo, as_of_folder
from api.commands.output import JsonFlag, plain, print_json, say
from api.folder import SystemClock, open_ledger
from api.reports_file import write_reports
from api.web.callers import RULES_IN_CONFIDENCE
from ledger.encoding import to_instant
from projections.compliance.reader import Compliance
from projections.findings.register import Register
from projections.reports.rows import report_rows


def reports(
    to: Annotated[Path, typer.Option(help="The file to write, outside the ledger's folder, which nobody else reads.")],
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")] = Path(),
    known_at: KnownAt = None,
    up_to: UpTo = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Write what the rules found and became of it, sessions and trends, as SQL views for tools that only read.

    Example: session-ledger reports ./ledger --to /srv/reports/ledger.db
    """
    opened = open_ledger(folder)
    try:
        when = as_of_folder(folder, known_at, up_to)
        compliance = Compliance(opened.store, opened.subject_keys)
        register = Register(compliance)
        now = to_instant(SystemClock().wall())
        ledger = register.at(as_of=when.happened_up_to or now, known_at=when.known_at)
        rows = report_rows(
            ledger,
            register.registered(ledger),
            compliance.rules,
            in_confidence=RULES_IN_CONFIDENCE,
            practice=opened.practice,
            origin=opened.pin.origin,
        )
        write_reports(to, rows)
    finally:
        opened.store.close()
    counted = {name: len(each) for name, each in rows.items()}
    if as_json:
        print_json({"file": str(to), "position": ledger.size, "as_of": to_instant(ledger.as_of), "rows": counted})
        return
    say(f"[bold]{plain(to)}[/], computed at {ledger.size} entries:")
    for name, count in counted.items():
        say(f"  v1_{name:<9} {count}")
    say("Tools read the views; docs/reports.md says what stands in each.")
