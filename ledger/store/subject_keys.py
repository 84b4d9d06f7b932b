"""
One key for each person whose blocks are sealed; to destroy it is to erase what it sealed.

Keys are never in the database or its backups, or erasure would end at the last backup.
The bytes of a removed file can outlive it on the medium: keep the folder on an encrypted volume.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from threading import Lock
from typing import Protocol

from ledger.errors import Conflict, Invalid, Refused, TamperDetected
from ledger.store.durable import locked, sync_folder, write_new

KEY_SIZE = 32
"""Bytes of an AES-256 key."""


class SubjectKeys(Protocol):
    """The keys of subjects such as `person/6b7c…`; safe to use from several threads and processes."""

    def key_of(self, subject: str) -> bytes | None:
        """
        The key of a subject, or None when none was made or it was destroyed.

        Raises:
            TamperDetected: `subject-key-stored`, when what is stored is no key.
        """

    def make(self, subject: str, key: bytes) -> None:
        """
        Keep a new key, durably.

        Raises:
            Conflict: `subject-key-exists`: read the key that is there and use it.
            Invalid: `subject-key`, when it has not 32 bytes.
        """

    def destroy(self, subject: str) -> None:
        """Let go of the key for ever; nothing happens if there is none, so that it can be repeated."""


class MemorySubjectKeys:
    """Keys that live as long as the process."""

    def __init__(self) -> None:
        """Begin with no keys."""
        self._keys: dict[str, bytes] = {}
        self._lock = Lock()

    def key_of(self, subject: str) -> bytes | None:
        """See `SubjectKeys.key_of`."""
        return self._keys.get(subject)

    def make(self, subject: str, key: bytes) -> None:
        """See `SubjectKeys.make`."""
        _require_key(key)
        with self._lock:
            if subject in self._keys:
                raise _exists()
            self._keys[subject] = key

    def destroy(self, subject: str) -> None:
        """See `SubjectKeys.destroy`."""
        with self._lock:
            self._keys.pop(subject, None)


class FolderSubjectKeys:
    """
    Keys in a folder only its owner may enter, one file each.

    A file's name is the SHA-256 of the subject: of one length, without a slash, and silent about whose it is.
    A key gets its name by a link after its bytes are on the disk, so that a crash leaves no half key.
    """

    def __init__(self, folder: Path) -> None:
        """
        Use this folder; made with mode 0700 if it is missing.

        Raises:
            Refused: `keys-folder`, when others may enter it.
        """
        self._folder = folder.absolute()
        if not self._folder.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(self._folder.parent)
        if self._folder.stat().st_mode & 0o077:
            raise Refused(
                "keys-folder",
                f"Others than its owner may enter the folder {self._folder}.",
                remedy=f"Close it (chmod 700 {self._folder}) and find out who could read the keys.",
            )

    def key_of(self, subject: str) -> bytes | None:
        """See `SubjectKeys.key_of`; one small file is read."""
        try:
            key = self._file(subject).read_bytes()
        except FileNotFoundError:
            return None
        if len(key) != KEY_SIZE:
            raise TamperDetected("subject-key-stored", "The stored key of a subject is damaged.")
        return key

    def make(self, subject: str, key: bytes) -> None:
        """See `SubjectKeys.make`; two fsyncs."""
        _require_key(key)
        file, new = self._file(subject), self._new(subject)
        with locked(self._folder):
            new.unlink(missing_ok=True)
            if file.exists():
                raise _exists()
            write_new(new, key)
            file.hardlink_to(new)
            new.unlink()
            sync_folder(self._folder)

    def destroy(self, subject: str) -> None:
        """See `SubjectKeys.destroy`; one fsync. Also removes what a crash inside `make` left behind."""
        with locked(self._folder):
            self._new(subject).unlink(missing_ok=True)
            self._file(subject).unlink(missing_ok=True)
            sync_folder(self._folder)

    def _file(self, subject: str) -> Path:
        name = hashlib.sha256(f"session-ledger/subject-key/v1\n{subject}".encode()).hexdigest()
        return self._folder / f"{name}.key"

    def _new(self, subject: str) -> Path:
        return self._file(subject).with_suffix(".new")


def _require_key(key: bytes) -> None:
    if len(key) != KEY_SIZE:
        raise Invalid("subject-key", f"A subject's key has {KEY_SIZE} bytes, this one has {len(key)}.")


def _exists() -> Conflict:
    return Conflict(
        "subject-key-exists",
        "This subject has a key already.",
        remedy="Read the key that is there, and seal with it.",
    )
