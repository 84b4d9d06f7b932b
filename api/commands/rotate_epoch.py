"""`session-ledger rotate-epoch`: the keys of the sealed blocks are wrapped anew, and older copies open nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.output import JsonFlag, print_json, say
from api.folder import open_ledger


def rotate_epoch(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    as_json: JsonFlag = False,
) -> None:
    """
    Begin a new epoch of the keys of the sealed blocks, so that older backups of them open nothing.

    Nobody is erased by it. Do it on a schedule, and whenever a copy may have got into wrong hands; it may be
    done while the ledger is being served.

    Example: session-ledger rotate-epoch ./ledger
    """
    opened = open_ledger(folder)
    try:
        epoch = opened.subject_keys.new_epoch()
    finally:
        opened.store.close()
    if as_json:
        print_json({"epoch": epoch})
        return
    say(f"Epoch {epoch} has begun.")
    say("  [yellow]Every older backup of subjects/ is useless now: make a new one today.[/]")
