"""`session-ledger keys` and `revoke-key`: who may sign, where each key is kept, and how one ends."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.commands.as_of import KnownAt, UpTo, as_of_folder, in_words
from api.commands.output import JsonFlag, out, plain, print_json, say
from api.commands.report import CUSTODY
from api.commands.serve import ask_passphrase
from api.folder import Folder, SystemClock, open_ledger, open_recorder, read_pin
from api.officer_acts import OfficerDesk, holders_of
from ledger.errors import Refused
from ledger.events.keys import KeyRevoked
from ledger.events.people import StaffRegistered
from ledger.events.sealing import make_event
from ledger.follow import key_history, place
from ledger.keys import EnrolledKey, KeyHistory, KeyState
from ledger.store.port import Store
from ledger.store.sqlite import open_for_audit
from projections.both_times import size_asked


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key as it is listed; `code` is what its owner is called, `state` what it counts for in the next entry."""

    kid: str
    public: str
    owner: str
    code: str
    officer: bool
    custody: str
    enrolled_at: int
    revoked_at: int | None
    suspect_from: int | None
    reason: str | None
    state: KeyState


def keys(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    everyone: Annotated[bool, typer.Option("--all", help="Also the keys of participants for each session.")] = False,
    known_at: KnownAt = None,
    up_to: UpTo = None,
    as_json: JsonFlag = False,
) -> None:
    """
    List every key: whose it is, where it is kept, when it was enrolled and revoked, and what it counts for now or then.

    It tells what the log says; session-ledger verify checks it.

    Example: session-ledger keys ./ledger
    """
    origin = read_pin(Folder(folder).pin_file).pin.origin
    when = as_of_folder(folder, known_at, up_to)
    store = open_for_audit(Folder(folder).database, origin)
    try:
        size = size_asked(when, store.head().size)
        history = key_history(store, size, when.happened_up_to)
        listed = [_listed(history, key, size, _code(store, key.owner)) for key in history.all()]
    finally:
        store.close()
    if as_json:
        print_json(
            {
                "origin": origin,
                "size": size,
                "keys": [asdict(each) for each in listed],
                "log_keys": [asdict(key) for key in history.log_keys()],
            }
        )
        return
    if words := in_words(when):
        say(words)
    _show(listed, everyone=everyone)
    for log_key in history.log_keys():
        ended = "" if log_key.retired_at is None else f", retired at {log_key.retired_at}"
        say(f"log key {plain(log_key.vkey)}: added at {log_key.added_at}{ended}")


def revoke_key(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    kid: Annotated[str | None, typer.Argument(metavar="[KEY]", help="The key, or its first 8 digits or more.")] = None,
    *,
    reason: Annotated[str, typer.Option(help="Why, as a word such as tablet-stolen.")],
    key: Annotated[
        list[Path], typer.Option(help="A key file that signs: an officer's, or another one of the owner; or both.")
    ],
    all_in_custody: Annotated[
        bool, typer.Option("--all-in-custody", help="Every key the service keeps: the organisation's key is lost.")
    ] = False,
    suspect_from: Annotated[
        int | None, typer.Option(help="The first position from which somebody else may have signed with it.", min=0)
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """
    Revoke a key: from here on what it signs is quarantined, and from --suspect-from on what it signed is disputed.

    It cannot be undone, and is done once: choose --suspect-from with care. It may be done while the ledger is served.

    Example: session-ledger revoke-key ./ledger 4ac12c0d --reason tablet-stolen --suspect-from 180 --key officer.key
    """
    opened = open_ledger(folder)
    try:
        clock = SystemClock()
        recorder = open_recorder(opened, clock, ask_passphrase)
        found = _in_custody(recorder.keys, opened.store.head().size) if all_in_custody else [_found(recorder.keys, kid)]
        desk = OfficerDesk(opened.pin.origin, clock.wall(), secrets.token_bytes)
        holders = holders_of(key, ask_passphrase, opened.pin.origin)
        done = recorder.record(
            [
                desk.signed(
                    make_event(KeyRevoked, {"key": each.kid, "reason": reason, "suspect_from": suspect_from}),
                    holders,
                    "revoked",
                    recorder,
                )
                for each in found
            ]
        )
    finally:
        opened.store.close()
    if as_json:
        print_json(
            [
                {"position": at.position, "kid": each.kid, "owner": each.owner, "suspect_from": suspect_from}
                for at, each in zip(done, found, strict=True)
            ]
        )
        return
    for at, each in zip(done, found, strict=True):
        say(f"[bold]Revoked[/] at position {at.position}: key {each.kid[:16]} of {plain(each.owner)}")
    if suspect_from is not None:
        say(f"  what was signed from position {suspect_from} on is disputed: session-ledger verify lists it")


def _in_custody(history: KeyHistory, position: int) -> list[EnrolledKey]:
    """
    The keys the service keeps that still count.

    Raises:
        Refused: `key-unknown`, when there is none.
    """
    found = [key for key in history.all() if key.custody == "service" and history.state(key.kid, position) == "valid"]
    if not found:
        raise Refused("key-unknown", "The service keeps no key that counts.", field="key")
    return found


def _found(history: KeyHistory, text: str | None) -> EnrolledKey:
    """
    The one key whose kid begins so.

    Raises:
        Refused: `key-unknown` or `ambiguous-code`.
    """
    found = [key for key in history.all() if text and len(text) >= 8 and key.kid.startswith(text)]
    if not found:
        raise Refused("key-unknown", "No such key was ever enrolled.", field="key", remedy="See session-ledger keys.")
    if len(found) > 1:
        raise Refused("ambiguous-code", "Several keys begin so.", field="key", remedy="Give more digits.")
    return found[0]


def _code(store: Store, owner: str) -> str:
    """What a member of staff is called, such as RN1; nothing for others and for officers before they are registered."""
    if not owner.startswith("staff/"):
        return ""
    events = (place(store, row).event for row in store.stream_rows(owner))
    return next((event.code for event in events if isinstance(event, StaffRegistered)), "")


def _listed(history: KeyHistory, key: EnrolledKey, size: int, code: str) -> ListedKey:
    return ListedKey(
        kid=key.kid,
        public=key.public.hex(),
        owner=key.owner,
        code=code,
        officer=key.officer,
        custody=key.custody,
        enrolled_at=key.enrolled_at,
        revoked_at=key.revoked_at,
        suspect_from=key.suspect_from,
        reason=key.reason,
        state=history.state(key.kid, size),
    )


def _show(listed: Sequence[ListedKey], *, everyone: bool) -> None:
    shown = [each for each in listed if everyone or not each.owner.startswith("session/")]
    table = Table(
        "Key", "", "Owner", "Officer", "Kept", "Enrolled", "Revoked", "Suspect", "Now", box=None, pad_edge=False
    )
    for each in shown:
        ended = "" if each.revoked_at is None else f"{each.revoked_at} {each.reason}"
        table.add_row(
            each.kid[:16],
            plain(each.code),
            each.owner,
            "officer" if each.officer else "",
            CUSTODY.get(each.custody, each.custody),
            str(each.enrolled_at),
            plain(ended),
            "" if each.suspect_from is None else f"from {each.suspect_from}",
            each.state,
        )
    out.print(table)
    if len(shown) < len(listed):
        say(f"and {len(listed) - len(shown)} keys of participants: --all lists them")
