"""`session-ledger rotate-log-key`: a new key signs the log's checkpoints, the old one ends, and both say so."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from api.commands.init import new_passphrase
from api.commands.output import JsonFlag, plain, print_json, say
from api.commands.serve import ask_passphrase
from api.folder import SystemClock, open_ledger
from api.log_key_change import ChangeOfLogKey
from api.officer_acts import holders_of
from api.web.one_writer import only_writer


def rotate_log_key(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    officer_key: Annotated[list[Path] | None, typer.Option(help="An officer's key file; give two people's.")] = None,
    passphrase_file: Annotated[
        Path | None, typer.Option(help="A file with the passphrase of the new log key, instead of asking.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Change the log key: two officers add a new one, both keys sign once, two officers retire the old one.

    Stop the service first. If it breaks off, run the same command again: it goes on where it stopped.
    Receipts of before check with the old verifier key for ever, those of afterwards with the new one.

    Example: session-ledger rotate-log-key ./ledger --officer-key duval.key --officer-key tan.key
    """
    opened = open_ledger(folder)
    try:
        with only_writer(folder):
            change = ChangeOfLogKey(
                opened,
                SystemClock(),
                secrets.token_bytes,
                ask_passphrase,
                None if opened.practice else new_passphrase(passphrase_file, "Passphrase for the new log key"),
            )
            done = change.run(lambda: holders_of(officer_key or [], ask_passphrase, opened.pin.origin))
    finally:
        opened.store.close()
    if as_json:
        print_json(asdict(done))
        return
    say("[bold]The log key was changed.[/]")
    say(f"  old verifier key  {plain(done.old)}")
    say(f"  new verifier key  {plain(done.new)}")
    say(f"  both signed the checkpoint of {done.overlap} entries")
    say("Give the new ledger.json to your auditors; verify follows the change from the old pin.")
    say("Destroy the copies of the old private key, and put the new log/log.key where the old one was kept offline.")
