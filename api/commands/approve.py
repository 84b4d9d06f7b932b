"""`session-ledger approve`: an officer vouches for new keys, with a key in a file."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.commands.output import JsonFlag, out, plain, print_json, say
from api.commands.serve import ask_passphrase
from api.folder import OpenLedger, SystemClock, open_ledger, open_recorder
from api.key_file import read_seed
from api.web.accounts_db import AccountBook
from api.web.enrolments import Enrolment, Enrolments, about
from api.web.known_keys import KnownKeys
from api.web.one_writer import only_writer
from ledger.envelope import pae
from ledger.errors import Conflict, Refused
from ledger.payload import parse_payload
from ledger.signing import SigningKey

WAIT_SECONDS = 30.0
"""How long a running service gets to record what was approved; it looks every second."""


def approve(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    number: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Which one; without it, they are listed.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="Your private key file, as an officer of this ledger.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Approve the enrolment of new keys that waits for you, as an officer.

    It may be done while the ledger is being served: the service then records it.

    Example: session-ledger approve ./ledger 019e311b-1900-7478-8ae5-475a1f34064a --key officer.key
    """
    opened = open_ledger(folder)
    book = AccountBook(folder, secrets.token_bytes)
    try:
        clock = SystemClock()
        keys = KnownKeys(opened.store)
        enrolments = Enrolments(book, keys, opened.pin.origin, clock, secrets.token_bytes)
        if number is None:
            _show([each for each in enrolments.all() if each.state == "pending"], as_json=as_json)
            return
        if key is None:
            raise Refused("key-file-missing", "An officer's key file is needed.", remedy="Give --key FILE.")
        found = enrolments.find(number)
        if found.state == "pending":
            found = _approved(enrolments, found, SigningKey(read_seed(key, ask_passphrase, opened.pin.origin)))
        done = _recorded(opened, enrolments, found, clock.monotonic)
    finally:
        book.close()
        opened.store.close()
    if as_json:
        print_json({"id": done.id, "state": done.state, "outcome": done.outcome, "owners": _owners(done)})
    else:
        say(f"[bold]Enrolled[/] {plain(', '.join(_owners(done)))}: positions {plain(done.outcome['positions'])}")


def _approved(enrolments: Enrolments, found: Enrolment, key: SigningKey) -> Enrolment:
    for item in found.items:
        wanted = {each.by: each.key for each in parse_payload(item.payload).attested}
        if wanted[found.officer] != key.kid:
            raise Refused(
                "key-owner",
                "This enrolment waits for another officer's key.",
                field="key",
                remedy=f"It names {found.officer}.",
            )
    return enrolments.approve(found.id, [key.sign(pae(item.payload)) for item in found.items])


def _recorded(opened: OpenLedger, enrolments: Enrolments, found: Enrolment, now: Callable[[], float]) -> Enrolment:
    """The enrolment after it was recorded: by the service that holds the ledger, or here if none does."""
    until = now() + WAIT_SECONDS
    while (current := enrolments.find(found.id)).state == "approved":
        try:
            with only_writer(opened.folder.root):
                recorder = open_recorder(opened, SystemClock(), ask_passphrase)
                enrolments.record_approved(recorder)
        except Refused as refusal:
            if refusal.code != "ledger-served":
                raise
            if now() > until:
                raise Conflict(
                    "enrolment-waits",
                    "Approved, but the service has not recorded it yet.",
                    remedy="Look at the service's log, then run the same command again.",
                ) from None
            time.sleep(0.2)
    if current.state == "refused":
        raise Refused(
            "enrolment-refused",
            f"The ledger refused it: {current.outcome['message']}",
            field=str(current.outcome["field"]),
            remedy=str(current.outcome["remedy"]),
        )
    return current


def _owners(found: Enrolment) -> list[str]:
    return [about(parse_payload(item.payload)) for item in found.items]


def _show(waiting: list[Enrolment], *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {"id": each.id, "made_at": each.made_at, "officer": each.officer, "owners": _owners(each)}
                for each in waiting
            ]
        )
        return
    if not waiting:
        say("No enrolment waits.")
        return
    table = Table("Waits since", "ID", "For", "Keys of", box=None, pad_edge=False)
    for each in waiting:
        table.add_row(each.made_at, each.id, each.officer, ", ".join(_owners(each)))
    out.print(table)
    say("Next: session-ledger approve FOLDER ID --key FILE")
