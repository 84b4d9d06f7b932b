"""`session-ledger transcribe`: type in a session that was kept on paper, with the hash of its scan."""

from __future__ import annotations

import hashlib
import secrets
import sys
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.commands.output import JsonFlag, out, plain, print_json, say
from api.commands.serve import ask_passphrase
from api.folder import OpenLedger, SystemClock, open_ledger, open_recorder
from api.key_file import KeptKey, read_key
from api.paper.names import Scan, look_up
from api.paper.sheet import read_sheet
from api.paper.transcribing import Plan, Typing, Typist, signed_with
from api.views import up_to_date
from api.web.one_writer import only_writer
from ledger.errors import Invalid, Refused
from ledger.payload import Seen
from ledger.record import Recorded, Recorder, Submission
from ledger.signing import SigningKey


def transcribe(
    folder: Annotated[Path | None, typer.Argument(help="The ledger's folder.")] = None,
    sheet: Annotated[Path | None, typer.Argument(help="The typed sheet (YAML or JSON).")] = None,
    scan: Annotated[Path | None, typer.Option(help="The scan of the paper; only its hash is recorded.")] = None,
    typist: Annotated[Path | None, typer.Option("--as", help="Your private key file, as who types it in.")] = None,
    role: Annotated[str, typer.Option(help="The role you sign in.")] = "nurse",
    only_good: Annotated[bool, typer.Option("--only-good", help="Record the lines that are right.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only say what would be recorded.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before recording.")] = False,
    template: Annotated[bool, typer.Option("--template", help="Print an empty sheet to fill in.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """
    Type in a session that was kept on paper: each line becomes the entry it is, signed as typed by you.

    All lines are checked first; a wrong one is named with its line, field and remedy, and nothing is recorded.
    Who did it by the sheet signs afterwards: session-ledger countersign. Stop the service for it.

    Example: session-ledger transcribe ./ledger saturday.yaml --scan saturday.pdf --as rn1.key
    """
    if template:
        sys.stdout.write(files("api").joinpath("paper/template.yaml").read_text(encoding="utf-8"))
        return
    if folder is None or sheet is None or scan is None or typist is None:
        raise Invalid(
            "paper-sheet",
            "A folder, a sheet, its scan and a key are needed.",
            remedy="session-ledger transcribe FOLDER SHEET --scan FILE --as KEY, or --template for an empty sheet.",
        )
    document, opened = hash_of_scan(scan), open_ledger(folder)
    try:
        key = read_key(typist, ask_passphrase, opened.pin.origin)
        with only_writer(folder):
            _transcribe(opened, sheet, document, key, role, only_good=only_good, check=check, yes=yes, as_json=as_json)
    finally:
        opened.store.close()


def _transcribe(
    opened: OpenLedger,
    path: Path,
    document: str,
    key: KeptKey,
    role: str,
    *,
    only_good: bool,
    check: bool,
    yes: bool,
    as_json: bool,
) -> None:
    clock = SystemClock()
    recorder = open_recorder(opened, clock, ask_passphrase)
    signer = SigningKey(key.seed)
    sheet, scan = read_sheet(path), Scan(opened.pin.origin, document)
    database = up_to_date(opened)
    try:
        named = look_up(sheet, scan, opened.store, opened.subject_keys, database)
    finally:
        database.close()
    checkpoint = recorder.checkpoint()
    seen = Seen(root=checkpoint.root.hex(), size=checkpoint.size)
    typing = Typing(opened.store, Typist(key.owner, signer.kid, role), scan, clock.wall(), seen, secrets.token_bytes)
    plan = typing.read(sheet, named)
    refused = bool(plan.problems) and not only_good
    if not as_json:
        show_plan(plan)
    recorded: list[Recorded] = []
    if not refused and not check and plan.new:
        if not yes and not as_json:
            typer.confirm(f"Record {len(plan.new)} lines, typed by you?", abort=True)
        recorded = _record(recorder, plan, signer)
    if as_json:
        print_json(said(plan, recorded))
    if refused:
        raise Refused(
            "paper-lines",
            f"{len(plan.problems)} lines of this sheet cannot be recorded; nothing was.",
            field="lines",
            remedy="Correct them, or record the others with --only-good and type these in later.",
        )
    if recorded and not as_json:
        lines = len(plan.new)
        say(f"[bold]Recorded[/] {lines} lines, positions {recorded[0].position} to {recorded[-1].position}")
        say(f"Next: those it names sign what they did: session-ledger countersign {plain(opened.folder.root)} --as KEY")


def _record(recorder: Recorder, plan: Plan, key: SigningKey) -> list[Recorded]:
    """All that is new, whole or not at all."""
    return recorder.record([Submission(raw, texts) for raw, texts in signed_with(key, plan.drafts())])


def hash_of_scan(path: Path) -> str:
    """
    The SHA-256 of a file, read once and kept nowhere.

    Raises:
        Invalid: `scan-file`.
    """
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256")
        if path.stat().st_size == 0:
            raise Invalid("scan-file", f"{path} is empty.", field="scan", remedy="Scan the sheet again.")
    except OSError:
        raise Invalid("scan-file", f"{path} cannot be read.", field="scan", remedy="Correct the path.") from None
    return found.hexdigest()


def show_plan(plan: Plan) -> None:
    """What would be recorded, what is already, and what is wrong."""
    say(f"[bold]{plain(plan.sheet.title)}[/]: {plan.sheet.pages} pages of {plan.sheet.date}")
    say(f"  scan {plan.document}")
    table = Table("Line", "On the wall", "What", "For", "By the sheet", "", box=None, pad_edge=False)
    for item in plan.items:
        note = item.doubt if item.recorded is None else f"recorded already at position {item.recorded}"
        who = ", ".join(plain(each) for each in item.line.by)
        at = f"{item.line.at:%Y-%m-%d %H:%M %Z}"
        table.add_row(str(item.line.number), at, plain(item.line.event), plain(item.line.target), who, plain(note))
    if plan.items:
        out.print(table)
    for each in plan.problems:
        where = f" ({plain(each.field)})" if each.field else ""
        place = f"Line {plain(each.line or '?')}[/], line {each.at_line} of the file"
        say(f"[bold red]{place}{where}: {plain(each.message)}")
        say(f"  [bold]What to do:[/] {plain(each.remedy)}")


def said(plan: Plan, recorded: list[Recorded]) -> dict[str, object]:
    """The same for programs."""
    position = {each.event_id: each.position for each in recorded}
    return {
        "document": plan.document,
        "record": plan.record,
        "pages": plan.sheet.pages,
        "date": plan.sheet.date,
        "lines": [
            {
                "line": item.line.number,
                "at_line": item.line.at_line,
                "at": item.line.at.isoformat(),
                "type": item.type,
                "record": item.stream,
                "performed": [each.model_dump() for each in item.performed],
                "doubt": item.doubt,
                "position": item.recorded if not item.drafts else position.get(item.drafts[-1].payload.id),
                "state": "already" if item.recorded is not None else "recorded" if recorded else "good",
            }
            for item in plan.items
        ],
        "problems": [asdict(each) for each in plan.problems],
        "recorded": len(plan.new) if recorded else 0,
    }
