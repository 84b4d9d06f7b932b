"""`session-ledger devices`: every device that wrote here, what is missing in its chain, and how wrong its clock was."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from api.commands.as_of import KnownAt, UpTo, as_of_folder, in_words
from api.commands.output import JsonFlag, plain, print_json, say
from api.devices_list import devices_list
from api.folder import open_ledger


def devices(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    known_at: KnownAt = None,
    up_to: UpTo = None,
    as_json: JsonFlag = False,
) -> None:
    """
    List the devices on which events were written: holes, forks and resets of their chains, and their clocks.

    A hole is an event that was signed on a device and is not here; the device may still bring it.

    Example: session-ledger devices ./ledger
    """
    when = as_of_folder(folder, known_at, up_to)
    opened = open_ledger(folder)
    try:
        found = devices_list(opened.store, when)
    finally:
        opened.store.close()
    if as_json:
        print_json({"devices": found})
        return
    if words := in_words(when):
        say(words)
    if not found:
        say("No device was enrolled, and none has written.")
    for each in found:
        say(f"[bold]{plain(_name(each))}[/]  {each['entries']} entries, up to number {each['last_seq']}{_clock(each)}")
        for fault in each["faults"]:
            numbers = f"{fault['first']}" if fault["first"] == fault["last"] else f"{fault['first']} to {fault['last']}"
            positions = ", ".join(map(str, fault["evidence"]))
            say(f"    [bold yellow]{fault['fault']}[/] at number {numbers} (positions {positions})")


def _name(device: dict[str, Any]) -> str:
    state = "revoked" if device["revoked"] else "enrolled" if device["enrolled"] else "nobody enrolled it"
    return f"{device['code'] or device['id']} ({state})"


def _clock(device: dict[str, Any]) -> str:
    sync = device["last_sync"]
    if sync is None:
        return ""
    if sync["offset_ms"] is None:
        return f"; heard {sync['at']}, its clock unknown"
    return f"; heard {sync['at']}, its clock {sync['offset_ms'] / 1000:+.1f} s"
