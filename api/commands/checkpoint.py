"""`session-ledger checkpoint`: the signed head of the log, to be kept where the ledger's owner cannot reach it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.commands.output import JsonFlag, plain, print_json, say
from api.folder import Folder, read_pin
from ledger.errors import Refused
from ledger.follow import key_history
from ledger.log_keys import open_covering
from ledger.store.sqlite import open_for_audit


def checkpoint(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    out_file: Annotated[Path | None, typer.Option("--out", help="Write the checkpoint to this file.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Give out the newest checkpoint: four lines that commit to every entry so far.

    Keep it elsewhere and hold it against the ledger later: session-ledger verify FOLDER --checkpoint FILE.

    Example: session-ledger checkpoint ./demo-ledger --out march.checkpoint
    """
    known = read_pin(Folder(folder).pin_file)
    store = open_for_audit(Folder(folder).database, known.pin.origin)
    try:
        note = store.latest_checkpoint()
        log_keys = key_history(store).log_keys()
    finally:
        store.close()
    if note is None:
        raise Refused("not-covered", "Nothing in this ledger was signed yet.", remedy="Record something first.")
    signed = open_covering(note, log_keys, known.pin.origin)
    if out_file is not None:
        out_file.write_bytes(note)
    if as_json:
        print_json(
            {"origin": signed.origin, "size": signed.size, "root": signed.root.hex(), "checkpoint": note.decode()}
        )
    elif out_file is None:
        sys.stdout.write(note.decode())
    else:
        say(f"Checkpoint over {signed.size} entries written to {plain(out_file)}")
