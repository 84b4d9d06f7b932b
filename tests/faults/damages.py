"""What can have happened to a ledger's folder while nobody looked, and what the next start and `verify` then say."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from api.commands.verify import verify_folder
from api.folder import Folder, open_ledger, open_recorder
from ledger.errors import LedgerError
from ledger.store.head_store import FileHeadStore, SignedHead
from ledger.tlog.checkpoint import Checkpoint, sign_checkpoint
from ledger.tlog.note import LogSigner
from tests.faults.child import Job
from tests.faults.house import LOG_KEY_SEED, close
from tests.faults.nursery import Nursery
from tests.ledger.clinic import ORIGIN, START, Entropy, SetClock

PAGE = 4096
GOES_ON = "goes on"
HOLDS = "holds"


def start(folder: Path) -> tuple[str, LedgerError | None]:
    """The code and the error with which a writer refuses to start; `goes on` and nothing when it does not."""
    try:
        opened = open_ledger(folder)
        try:
            close(open_recorder(opened, SetClock(START), lambda: "", entropy=Entropy("start")))
        finally:
            opened.store.close()
    except LedgerError as error:
        return error.code, error
    return GOES_ON, None


def verified(folder: Path) -> str:
    """The code of the first problem that `verify` names, or of its refusal; `holds` when there is none."""
    try:
        report = verify_folder(folder)
    except LedgerError as error:
        return error.code
    return HOLDS if report.first is None else report.first.code


def records(nursery: Nursery, folder: Path, seed: str, dies_at: int = 0) -> None:
    nursery.run(Job(str(folder), seed, threads=1, events=3, dies_at=dies_at))


def settle(folder: Path) -> None:
    """Everything in one file, as after a clean end."""
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for name in ("ledger.db-wal", "ledger.db-shm"):
        with suppress(FileNotFoundError):
            (folder / name).unlink()


def overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def _killed_after_commit(folder: Path, nursery: Nursery) -> None:
    for step in range(1, 50):
        heard = nursery.run(Job(str(folder), "killed", threads=1, events=1, dies_at=step))
        if b'{"dies": "after commit"}' in heard:
            return
    raise AssertionError("no such step")


def _restored(folder: Path, nursery: Nursery) -> None:
    settle(folder)
    old = (folder / "ledger.db").read_bytes()
    records(nursery, folder, "newer")
    settle(folder)
    (folder / "ledger.db").write_bytes(old)


def _lost_wal(folder: Path, nursery: Nursery) -> None:
    settle(folder)
    records(nursery, folder, "newer")
    for name in ("ledger.db-wal", "ledger.db-shm"):
        (folder / name).unlink()


def _damaged_wal(folder: Path, nursery: Nursery) -> None:
    settle(folder)
    records(nursery, folder, "newer")
    (folder / "ledger.db-shm").unlink()
    overwrite(folder / "ledger.db-wal", 0, b"?" * 32)


def _torn_slot(folder: Path, nursery: Nursery) -> None:
    records(nursery, folder, "newer")
    overwrite(Folder(folder).head, 0, b"?" * 512)
    records(nursery, folder, "newest")
    overwrite(Folder(folder).head, PAGE, b"?" * 512)


def _damaged_page(folder: Path, nursery: Nursery) -> None:
    settle(folder)
    pages = (folder / "ledger.db").stat().st_size // PAGE
    for page in range(1, pages, 2):
        overwrite(folder / "ledger.db", page * PAGE, b"?" * PAGE)


def _other_head(folder: Path, nursery: Nursery) -> None:
    head = Folder(folder).head
    head.unlink()
    FileHeadStore(head).advance(None, SignedHead("other.example.test/0123456789abcdef", 3, bytes(32)))


def _two_histories(folder: Path, nursery: Nursery) -> None:
    other = sign_checkpoint(Checkpoint(ORIGIN, 5, bytes(32)), [LogSigner(ORIGIN, LOG_KEY_SEED)])
    FileHeadStore(Folder(folder).head).stop(other)


def _cut_file(folder: Path, nursery: Nursery) -> None:
    settle(folder)
    size = (folder / "ledger.db").stat().st_size
    with (folder / "ledger.db").open("r+b") as file:
        file.truncate(size // 2)


def _forgotten_entry(folder: Path, nursery: Nursery) -> None:
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("DELETE FROM events WHERE position = 5")
        connection.commit()


DAMAGES: dict[str, Callable[[Path, Nursery], None]] = {
    "nothing; the process was killed, or the power failed": lambda folder, nursery: records(nursery, folder, "x", 9),
    "killed between the commit and the signature": _killed_after_commit,
    "an older `ledger.db` was put back": _restored,
    "`ledger.db-wal` was lost or left out of a copy": _lost_wal,
    "`ledger.db-wal` is damaged": _damaged_wal,
    "`log/head` is missing": lambda folder, _: Folder(folder).head.unlink(),
    "one of the two slots of `log/head` is damaged": _torn_slot,
    "both slots of `log/head` are damaged": lambda folder, _: overwrite(Folder(folder).head, 0, b"?" * 2 * PAGE),
    "`log/head` is that of another ledger": _other_head,
    "`log/head.stopped` is there: two histories were signed": _two_histories,
    "pages of `ledger.db` are damaged": _damaged_page,
    "`ledger.db` is shorter than it was": _cut_file,
    "an entry is gone from `ledger.db`": _forgotten_entry,
    "`ledger.db` is empty": lambda folder, _: _empty(folder),
    "`ledger.db` is missing": lambda folder, _: (folder / "ledger.db").unlink(),
    "`ledger.json` is missing": lambda folder, _: (folder / "ledger.json").unlink(),
    "`ledger.json` is damaged": lambda folder, _: overwrite(folder / "ledger.json", 0, b"?"),
    "`log/log.key` is missing": lambda folder, _: Folder(folder).log_key.unlink(),
    "`log/log.key` is damaged": lambda folder, _: overwrite(Folder(folder).log_key, 0, b"?"),
    "the folder `subjects/` is missing": lambda folder, _: shutil.rmtree(folder / "subjects"),
}
"""By the words of the table in `docs/operations.md`."""


def _empty(folder: Path) -> None:
    settle(folder)
    (folder / "ledger.db").write_bytes(b"")
