"""What an audit found, in words for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from rich.table import Table

from api.commands.output import out, plain, say
from ledger.audit_report import AuditReport, Problem, Question
from ledger.standing import Doubt

CUSTODY = {"device": "on a device", "hardware": "in hardware", "service": "by the service, behind a PIN"}
"""Where a private key is kept, in words."""

WORDS: dict[Question, str] = {
    "signatures": "The named people signed exactly these bytes",
    "order": "Every record is an unbroken chain, in order of time",
    "complete": "Nothing is missing, swapped or added",
    "keys": "Every key counted when it signed",
    "content": "Every event and sealed block is the one that was signed",
}


def show_report(report: AuditReport) -> None:
    """The answers as a table, then the first position that cannot be believed."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for answer in report.answers:
        mark = "[green]yes[/]" if answer.holds else "[bold red]NO[/]"
        first = "" if answer.holds else f"position {answer.problems[0].position}: {plain(answer.problems[0].message)}"
        table.add_row(mark, WORDS[answer.question], f"{answer.checked} checked", first)
    out.print(table)
    say(f"  {report.size} entries, {report.events} events, {report.checkpoints} signed checkpoints in the log")
    if report.withheld:
        say(f"  [yellow]{report.withheld} sealed blocks were not opened[/]: what they hold was not looked at")
    if report.erased:
        say(f"  {report.erased} sealed blocks were erased, as signed")
    if report.expired:
        say(f"  {report.expired} envelopes are no longer kept, as signed")
    if report.unplaced:
        at = ", ".join(map(str, report.unplaced[:20]))
        say(f"  [yellow]whether a representative was appointed[/] cannot be told any more at {at}")
    if not report.held:
        say("  [yellow]No checkpoint kept elsewhere was compared[/]: a cut tail cannot be noticed; give --checkpoint")
    say(f"  root {report.root.hex()}")
    kept = ", ".join(f"{count} {CUSTODY.get(name, name)}" for name, count in report.custody)
    say(f"  signatures by keys kept: {kept or 'none'}")
    show_log_keys(report)
    for label, positions in (
        ("disputed", report.disputed),
        ("quarantined", report.quarantined),
        ("of an unknown type", report.unread),
    ):
        if positions:
            say(f"  [yellow]{len(positions)} events {label}[/]: positions {', '.join(map(str, positions[:20]))}")
    show_doubts(report.doubts)
    if report.first is None:
        say("[bold green]Verified:[/] this ledger is what was signed.")
    else:
        say(
            f"[bold red]NOT VERIFIED:[/] the first position that cannot be believed is "
            f"[bold]{report.first.position}[/] [dim]\\[{plain(report.first.code)}][/]"
        )
        say(f"  {plain(report.first.message)}")
        say("  What to do: keep the files as they are, and compare with a backup and the checkpoints others hold.")


def show_log_keys(report: AuditReport) -> None:
    """Which log keys signed, once there was more than one."""
    if len(report.log_keys) < 2:
        return
    for key in report.log_keys:
        ended = "" if key.retired_at is None else f", retired at {key.retired_at}"
        say(f"  log key {plain(key.vkey)}: added at {key.added_at}{ended}")


def show_doubts(doubts: Sequence[Doubt], at_most: int = 20) -> None:
    """Each doubted signature: where, whose key, why, and who can stand in for it."""
    if not doubts:
        return
    table = Table("At", "State", "Signed as", "Key", "Kept", "Why", "Can be confirmed by", box=None, pad_edge=False)
    for doubt in doubts[:at_most]:
        where = CUSTODY.get(doubt.custody, doubt.custody)
        cure = doubt.curable_by + "".join(f" (confirmed at {at})" for at in doubt.confirmed_at)
        table.add_row(
            str(doubt.position), doubt.state, doubt.owner, doubt.kid[:12], where, plain(doubt.why), plain(cure)
        )
    out.print(table)
    if len(doubts) > at_most:
        say(f"  and {len(doubts) - at_most} more: session-ledger verify --json lists all")


def report_as_json(report: AuditReport) -> dict[str, object]:
    """The report for programs."""

    def problem(found: Problem) -> dict[str, object]:
        return {"position": found.position, "code": found.code, "question": found.question, "message": found.message}

    return {
        "origin": report.origin,
        "holds": report.holds,
        "size": report.size,
        "root": report.root.hex(),
        "events": report.events,
        "checkpoints": report.checkpoints,
        "held_checkpoints": report.held,
        "withheld_blocks": report.withheld,
        "erased_blocks": report.erased,
        "expired_envelopes": report.expired,
        "answers": [
            {
                "question": a.question,
                "holds": a.holds,
                "checked": a.checked,
                "problems": [problem(p) for p in a.problems],
            }
            for a in report.answers
        ],
        "first_problem": None if report.first is None else problem(report.first),
        "disputed": list(report.disputed),
        "quarantined": list(report.quarantined),
        "doubts": [{**asdict(doubt), "why": doubt.why, "curable_by": doubt.curable_by} for doubt in report.doubts],
        "custody": dict(report.custody),
        "log_keys": [asdict(key) for key in report.log_keys],
        "unread": list(report.unread),
        "unplaced_representatives": list(report.unplaced),
    }
