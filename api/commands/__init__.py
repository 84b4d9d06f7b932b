"""
The command line `session-ledger`: one file a command, wired together here.

Every command has `--json`; errors say what to do next; exit codes are 0 (done), 2 (refused or malformed),
20 (verified, with disputed or quarantined events), 40 (not what was signed).
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from api.commands.anchor import anchor
from api.commands.approve import approve
from api.commands.ask import ask
from api.commands.balance import balance
from api.commands.check_copy import check_copy
from api.commands.check_scan import check_scan
from api.commands.checkpoint import checkpoint
from api.commands.correct_clock import correct_clock
from api.commands.countersign import countersign
from api.commands.demo import demo
from api.commands.devices import devices
from api.commands.erase import erase
from api.commands.findings import findings, trends
from api.commands.hand_in import hand_in
from api.commands.history import history
from api.commands.init import init
from api.commands.keys import keys, revoke_key
from api.commands.output import print_error
from api.commands.pending import pending
from api.commands.play import play
from api.commands.practice import saying_first
from api.commands.ready import ready
from api.commands.receipt import check_receipt_command, receipt
from api.commands.refused import refused
from api.commands.reports import reports
from api.commands.retention import retention
from api.commands.rotate_epoch import rotate_epoch
from api.commands.rotate_log_key import rotate_log_key
from api.commands.search import search
from api.commands.serve import serve
from api.commands.timeline import timeline
from api.commands.transcribe import transcribe
from api.commands.verify import verify
from api.commands.what_if import what_if
from ledger.errors import LedgerError

app = typer.Typer(
    name="session-ledger",
    help="The signed record of supervised ketamine sessions for couples.\n\nNew here? Run: session-ledger demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _add(name: str, command: Callable[..., None]) -> None:
    app.command(name)(saying_first(name, command))


_add("demo", demo)
_add("init", init)
_add("play", play)
_add("serve", serve)
_add("approve", approve)
_add("correct-clock", correct_clock)
_add("keys", keys)
_add("revoke-key", revoke_key)
_add("rotate-log-key", rotate_log_key)
_add("erase", erase)
_add("retention", retention)
_add("rotate-epoch", rotate_epoch)
_add("timeline", timeline)
_add("pending", pending)
_add("ready", ready)
_add("transcribe", transcribe)
_add("countersign", countersign)
_add("check-scan", check_scan)
_add("search", search)
_add("ask", ask)
_add("what-if", what_if)
_add("findings", findings)
_add("trends", trends)
_add("reports", reports)
_add("history", history)
_add("balance", balance)
_add("verify", verify)
_add("hand-in", hand_in)
_add("refused", refused)
_add("devices", devices)
_add("checkpoint", checkpoint)
_add("anchor", anchor)
_add("receipt", receipt)
_add("check-receipt", check_receipt_command)
_add("check-copy", check_copy)


def main() -> None:
    """Run the command line."""
    try:
        app()
    except LedgerError as error:
        sys.exit(print_error(error, "--json" in sys.argv))
