"""`session-ledger receipt` and `check-receipt`: one small file that proves an entry is in the log."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.commands.output import JsonFlag, plain, print_json, say
from api.folder import Folder, read_pin
from ledger.entry import FIRST_LINE, parse_event_entry
from ledger.errors import Invalid, Refused, TamperDetected
from ledger.follow import key_history
from ledger.log_keys import LogKey, covering_keys, open_covering
from ledger.practice import check_note
from ledger.store.sqlite import open_for_audit
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.proofs import prove_inclusion
from ledger.tlog.receipt import Receipt, check_receipt, format_receipt, parse_receipt

_IF_CHANGED = (
    "If the log key was changed since you were given your ledger.json: session-ledger verify --pin follows the change "
    "and names the new key; check the receipt again with --log-key."
)


def receipt(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    position: Annotated[int, typer.Argument(help="The position of the entry, as timeline shows it.", min=0)],
    out_file: Annotated[Path | None, typer.Option("--out", help="Write the receipt to this file.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """
    The receipt of one entry: proof, checkable offline and for ever, that the log contains it.

    It says that the entry was logged; whether the event is valid is for verify to say.

    Example: session-ledger receipt ./demo-ledger 42 --out dose.receipt
    """
    text = receipt_text(folder, position)
    if out_file is not None:
        out_file.write_bytes(text)
    if as_json:
        print_json({"position": position, "receipt": text.decode(), "file": str(out_file) if out_file else None})
    elif out_file is None:
        sys.stdout.write(text.decode())
    else:
        say(f"Receipt of position {position} written to {plain(out_file)}")
        say(f"Check it anywhere: session-ledger check-receipt {plain(out_file)} --pin {plain(Folder(folder).pin_file)}")


def check_receipt_command(
    file: Annotated[Path, typer.Argument(help="The receipt.", exists=True, dir_okay=False)],
    pin: Annotated[Path, typer.Option(help="The ledger.json that was given to you when the ledger was opened.")],
    log_key: Annotated[
        list[str] | None, typer.Option(help="A verifier key of this log that your ledger.json does not know yet.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Check a receipt with nothing but the pinned key: no ledger, no network.

    Example: session-ledger check-receipt dose.receipt --pin ledger.json
    """
    known = read_pin(pin)
    parsed = parse_receipt(file.read_bytes())
    check_note(known.pin.origin, parsed.checkpoint, "receipt")
    log_keys = (*known.checks_with, *(LogKey(vkey, -1) for vkey in log_key or ()))
    try:
        checkpoint = check_receipt(parsed, covering_keys(parsed.checkpoint, log_keys), known.pin.origin)
    except Invalid as error:
        remedy = "" if error.code != "note-unsigned" else _IF_CHANGED
        raise TamperDetected(error.code, f"This receipt proves nothing: {error.message}", remedy=remedy) from None
    received = _received(parsed)
    if as_json:
        print_json(
            {
                "holds": True,
                "origin": checkpoint.origin,
                "position": parsed.position,
                "size": checkpoint.size,
                "root": checkpoint.root.hex(),
                "received_at": received,
            }
        )
        return
    show_receipt_check(parsed, checkpoint)


def show_receipt_check(parsed: Receipt, checkpoint: Checkpoint) -> None:
    """What a checked receipt proves, in words."""
    received = _received(parsed)
    say(f"[bold green]Logged:[/] position {parsed.position} of {plain(checkpoint.origin)}")
    say(f"  contained in the signed tree of {checkpoint.size} entries, by {len(parsed.proof)} hashes")
    if received:
        say(f"  received by the ledger at {received}")


def receipt_text(root: Path, position: int) -> bytes:
    """
    The receipt of an entry under the newest checkpoint kept in the folder.

    Raises:
        Refused: `not-found` or `no-ledger`.
    """
    folder = Folder(root)
    known = read_pin(folder.pin_file)
    store = open_for_audit(folder.database, known.pin.origin)
    try:
        note, row = store.latest_checkpoint(), store.row(position)
        size = 0 if note is None else open_covering(note, key_history(store).log_keys(), known.pin.origin).size
        if note is None or row is None or position >= size:
            raise Refused(
                "not-found",
                f"There is no signed entry at position {position}; the log has {size} entries.",
                field="position",
                remedy="timeline shows the positions of a session's events.",
            )
        return format_receipt(Receipt(row.entry, position, prove_inclusion(position, size, store.read_tile), note))
    finally:
        store.close()


def _received(parsed: Receipt) -> str | None:
    return parse_event_entry(parsed.entry).received_at if parsed.entry.startswith(FIRST_LINE) else None
