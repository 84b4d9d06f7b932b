"""
The last head that the log key signed: what makes it impossible to sign two roots for one size.

It stands beside the log key, never in the database, so that a restored backup or a rewound database meets
a head that is ahead of it. There is one for each origin.

The file has two slots of 4,096 bytes, and the head in it is the valid one of the larger size. Each is five lines,
the last one the SHA-256 of the four before it, and zeros behind them:

    session-ledger/head/v1
    ledger.example.test/00c0ffee00c0ffee
    2
    6GCxs4YuhHBbVhRW2Aphc+dbiFsFEl1lrD/LtBOSi9A=
    9b1d…

A new head goes into the slot of the older one, in place, with one sync: a write that was torn by a power cut
leaves the head before it, whose successor was then never signed. Two damaged slots are refused.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Protocol, TypeAlias

from ledger.encoding import from_base64, to_base64
from ledger.errors import Conflict, Invalid, TamperDetected
from ledger.store.durable import locked, overwrite, sync_folder, write_new
from ledger.store.failing_disk import Trust
from ledger.tlog.tree import HASH_SIZE

Slots: TypeAlias = "tuple[SignedHead | None, SignedHead | None]"
"""What each of the two slots holds; None for an empty one, and for one that is not whole."""

_FIRST_LINE = "session-ledger/head/v1"
SLOT = 4096
"""Bytes of one of the two slots: a block of the disk, so that writing one cannot harm the other."""


@dataclass(frozen=True, slots=True)
class SignedHead:
    """What a signature was given for: the ledger, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes


class HeadStore(Protocol):
    """The last signed head of one ledger, moved forward by one signer at a time."""

    def read(self) -> SignedHead | None:
        """
        The last signed head, or None before the first.

        Raises:
            TamperDetected: `head-store`, when what is stored is no head.
        """

    def advance(self, old: SignedHead | None, new: SignedHead) -> None:
        """
        Replace `old` by `new`, durably; sign only after this returned. With both the same, it is written again.

        Raises:
            Conflict: `head-moved`, when the stored head is not `old`.
                Read it again, prove consistency from it, and retry.
            TamperDetected: `head-backwards` (a smaller size), `head-forked` (another root at the same size),
                `head-origin` (another ledger), `head-store` (what is stored is no head), `two-histories` (stopped).
        """

    def stop(self, note: bytes) -> None:
        """Advance never again, durably: `note` is a checkpoint of another history under the log's own key."""

    def stopped_by(self) -> bytes | None:
        """The note that stopped it, None as long as it goes on."""

    def is_stopped(self) -> bool:
        """A quick look at the same, before anything is written; `advance` looks again, under its lock."""


class MemoryHeadStore:
    """A head store that lives as long as the process."""

    def __init__(self) -> None:
        """Begin with no head."""
        self._head: SignedHead | None = None
        self._stopped_by: bytes | None = None
        self._lock = Lock()

    def read(self) -> SignedHead | None:
        """See `HeadStore.read`."""
        return self._head

    def advance(self, old: SignedHead | None, new: SignedHead) -> None:
        """See `HeadStore.advance`."""
        with self._lock:
            check_going_on(self._stopped_by)
            check_advance(self._head, old, new)
            self._head = new

    def stop(self, note: bytes) -> None:
        """See `HeadStore.stop`."""
        with self._lock:
            self._stopped_by = self._stopped_by or note

    def stopped_by(self) -> bytes | None:
        """See `HeadStore.stopped_by`."""
        return self._stopped_by

    def is_stopped(self) -> bool:
        """See `HeadStore.is_stopped`."""
        return self._stopped_by is not None


class FileHeadStore:
    """
    A head store in one small file, for the signers of one host.

    Beside it stand `….lock`, `….new` for a moment when it is made, and `….stopped` once signing was stopped.
    A crash at any point leaves the old head or the new one.
    """

    def __init__(self, path: Path) -> None:
        """Keep the head in this file; its folder must exist."""
        self._path = path.absolute()
        self._new = self._path.with_name(self._path.name + ".new")
        self._stopped = self._path.with_name(self._path.name + ".stopped")
        self._lock = self._path.with_name(self._path.name + ".lock")
        self._disk = Trust()
        self._left: tuple[bytes, Slots] = (b"", (None, None))  # what this process has left there, and its meaning

    def read(self) -> SignedHead | None:
        """See `HeadStore.read`; waits for nobody."""
        with self._disk.kept():
            try:
                return _newest(_slots(self._path.read_bytes()))
            except FileNotFoundError:
                return None

    def advance(self, old: SignedHead | None, new: SignedHead) -> None:
        """See `HeadStore.advance`; one fdatasync, and two fsyncs the first time."""
        with self._disk.kept():
            self._move(old, new)

    def _move(self, old: SignedHead | None, new: SignedHead) -> None:
        with locked(self._lock):
            check_going_on(self.stopped_by())
            try:
                file = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
            except FileNotFoundError:
                check_advance(None, old, new)
                self._make(_padded(new) + bytes(SLOT))
                return
            try:
                self._move_in(file, old, new)
            finally:
                os.close(file)

    def _move_in(self, file: int, old: SignedHead | None, new: SignedHead) -> None:
        data = os.pread(file, 2 * SLOT + 1, 0)
        slots = self._left[1] if data == self._left[0] else _slots(data)
        stored = _newest(slots) if data else None
        check_advance(stored, old, new)
        padded = _padded(new)
        if len(data) == 2 * SLOT:
            newest, older = (1, 0) if slots[1] is stored else (0, 1)
            slot = newest if stored == new else older
            overwrite(file, padded, SLOT * slot)
            self._left = (data[:SLOT] + padded, (slots[0], new)) if slot else (padded + data[SLOT:], (new, slots[1]))
        else:
            self._make(padded + (bytes(SLOT) if stored is None else _padded(stored)))

    def stop(self, note: bytes) -> None:
        """See `HeadStore.stop`; two fsyncs. The first note stays."""
        with locked(self._lock):
            if self.stopped_by() is None:
                write_new(self._stopped, note)
                sync_folder(self._path.parent)

    def stopped_by(self) -> bytes | None:
        """See `HeadStore.stopped_by`; one look for a file."""
        try:
            self._stopped.stat()  # a third of the cost of opening what is not there
            return self._stopped.read_bytes()
        except FileNotFoundError:
            return None

    def is_stopped(self) -> bool:
        """See `HeadStore.is_stopped`; what is not there is no error here, which would take longer than the look."""
        return os.access(self._stopped, os.F_OK)

    def _make(self, data: bytes) -> None:
        self._new.unlink(missing_ok=True)
        write_new(self._new, data)
        self._new.rename(self._path)
        sync_folder(self._path.parent)


def check_going_on(stopped_by: bytes | None) -> None:
    """
    Pass unless signing was stopped.

    Raises:
        TamperDetected: `two-histories`.
    """
    if stopped_by is not None:
        raise TamperDetected(
            "two-histories",
            "The log key has signed another history than this one; signing has stopped, and nothing is recorded.",
            remedy="Keep everything as it is, and follow 'Two histories' in docs/operations.md.",
        )


def check_advance(stored: SignedHead | None, old: SignedHead | None, new: SignedHead) -> None:
    """
    Pass when `new` may take the place of `stored`, which the caller believes to be `old`.

    Raises:
        Conflict, TamperDetected: as in `HeadStore.advance`.
    """
    if stored != old:
        raise Conflict(
            "head-moved",
            "Another signer has moved the head.",
            remedy="Read the head again, prove consistency from it, and retry.",
        )
    if stored is None:
        return
    remedy = "Sign nothing. A database was set back or replaced: compare it with its replicas and witnesses."
    if new.origin != stored.origin:
        raise TamperDetected("head-origin", f"The signed head is that of {stored.origin}.", remedy=remedy)
    if new.size < stored.size:
        raise TamperDetected(
            "head-backwards",
            f"A head of {stored.size} entries was signed, and the ledger now has {new.size}.",
            position=new.size,
            remedy=remedy,
        )
    if new.size == stored.size and new.root != stored.root:
        raise TamperDetected("head-forked", f"Another root was signed for {stored.size} entries.", remedy=remedy)


def _format(head: SignedHead) -> bytes:
    text = f"{_FIRST_LINE}\n{head.origin}\n{head.size}\n{to_base64(head.root)}\n".encode()
    return text + hashlib.sha256(text).hexdigest().encode() + b"\n"


def _padded(head: SignedHead) -> bytes:
    return _format(head).ljust(SLOT, b"\0")


def _slots(data: bytes) -> Slots:
    return _parse(data[:SLOT].rstrip(b"\0")), _parse(data[SLOT:].rstrip(b"\0")) if len(data) <= 2 * SLOT else None


def _newest(slots: Slots) -> SignedHead:
    whole = [head for head in slots if head is not None]
    if not whole:
        raise TamperDetected(
            "head-store",
            "The file of the last signed head is damaged.",
            remedy="Sign nothing. Restore the head from the newest checkpoint that a witness holds.",
        )
    return max(whole, key=lambda head: head.size)


@lru_cache(maxsize=8)
def _parse(data: bytes) -> SignedHead | None:
    try:
        _, origin, size, root, _, _ = data.decode().split("\n")
        head = SignedHead(origin, int(size), from_base64(root))
    except (ValueError, Invalid):
        return None
    return head if len(head.root) == HASH_SIZE and _format(head) == data else None
