"""`session-ledger check-copy`: a copy that was handed out, checked with nothing but the file and the pinned key."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from api.commands.output import EXIT_DISPUTED, EXIT_INVALID, JsonFlag, plain, print_json, say
from api.folder import read_pin
from ledger.copies import FORMAT, check_session_copy, text_of
from ledger.copy_report import CopyReport
from ledger.errors import Invalid, Refused
from ledger.log_copies import check_log_copy
from ledger.log_keys import LogKey
from ledger.practice import check_note

_SHOWN = 20


def check_copy(
    file: Annotated[Path, typer.Argument(help="The copy, as it was handed out.", exists=True, dir_okay=False)],
    pin: Annotated[Path, typer.Option(help="The ledger.json that was given to you when the ledger was opened.")],
    log_key: Annotated[
        list[str] | None, typer.Option(help="A verifier key of this log that your ledger.json does not know yet.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Check a copy of a session, of one partner's part or of the log: no ledger, no network.

    Ends with 0 if all holds, 20 if a key that was suspect or revoked signed something in it, 40 if something does not
    hold, 2 if it is no copy, or one of another ledger.

    Example: session-ledger check-copy session-5f2c9a64-a.jsonl --pin ledger.json
    """
    known = read_pin(pin)
    first, *lines = _lines(file)
    if not isinstance(first, dict) or first.get("copy") != FORMAT:
        raise Invalid("copy-format", f"{file} is no copy of a ledger.", remedy="Give the file as it was handed out.")
    check_note(known.pin.origin, text_of(first, "checkpoint").encode(), "copy")
    if first.get("ledger") != known.pin.origin:
        raise Refused(
            "other-ledger",
            f"This is a copy of {first.get('ledger')}, and your ledger.json is of {known.pin.origin}.",
            field="pin",
            remedy="Give the ledger.json of that ledger.",
        )
    log_keys = (*known.checks_with, *(LogKey(vkey, -1) for vkey in log_key or ()))
    check = check_log_copy if first.get("what") == "log" else check_session_copy
    report = check(first, lines, known.pin, log_keys)
    if as_json:
        print_json(_as_json(report))
    else:
        _show(report)
    if not report.holds:
        raise typer.Exit(EXIT_INVALID)
    if report.doubted:
        raise typer.Exit(EXIT_DISPUTED)


def _lines(file: Path) -> list[Any]:
    try:
        found = [json.loads(line) for line in file.read_bytes().splitlines()]
    except ValueError:
        found = []
    if not found:
        raise Invalid(
            "copy-format", f"{file} is not made of lines of JSON.", remedy="Give the file as it was handed out."
        )
    return found


def _as_json(report: CopyReport) -> dict[str, Any]:
    said = {name: value for name, value in asdict(report).items() if name != "problems"}
    problems = [{"position": each.position, "code": each.code, "message": each.message} for each in report.problems]
    return {"holds": report.holds, **said, "problems": problems}


def _show(report: CopyReport) -> None:
    part = "" if report.partner is None else f", partner {report.partner.upper()}'s own part"
    of = "the log" if report.session is None else f"{plain(report.session)}{part}"
    say(f"A copy of {of}, from {plain(report.origin)}")
    say(f"  {report.entries} entries, each in the signed log as it was when it had {report.size} entries")
    if report.signed is None:
        say("  [yellow]signatures were not checked[/]: the copy names no keys; ask for a new one")
    else:
        say(f"  {report.signed} signatures, each by the person named")
    for why, count in sorted(report.absent.items()):
        if count:
            say(f"  {count} sealed parts are not in it: {plain(why)}")
    if report.places:
        say(f"  of {len(report.places)} entries it holds the place alone: {_positions(report.places)}")
    if report.doubted:
        say(f"  [yellow]by keys that were suspect or revoked[/]: entries {_positions(report.doubted)}")
    if report.holds:
        say("[bold green]Verified:[/] this copy is what was signed, and no entry was left out in between.")
        say("  What was recorded later, or which key was revoked later, only the ledger can say.")
        return
    say("[bold red]NOT VERIFIED:[/] do not rely on this copy.")
    for each in report.problems[:_SHOWN]:
        where = "the copy as a whole" if each.position < 0 else f"entry {each.position}"
        say(f"  {where}: {plain(each.message)} [dim]\\[{plain(each.code)}][/]")
    say("  What to do: keep the file as it is, and ask whoever gave it to you for a new copy.")


def _positions(positions: tuple[int, ...]) -> str:
    more = ", …" if len(positions) > _SHOWN else ""
    return ", ".join(map(str, positions[:_SHOWN])) + more
