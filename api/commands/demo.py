"""`session-ledger demo`: the main job, from an empty folder to a proof that holds and one that does not."""

from __future__ import annotations

import secrets
import shutil
from contextlib import suppress
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from api.commands.balance import show_balances
from api.commands.history import only_couple, show_history
from api.commands.output import EXIT_INVALID, JsonFlag, plain, print_json, progress, say
from api.commands.receipt import receipt_text, show_receipt_check
from api.commands.report import report_as_json, show_report
from api.commands.timeline import show_timeline, timelines
from api.commands.verify import verify_folder
from api.folder import Folder, open_ledger
from api.play_story import play_story
from api.story.script import Script, read_script
from api.views import up_to_date
from ledger.audit_report import AuditReport
from ledger.store.port import EventRow
from ledger.tlog.note import parse_vkey
from ledger.tlog.receipt import check_receipt, parse_receipt
from projections.couple_history import couple_history
from projections.own_medication import containers
from projections.snapshot import NOW

STORY = "retreat-weekend.yaml"


def demo(
    folder: Annotated[
        Path | None, typer.Argument(help="Where to make it; without it, demo-ledger here, or the next free name.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Play a whole retreat weekend into a new ledger, show it, verify it, and catch a forger.

    Every person in it signs with a key of their own; nothing is simulated but the clock.

    Example: session-ledger demo
    """
    root = folder or _free_folder(Path("demo-ledger"))
    script = _story()
    with progress("Signing and recording a weekend", len(script.steps)) as bar:
        made = play_story(script, root, secrets.token_bytes, lambda: bar.advance(bar.task_ids[0]))
    made.ledger.store.close()
    ledger = open_ledger(root)
    database = up_to_date(ledger)
    try:
        weekend = timelines(database, NOW)
        course = couple_history(database, only_couple(database))
        bottles = containers(database).containers
        dose = next(p for p in made.played if p.type == "dose-administered/1").recorded.position
        row = ledger.store.row(dose)
    finally:
        database.close()
        ledger.store.close()
    report = verify_folder(root)
    receipt = parse_receipt(receipt_text(root, dose))
    checkpoint = check_receipt(receipt, [parse_vkey(ledger.pin.vkey)], ledger.pin.origin)
    forged = _flip_one_byte(root, row) if isinstance(row, EventRow) else report

    if as_json:
        print_json(
            {
                "folder": str(root),
                "origin": ledger.pin.origin,
                "events": report.events,
                "totals_mg": dict(course.total_mg),
                "balances": {each.code: each.balance_units for each in bottles},
                "verified": report_as_json(report),
                "receipt": {"position": receipt.position, "size": checkpoint.size, "holds": True},
                "forged": report_as_json(forged),
            }
        )
    else:
        say(f"[bold]1. A weekend was recorded[/]: {report.events} signed events in {plain(root)}")
        say(f"   {plain(script.title)}; {plain(script.organisation)}. Practice data; nobody here exists.\n")
        say("[bold]2. What happened[/], both partners side by side\n")
        for each in weekend:
            show_timeline(each)
            say()
        say("[bold]3. The couple's course[/]: who was given what, released until when\n")
        show_history(course)
        say("\n[bold]4. Every lozenge accounted for[/]\n")
        show_balances(bottles)
        say("\n[bold]5. Everything verified from its bytes[/]\n")
        show_report(report)
        say(f"\n[bold]6. One receipt, checked offline[/]: the dose at position {dose}\n")
        show_receipt_check(receipt, checkpoint)
        say("\n[bold]7. A forger flips one bit[/] of that dose in a copy of the ledger\n")
        show_report(forged)
        say("\n[bold]What to try next[/]\n")
        _show_next(root, dose)
    if not report.holds or forged.first is None or forged.first.position != dose:
        raise typer.Exit(EXIT_INVALID)


def _story() -> Script:
    with as_file(files("api") / "stories") as stories:
        return read_script(stories / STORY)


def _free_folder(wanted: Path) -> Path:
    """A name nobody uses yet: a demo never writes over anything."""
    candidates = (wanted if n == 1 else wanted.with_name(f"{wanted.name}-{n}") for n in range(1, 10_000))
    return next(path for path in candidates if not path.exists())


def _flip_one_byte(root: Path, row: EventRow) -> AuditReport:
    """The verification of a copy in which one bit of one stored envelope was changed, in the file itself."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns("views.db*", "people"))
        database = Folder(copy).database
        data = bytearray(database.read_bytes())
        data[_only_place(bytes(data), row.envelope)] ^= 1
        database.write_bytes(data)
        with suppress(FileNotFoundError):
            Folder(copy).views.unlink()
        return verify_folder(copy)


def _only_place(data: bytes, envelope: bytes) -> int:
    """Where in the file a byte of this envelope, and of nothing else, stands."""
    pieces = (envelope[at : at + 64] for at in range(0, len(envelope) - 64, 16))
    return next(data.index(piece) for piece in pieces if data.count(piece) == 1)


def _show_next(root: Path, dose: int) -> None:
    for command, why in (
        (f"session-ledger timeline {root} 2026-05-16", "the Saturday by itself"),
        (f"session-ledger timeline {root} 2026-05-16 --partner a", "what Ana may see of it, nothing of Ben"),
        (f"session-ledger history {root} --json", "the course, for programs"),
        (f"session-ledger receipt {root} {dose} --out dose.receipt", "keep the proof of one dose"),
        (f"session-ledger check-receipt dose.receipt --pin {root}/ledger.json", "and check it without the ledger"),
        (f"session-ledger verify {root}", "verify everything again"),
    ):
        say(f"  {plain(command)}\n      [dim]{why}[/]")
