"""A small clinic on this disk, whose nurse signs checks: what the cases measure with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from api.folder import Folder, OpenLedger
from ledger.audit import Pin
from ledger.canonical import canonical
from ledger.record import Submission
from ledger.store.head_store import FileHeadStore
from ledger.store.sqlite import SQLiteStore, open_sqlite
from ledger.store.subject_keys import FolderSubjectKeys
from tests.ledger.clinic import ORIGIN, RN1, SLOT_A, SLOT_B, Clinic, check

NURSE = (RN1, "performed", "nurse")


@dataclass
class Bench:
    """A ledger in a folder, with everything the recorder does for real: SQLite, head file, subject keys."""

    root: Path
    clinic: Clinic
    store: SQLiteStore
    subject_keys: FolderSubjectKeys
    pin: Pin

    def signed_checks(self, count: int) -> list[Submission]:
        """So many checks, signed beforehand, as a tablet would have."""
        made = []
        for number in range(count):
            event = check(110 + number % 40, 70 + number % 20)
            made.append(self.clinic.submission(event, (SLOT_A, SLOT_B)[number % 2], [NURSE]))
            self.clinic.clock.forward(seconds=1)
        return made

    def opened(self) -> OpenLedger:
        """As the commands and the service see it."""
        return OpenLedger(Folder(self.root), self.pin, "Benchmark Clinic", True, self.store, self.subject_keys)


def open_bench(root: Path) -> Bench:
    """A clinic with one session and nobody dosed yet."""
    folder = Folder(root)
    (root / "log").mkdir(parents=True, mode=0o700)
    store, subject_keys = open_sqlite(folder.database, ORIGIN, create=True), FolderSubjectKeys(folder.subjects)
    clinic = Clinic(store, FileHeadStore(folder.head), subject_keys).open()
    pin = Pin(ORIGIN, str(clinic.signer.vkey), store.rows(0, 1)[0].leaf)
    said = {"first_leaf": pin.first_leaf.hex(), "organisation": "Benchmark Clinic", "origin": ORIGIN}
    folder.pin_file.write_bytes(canonical({**said, "practice": True, "vkey": pin.vkey}))
    return Bench(root, clinic, store, subject_keys, pin)


def reopen_bench(root: Path) -> Bench:
    """The clinic of a folder that was filled before, to go on where it stopped."""
    folder = Folder(root)
    store, subject_keys = open_sqlite(folder.database, ORIGIN), FolderSubjectKeys(folder.subjects)
    seed = f"TEST ONLY from {store.head().size} on"
    clinic = Clinic(store, FileHeadStore(folder.head), subject_keys, seed)
    pin = Pin(ORIGIN, str(clinic.signer.vkey), store.rows(0, 1)[0].leaf)
    return Bench(root, clinic, store, subject_keys, pin)
