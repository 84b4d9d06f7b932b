"""`session-ledger what-if`: which findings a draft protocol would have made in the past, and which it would not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.commands.as_of import KnownAt, UpTo, as_of
from api.commands.output import JsonFlag, out, plain, print_json, say
from api.folder import SystemClock, open_ledger
from api.retention import read_retention
from api.views import up_to_date
from api.what_if_list import what_if_list
from ledger.encoding import to_instant
from ledger.errors import Refused
from projections.compliance.draft import Draft
from projections.compliance.reader import Compliance
from projections.questions.filters import WORDS
from projections.questions.what_if import Changes, WhatIf
from projections.questions.what_if import what_if as ask_what_if


def what_if(
    draft: Annotated[Path, typer.Argument(help="The draft: a JSON file with the figures that would change.")],
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")] = Path(),
    start: Annotated[str | None, typer.Option("--from", help=WORDS["from"])] = None,
    to: Annotated[str | None, typer.Option(help=WORDS["to"])] = None,
    location: Annotated[str | None, typer.Option(help=WORDS["location"])] = None,
    session: Annotated[str | None, typer.Option(help=WORDS["session"])] = None,
    couple: Annotated[str | None, typer.Option(help=WORDS["couple"])] = None,
    known_at: KnownAt = None,
    up_to: UpTo = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Judge the past by a draft protocol, and say which findings would appear and which would go. It records nothing.

    The draft names what changes, such as {"supervision": {"check_every_min": 10}}, or is a whole protocol; what it
    does not mention stays as the protocol of each session says.

    Example: session-ledger what-if draft.json ./demo-ledger --from 2026-05-01 --to 2026-05-31
    """
    given = {"from": start, "to": to, "location": location, "session": session, "couple": couple}
    filters = {name: value for name, value in given.items() if value is not None}
    figures = _read(draft)
    ledger = open_ledger(folder)
    try:
        database = up_to_date(ledger)
        try:
            compliance = Compliance(ledger.store, ledger.subject_keys, retention=read_retention(ledger.folder.policy))
            now = to_instant(SystemClock().wall())
            found = ask_what_if(compliance, figures, filters, now=now, when=as_of(database, known_at, up_to))
        finally:
            database.close()
    finally:
        ledger.store.close()
    if as_json:
        print_json(what_if_list(found))
    else:
        _show(found)


def _read(draft: Path) -> Draft:
    try:
        return Draft.read(draft.read_bytes())
    except OSError:
        raise Refused(
            "not-found",
            f"There is no file {draft} to read.",
            field="draft",
            remedy="Give the JSON file of the draft first, and then the ledger's folder.",
        ) from None


def _show(found: WhatIf) -> None:
    say(f"[bold]What would change under this draft:[/] {plain(', '.join(found.figures))}")
    for each in found.changes:
        say()
        say(f"[bold]{plain(_title(each))}[/] [dim]{len(each.stay)} findings stay[/]")
        table = Table("", "Rule", "", "In words", "Pos.", box=None, pad_edge=False, show_header=False)
        for sign, findings in (("+", each.appear), ("−", each.go)):
            for one in findings:
                positions = ", ".join(map(str, one.evidence))
                table.add_row(sign, one.rule, one.severity, plain(one.sentence), f"[dim]{positions}[/]")
        out.print(table)
    say()
    for rule, (appear, go) in found.counted().items():
        say(f"{rule}: [bold]{appear}[/] would appear, [bold]{go}[/] would go")
    if not found.changes:
        say("Nothing would change.")
    if found.unpublished:
        say(
            f"[bold yellow]▲ {found.unpublished} sessions cannot be judged by a draft: no published protocol was"
            " pinned when they were opened.[/]"
        )
    narrowed = "".join(f", {name} {value}" for name, value in found.filters.items())
    say(f"[dim]{found.judged} sessions, as of {found.position} entries and {found.as_of}{plain(narrowed)}.[/]")
    say("[dim]Nothing was recorded: people acted by the protocol they had.[/]")


def _title(each: Changes) -> str:
    if not each.session:
        return "What belongs to no session"
    return f"{each.session[: len('session/') + 8]} {(each.at or '')[:10]}"
