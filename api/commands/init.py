"""`session-ledger init`: a new, empty ledger, opened by two officers."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer

from api.commands.output import JsonFlag, plain, print_json, say
from api.folder import Folder, SystemClock, fresh_origin, make_ledger, read_pin
from api.genesis import Officer, signed_genesis
from api.key_file import write_key
from ledger.errors import Refused
from ledger.follow import key_history
from ledger.log_keys import open_covering
from ledger.practice import check_same_sort, is_practice, practice_host
from ledger.record import Submission
from ledger.signing import SigningKey
from ledger.store.durable import make_folder
from ledger.store.sqlite import open_for_audit
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import VerifierKey

MIN_PASSPHRASE = 12


def init(
    folder: Annotated[Path, typer.Argument(help="Where the ledger is to be made.")],
    organisation: Annotated[str, typer.Option(help="Whose ledger it is, as it shall stand in the record.")],
    officer: Annotated[list[str], typer.Option(help="A security officer's name; give at least two.")],
    host: Annotated[str, typer.Option(help="The host name in the ledger's name.")] = "ledger.invalid",
    continues: Annotated[
        Path | None, typer.Option(help="The folder of a ledger that has ended, and that this one goes on from.")
    ] = None,
    passphrase_file: Annotated[
        Path | None, typer.Option(help="A file with the passphrase of the new keys, instead of asking.")
    ] = None,
    practice: Annotated[
        bool, typer.Option("--practice", help="For training: keys lie in clear, and the ledger says so.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """
    Make a new ledger: its log key, two officers' keys, and the first signed event.

    Example: session-ledger init ./ledger --organisation "Riverbend Clinic" --officer "Dr Duval" --officer "P. Tan"
    """
    if len(set(officer)) < 2:
        raise Refused(
            "two-officers",
            "A ledger is opened by two security officers.",
            field="officer",
            remedy="Give --officer twice, with two people's names.",
        )
    if not practice and is_practice(host):
        raise Refused(
            "practice-name",
            "Only a practice ledger is called `practice.…`.",
            field="host",
            remedy="Give another --host, or --practice.",
        )
    before = None if continues is None else last_checkpoint(continues)
    passphrase = None if practice else new_passphrase(passphrase_file, "Passphrase for the new keys")
    clock, origin = SystemClock(), fresh_origin(host, secrets.token_bytes, practice=practice)
    if before is not None and continues is not None and read_pin(Folder(continues).pin_file).practice != practice:
        check_same_sort(origin, before.origin if practice else practice_host(before.origin), "ledger", "continues")
    officers = [Officer.fresh(name, secrets.token_bytes) for name in dict.fromkeys(officer)]

    def genesis(log_key: VerifierKey) -> Submission:
        return signed_genesis(origin, organisation, officers, log_key, clock.wall(), secrets.token_bytes, before)

    paths = Folder(folder)
    if not paths.is_ledger():
        make_folder(folder)
        for person in officers:  # before the first event: a key that is lost cannot be made again
            key_file = paths.person_key(person.owner)
            write_key(key_file, person.seed, person.owner, passphrase, secrets.token_bytes, origin)
    opened, _ = make_ledger(
        folder, origin, organisation, genesis, clock=clock, passphrase=passphrase, practice=practice
    )
    opened.store.close()
    if as_json:
        print_json(
            {
                "folder": str(folder),
                "origin": origin,
                "vkey": opened.pin.vkey,
                "first_leaf": opened.pin.first_leaf.hex(),
                "practice": practice,
                "continues": None
                if before is None
                else {"origin": before.origin, "size": before.size, "root": before.root.hex()},
                "officers": [
                    {
                        "name": p.name,
                        "owner": p.owner,
                        "kid": SigningKey(p.seed).kid,
                        "file": str(paths.person_key(p.owner)),
                    }
                    for p in officers
                ],
            }
        )
        return
    say(f"[bold]A new ledger[/] for {plain(organisation)} in {plain(folder)}")
    say(f"  its name      {plain(origin)}")
    say(f"  verifier key  {plain(opened.pin.vkey)}")
    say(f"  first leaf    {opened.pin.first_leaf.hex()}")
    if before is not None:
        say(f"  continues     {plain(before.origin)} from its {before.size} entries on")
    for person in officers:
        say(f"  officer       {plain(person.name)}: key in {plain(paths.person_key(person.owner))}")
    say("Give the name, the verifier key and the first leaf to your auditor: they pin this ledger.")
    say("Move each officer's key file to that officer's own device, and keep log/ out of database backups.")
    if practice:
        say("[bold]Practice ledger[/]: keys lie in clear. Never record real sessions here.")


def last_checkpoint(folder: Path) -> Checkpoint:
    """
    The newest checkpoint of a ledger that has ended, under one of its log keys.

    Raises:
        Refused: `no-ledger`, or `not-covered` when nothing in it was signed.
    """
    known = read_pin(Folder(folder).pin_file)
    store = open_for_audit(Folder(folder).database, known.pin.origin)
    try:
        note, log_keys = store.latest_checkpoint(), key_history(store).log_keys()
    finally:
        store.close()
    if note is None:
        raise Refused("not-covered", "Nothing in the old ledger was signed.", field="continues")
    return open_covering(note, log_keys, known.pin.origin)


def new_passphrase(file: Path | None, asking: str) -> str:
    """
    A passphrase for keys that are about to be made: from a file, or asked for twice.

    Raises:
        Refused: `passphrase-file` or `passphrase-short`.
    """
    if file is None:
        text = str(typer.prompt(asking, hide_input=True, confirmation_prompt=True))
    else:
        try:
            text = file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise Refused("passphrase-file", f"{file} cannot be read: {error.strerror}.") from None
    if len(text) < MIN_PASSPHRASE:
        raise Refused("passphrase-short", f"A passphrase has at least {MIN_PASSPHRASE} characters.")
    return text
