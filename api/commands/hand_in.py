"""`session-ledger hand-in`: compare a checkpoint that somebody kept with the log, and stop signing if it must."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.output import JsonFlag, print_json, say
from api.commands.serve import ask_passphrase
from api.folder import SystemClock, open_ledger, open_recorder
from api.web.one_writer import only_writer
from ledger.errors import Invalid
from ledger.practice import check_note
from ledger.record import Recorder
from ledger.tlog.checkpoint import Checkpoint


def hand_in(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    checkpoint: Annotated[Path, typer.Argument(help="The kept checkpoint, as its signed note.")],
    as_json: JsonFlag = False,
) -> None:
    """
    Compare a kept checkpoint with this ledger: one that a tablet, an auditor or a witness holds.

    If the log key has signed it and this ledger has another history, signing stops for good: the key has signed
    two histories, and nobody can say which one is right. Stop the service for it; to look without any
    consequence use: session-ledger verify FOLDER --checkpoint FILE.

    Example: session-ledger hand-in ./ledger tablet.checkpoint
    """
    try:
        note = checkpoint.read_bytes()
    except OSError:
        raise Invalid("checkpoint-file", f"{checkpoint} cannot be read.", remedy="Correct the path.") from None
    opened = open_ledger(folder)
    try:
        check_note(opened.pin.origin, note, "checkpoint", "checkpoint")
        with only_writer(folder):
            kept = compared(open_recorder(opened, SystemClock(), ask_passphrase), note)
    finally:
        opened.store.close()
    if as_json:
        print_json({"agrees": True, "size": kept.size, "root": kept.root.hex()})
    else:
        say(f"[bold]Agrees[/]: its {kept.size} entries are the first {kept.size} of this ledger")


def compared(recorder: Recorder, note: bytes) -> Checkpoint:
    """What the kept checkpoint says; a file that is none of this ledger's is told what to do with it."""
    try:
        return recorder.hand_in(note)
    except Invalid as error:
        remedy = error.remedy or (
            "Give a checkpoint of this ledger as it was kept: the signed note that session-ledger checkpoint or a "
            "tablet gave out, unchanged to its last line."
        )
        raise Invalid(error.code, error.message, field=error.field or "checkpoint", remedy=remedy) from None
