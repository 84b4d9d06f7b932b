"""`session-ledger anchor`: a checkpoint was put down outside, where this ledger cannot change it; that is recorded."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from api.commands.hand_in import compared
from api.commands.output import JsonFlag, plain, print_json, say
from api.commands.own_word import own_word
from api.integrity import anchor_before, anchored, record_of
from api.web.one_writer import only_writer
from ledger.errors import Invalid


def anchor(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    checkpoint: Annotated[Path, typer.Argument(help="The checkpoint that was put down, as its signed note.")],
    place: Annotated[str, typer.Option(help="Where it is, in one line of plain letters; it names no person.")],
    proof: Annotated[
        Path | None, typer.Option(help="What you got for it, such as a scan of the letter; its SHA-256 is recorded.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Record that a checkpoint stands at a place outside: with a notary, in a newspaper, in an auditor's safe.

    Put it there first: session-ledger checkpoint FOLDER --out FILE. It is compared with this ledger as `hand-in` does,
    and recorded once, signed by the software. A ledger that is served takes it at /v1/anchors.

    Example: session-ledger anchor ./ledger march.checkpoint --place "safe of Miller and Sons, envelope 12"
    """
    note, digest = _read(checkpoint), None if proof is None else hashlib.sha256(_read(proof)).hexdigest()
    with only_writer(folder), own_word(folder) as (word, recorder, store):
        own, event = word.key(), anchored(compared(recorder, note), place, digest)
        before = anchor_before(store, own.owner, event)
        position = word.say(event, record_of(own.owner), "verified") if before is None else before
    if as_json:
        print_json({"position": position, "new": before is None, "proof": digest})
    else:
        known = "" if before is None else "already "
        say(f"[bold]Recorded[/] {known}at position {position}: a checkpoint stands at {plain(place)}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Invalid("checkpoint-file", f"{path} cannot be read.", remedy="Correct the path.") from None
