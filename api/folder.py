"""
One ledger in a folder: where its files are, and how they are put together.

    ledger.json   which ledger this is: origin, verifier key, first leaf (public; what an auditor pins)
    ledger.db     the log: entries, envelopes, sealed blocks, tree, checkpoints
    views.db      read models, which can be thrown away and built again
    log/log.key   the log's private key      log/head  what it has signed, never in a backup of the database
    policy.json   how long this clinic keeps what, if it is not as built in
    alerts.db     who asked for alerts and what was sent      alerts.json  where they may go
    subjects/     the keys of the sealed blocks, wrapped
    epoch/        the key that wraps them, never in any backup
    people/       private keys of people, on practice ledgers only
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from api.key_file import read_seed, write_key
from api.retention import read_retention
from ledger.audit import Pin
from ledger.canonical import Json, canonical
from ledger.encoding import from_hex
from ledger.errors import Invalid, Refused
from ledger.gate import Gate
from ledger.log_keys import LogKey
from ledger.practice import is_practice, practice_host
from ledger.received import Clock
from ledger.record import Recorder, Submission
from ledger.store.durable import make_folder, sync_folder, write_new
from ledger.store.head_store import FileHeadStore
from ledger.store.sqlite import SQLiteStore, open_sqlite
from ledger.store.subject_keys import FolderSubjectKeys
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import LogSigner, VerifierKey, parse_vkey

Entropy = Callable[[int], bytes]

_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Linux leaves sleep out of its monotonic clock, and has another one for it; elsewhere sleep is counted."""


class SystemClock:
    """The computer's own clock."""

    def wall(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)  # noqa: TID251  # here is where time comes from

    def monotonic(self) -> float:
        """Seconds since an arbitrary start; also those in which the computer slept, which are no step of the clock."""
        return time.clock_gettime(_STEADY)


@dataclass(frozen=True, slots=True)
class Folder:
    """The paths of one ledger's folder."""

    root: Path

    @property
    def database(self) -> Path:
        """The log."""
        return self.root / "ledger.db"

    @property
    def views(self) -> Path:
        """The read models."""
        return self.root / "views.db"

    @property
    def pin_file(self) -> Path:
        """Which ledger this is."""
        return self.root / "ledger.json"

    @property
    def log_key(self) -> Path:
        """The log's private key."""
        return self.root / "log" / "log.key"

    @property
    def next_log_key(self) -> Path:
        """The log key that is about to take its place, while it is being changed."""
        return self.root / "log" / "log.key.new"

    @property
    def head(self) -> Path:
        """What the log key has signed."""
        return self.root / "log" / "head"

    @property
    def subjects(self) -> Path:
        """The keys of the sealed blocks, wrapped."""
        return self.root / "subjects"

    @property
    def policy(self) -> Path:
        """How long this clinic keeps what."""
        return self.root / "policy.json"

    @property
    def alerts(self) -> Path:
        """Who asked for alerts, and what was sent."""
        return self.root / "alerts.db"

    @property
    def alert_policy(self) -> Path:
        """Where alerts may go."""
        return self.root / "alerts.json"

    @property
    def epoch(self) -> Path:
        """The key that wraps them."""
        return self.root / "epoch"

    def person_key(self, owner: str) -> Path:
        """A person's private key, on practice ledgers."""
        return self.root / "people" / f"{owner.replace('/', '-')}.key"

    def is_ledger(self) -> bool:
        """Whether a ledger was made here."""
        return self.pin_file.exists()


@dataclass(frozen=True, slots=True)
class OpenLedger:
    """A ledger opened for reading, and for writing if `recorder` is not None."""

    folder: Folder
    pin: Pin
    organisation: str
    practice: bool
    store: SQLiteStore
    subject_keys: FolderSubjectKeys


def fresh_origin(host: str, entropy: Entropy, *, practice: bool = False) -> str:
    """An origin nobody had before: the host and 16 random hex digits; that of a practice ledger says so."""
    return f"{practice_host(host) if practice else host}/{entropy(8).hex()}"


def make_ledger(
    root: Path,
    origin: str,
    organisation: str,
    genesis: Callable[[VerifierKey], Submission],
    *,
    clock: Clock,
    entropy: Entropy = secrets.token_bytes,
    passphrase: str | None = None,
    practice: bool = False,
    gates: Callable[[SQLiteStore, FolderSubjectKeys], Sequence[Gate]] = lambda _store, _keys: (),
) -> tuple[OpenLedger, Recorder]:
    """
    A new ledger in a folder: log key, database, head store, and the officers' first event.

    `gates` are those that its recorder asks.

    Raises:
        Refused: `ledger-exists`, when the folder holds one already; `practice-name`, when its name says practice and
            it is not, or the other way round.
    """
    if practice != is_practice(origin):
        raise Refused(
            "practice-name",
            f"The name {origin} is that of a {'practice' if is_practice(origin) else 'real'} ledger.",
            field="host",
            remedy="Only a practice ledger is called `practice.…`: give another --host, or --practice.",
        )
    folder = Folder(root)
    if folder.is_ledger() or folder.database.exists():
        raise Refused("ledger-exists", f"There is a ledger in {root} already.", remedy="Choose another folder.")
    make_folder(root)
    seed = entropy(32)
    write_key(folder.log_key, seed, "log", passphrase, entropy, origin)
    signer = LogSigner(origin, seed)
    store = open_sqlite(folder.database, origin, create=True)
    subject_keys = FolderSubjectKeys(folder.subjects, folder.epoch)
    asked = gates(store, subject_keys)
    recorder = Recorder(store, FileHeadStore(folder.head), (signer,), subject_keys, clock, entropy, asked)
    recorder.record([genesis(signer.vkey)])
    pin = Pin(origin, str(signer.vkey), store.rows(0, 1)[0].leaf)
    write_pin(folder.pin_file, KnownLedger(pin, organisation, practice, ()))
    return OpenLedger(folder, pin, organisation, practice, store, subject_keys), recorder


@dataclass(frozen=True, slots=True)
class KnownLedger:
    """
    Which ledger it is, as its `ledger.json` says.

    `log_keys` are those there were when it was written last, if the log key was ever changed.
    """

    pin: Pin
    organisation: str
    practice: bool
    log_keys: tuple[LogKey, ...]

    @property
    def checks_with(self) -> tuple[LogKey, ...]:
        """The log keys to check a checkpoint or receipt with."""
        return self.log_keys or (LogKey(self.pin.vkey, -1),)


def write_pin(path: Path, known: KnownLedger) -> None:
    """Write a `ledger.json`, at one stroke and durably."""
    members: dict[str, Json] = {
        "first_leaf": known.pin.first_leaf.hex(),
        "organisation": known.organisation,
        "origin": known.pin.origin,
        "practice": known.practice,
        "vkey": known.pin.vkey,
    }
    if known.log_keys:
        members["log_keys"] = [
            {"added_at": key.added_at, "retired_at": key.retired_at, "vkey": key.vkey} for key in known.log_keys
        ]
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    write_new(new, canonical(members) + b"\n")
    new.chmod(0o644)
    new.replace(path)
    sync_folder(path.parent)


def read_pin(path: Path) -> KnownLedger:
    """
    What a `ledger.json` says.

    Raises:
        Refused: `no-ledger`, when there is none.
        Invalid: `ledger-file`.
    """
    try:
        raw = path.read_bytes()
    except OSError:
        raise Refused(
            "no-ledger",
            f"There is no ledger: {path} is not there.",
            remedy="Make one: session-ledger init, or session-ledger demo.",
        ) from None
    try:
        said = json.loads(raw)
        match said:
            case {
                "first_leaf": str(leaf),
                "organisation": str(organisation),
                "origin": str(origin),
                "practice": bool(practice),
                "vkey": str(vkey),
            }:
                if is_practice(origin) and not practice:
                    raise ValueError
                pin = Pin(origin, vkey, from_hex(leaf, 32, "first_leaf"))
                return KnownLedger(pin, organisation, practice, _log_keys(said.get("log_keys", [])))
    except (ValueError, TypeError, Invalid):
        pass
    raise Invalid(
        "ledger-file",
        f"{path} does not say which ledger this is.",
        remedy="Take the copy that was kept, or your auditor's.",
    )


def _log_keys(said: object) -> tuple[LogKey, ...]:
    """
    The log keys of a `ledger.json`.

    Raises:
        ValueError: it is no list of them.
    """
    keys: list[LogKey] = []
    for each in said if isinstance(said, list) else [said]:
        match each:
            case {"vkey": str(vkey), "added_at": int(added), "retired_at": int() | None as retired}:
                keys.append(LogKey(str(parse_vkey(vkey)), added, retired))
            case _:
                raise ValueError
    return tuple(keys)


def signed_head(folder: Folder) -> Checkpoint | None:
    """The checkpoint that the head store beside the log key holds, if it is there."""
    head = FileHeadStore(folder.head).read() if folder.head.exists() else None
    return None if head is None else Checkpoint(head.origin, head.size, head.root)


def open_ledger(root: Path) -> OpenLedger:
    """
    The ledger in a folder, for reading.

    Raises:
        Refused, Invalid: as `read_pin` and `open_sqlite`.
        TamperDetected: when the file's head, rows and tiles disagree.
    """
    folder = Folder(root)
    known = read_pin(folder.pin_file)
    store = open_sqlite(folder.database, known.pin.origin)
    return OpenLedger(
        folder, known.pin, known.organisation, known.practice, store, FolderSubjectKeys(folder.subjects, folder.epoch)
    )


def open_recorder(
    opened: OpenLedger,
    clock: Clock,
    passphrase: Callable[[], str],
    *,
    entropy: Entropy = secrets.token_bytes,
    gates: Sequence[Gate] = (),
) -> Recorder:
    """
    The recorder of an open ledger, after it has taken up where the last process stopped.

    Raises:
        Refused: `passphrase`, `key-file-missing` or `head-store-missing`.
        Invalid: `policy-file`.
        TamperDetected: when the database does not continue what the log key signed.
    """
    retention = read_retention(opened.folder.policy)
    signer = LogSigner(opened.pin.origin, read_seed(opened.folder.log_key, passphrase, opened.pin.origin))
    head_store = FileHeadStore(opened.folder.head)
    return Recorder(opened.store, head_store, (signer,), opened.subject_keys, clock, entropy, gates, retention)
