"""
The command line `session-ledger`: one file a command, wired together here.

Every command has `--json`; errors say what to do next; exit codes are 0 (done), 2 (refused or malformed),
20 (verified, with disputed or quarantined events), 40 (not what was signed).
"""

from __future__ import annotations

import sys

import typer

from api.commands.approve import approve
from api.commands.balance import balance
from api.commands.check_scan import check_scan
from api.commands.checkpoint import checkpoint
from api.commands.correct_clock import correct_clock
from api.commands.countersign import countersign
from api.commands.demo import demo
from api.commands.devices import devices
from api.commands.erase import erase
from api.commands.hand_in import hand_in
from api.commands.history import history
from api.commands.init import init
from api.commands.keys import keys, revoke_key
from api.commands.output import print_error
from api.commands.pending import pending
from api.commands.play import play
from api.commands.receipt import check_receipt_command, receipt
from api.commands.refused import refused
from api.commands.retention import retention
from api.commands.rotate_epoch import rotate_epoch
from api.commands.rotate_log_key import rotate_log_key
from api.commands.search import search
from api.commands.serve import serve
from api.commands.timeline import timeline
from api.commands.transcribe import transcribe
from api.commands.verify import verify
from ledger.errors import LedgerError

app = typer.Typer(
    name="session-ledger",
    help="The signed record of supervised ketamine sessions for couples.\n\nNew here? Run: session-ledger demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command()(demo)
app.command()(init)
app.command()(play)
app.command()(serve)
app.command()(approve)
app.command("correct-clock")(correct_clock)
app.command()(keys)
app.command("revoke-key")(revoke_key)
app.command("rotate-log-key")(rotate_log_key)
app.command()(erase)
app.command()(retention)
app.command("rotate-epoch")(rotate_epoch)
app.command()(timeline)
app.command()(pending)
app.command()(transcribe)
app.command()(countersign)
app.command("check-scan")(check_scan)
app.command()(search)
app.command()(history)
app.command()(balance)
app.command()(verify)
app.command("hand-in")(hand_in)
app.command()(refused)
app.command()(devices)
app.command()(checkpoint)
app.command()(receipt)
app.command("check-receipt")(check_receipt_command)


def main() -> None:
    """Run the command line."""
    try:
        app()
    except LedgerError as error:
        sys.exit(print_error(error, "--json" in sys.argv))
