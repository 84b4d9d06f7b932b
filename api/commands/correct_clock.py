"""`session-ledger correct-clock`: an officer says, signed, that the computer's clock was wrong and is right now."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer

from api.commands.output import JsonFlag, err, plain, print_json, say
from api.commands.serve import ask_passphrase
from api.folder import OpenLedger, SystemClock, open_ledger, open_recorder
from api.identifiers import uuid4_from
from api.key_file import read_seed
from api.web.composing import Composer
from api.web.known_keys import KnownKeys
from api.web.one_writer import only_writer
from ledger.encoding import to_instant
from ledger.errors import Refused
from ledger.events.governance import ClockCorrected
from ledger.events.sealing import make_event
from ledger.payload import Occurred, Seen
from ledger.record import Recorder, Submission
from ledger.signing import SigningKey


def correct_clock(
    folder: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    key: Annotated[Path, typer.Option(help="Your private key file, as a security officer of this ledger.")],
    reason: Annotated[str, typer.Option(help="Why the clock was wrong, as a word such as battery-empty.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether the clock is right now.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """
    Let a ledger go on that refuses everything because of its clock; set the computer's clock right first.

    It records `clock-corrected/1`, signed by you: from then on the ledger's time may be earlier than before it.
    Stop the service for it. If the ledger's last time is right and the computer's clock is wrong, set that
    clock right instead: nothing needs to be signed then.

    Example: session-ledger correct-clock ./ledger --key officer.key --reason battery-empty
    """
    opened = open_ledger(folder)
    try:
        with only_writer(folder):
            clock = SystemClock()
            recorder = open_recorder(opened, clock, ask_passphrase)
            seed = read_seed(key, ask_passphrase, opened.pin.origin)
            before, now = opened.store.head().received_at, to_instant(clock.wall())
            if not yes:
                err.print(f"  the last entry was received at   {before}")
                err.print(f"  this computer's clock shows      {now}")
                typer.confirm("Is this computer's clock right now?", abort=True, err=True)
            submission = _signed(opened, recorder, SigningKey(seed), str(before), reason, clock)
            recorded = recorder.record([submission])[0]
    finally:
        opened.store.close()
    if as_json:
        print_json({"position": recorded.position, "clock_from": before, "clock_to": recorded.received_at})
    else:
        say(f"[bold]Corrected[/] at position {recorded.position}: from {before} to {plain(recorded.received_at)}")


def _signed(
    opened: OpenLedger, recorder: Recorder, key: SigningKey, before: str, reason: str, clock: SystemClock
) -> Submission:
    now, newest = clock.wall(), recorder.checkpoint()
    fields = {"clock_from": before, "clock_to": to_instant(now), "reason": reason}
    composer = Composer(opened.pin.origin, now, Seen(root=newest.root.hex(), size=newest.size), secrets.token_bytes)
    return composer.signed(
        make_event(ClockCorrected, fields),
        f"governance/{uuid4_from(secrets.token_bytes(16))}",
        _owner(opened, key),
        key,
        "security-officer",
        "performed",
        Occurred(at=to_instant(now), offset=0, precision="s", zone="UTC"),
    )


def _owner(opened: OpenLedger, key: SigningKey) -> str:
    for known in KnownKeys(opened.store).history.all():
        if known.kid == key.kid:
            return known.owner
    raise Refused(
        "key-not-enrolled",
        "This key was never enrolled in this ledger.",
        field="key",
        remedy="Give the key file of a security officer of this ledger.",
    )
