"""
One key for each person whose blocks are sealed; to destroy it is to erase what it sealed.

Keys are never in the database or its backups, or erasure would end at the last backup.
On the disk they are wrapped by epochs (`ledger.store.key_epochs`): after one was destroyed, no older copy of
the folder opens any of them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Protocol

from ledger.errors import Conflict, Invalid, TamperDetected
from ledger.store.durable import locked
from ledger.store.key_epochs import KeyEpochs, no_epoch_key
from ledger.store.wrapped_keys import KEY_SIZE, WrappedKeys, name_of, unwrap


class SubjectKeys(Protocol):
    """The keys of subjects such as `person/6b7c…`; safe to use from several threads and processes."""

    @property
    def epoch(self) -> int:
        """
        Changes whenever a key was destroyed, by whatever process.

        Whoever keeps opened values compares it before each use, and lets go of them when it has changed.
        """

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
        self._epoch = 0

    @property
    def epoch(self) -> int:
        """See `SubjectKeys.epoch`."""
        return self._epoch

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
            if self._keys.pop(subject, None) is not None:
                self._epoch += 1


@dataclass(frozen=True, slots=True)
class _Held:
    """What this process remembers of one epoch; thrown away as a whole when the epoch has ended."""

    wrapped: WrappedKeys
    file: tuple[int, int, int] | None
    key_file: Path
    keys: dict[str, bytes] = field(default_factory=dict)

    def stands(self) -> bool:
        """Whether the epoch still counts: its key is there. One look at a folder, nothing is read."""
        if self.wrapped.epoch == 0:
            return False
        try:
            self.key_file.stat()
        except FileNotFoundError:
            return False
        return True


class FolderSubjectKeys:
    """
    Keys wrapped in one folder, and the key that wraps them in another one that is never backed up.

    An opened key is remembered until its epoch ends; each use looks whether it has, and a first use reads two
    small files.
    """

    def __init__(
        self,
        folder: Path,
        epochs: Path | None = None,
        entropy: Callable[[int], bytes] = secrets.token_bytes,
        *,
        as_they_are: bool = False,
    ) -> None:
        """
        Use these folders (`epochs` is `epoch` beside the first unless given), made with mode 0700 if missing.

        Finishes what a crash left half done, and takes over keys from the time before epochs; not so
        `as_they_are`, for an audit, which changes nothing and only reads keys.

        Raises:
            Refused: `keys-folder` when others may enter one, `epoch-key-missing`, `subject-key-stray`.
            TamperDetected: `subject-key-stored`.
        """
        beside = epochs or folder.absolute().with_name("epoch")
        self._epochs = KeyEpochs(folder, beside, entropy, make=not as_they_are)
        self._held: _Held | None = None
        self._as_they_are = as_they_are
        if as_they_are:
            self._current()
            return
        with locked(self._epochs.folder):
            self._epochs.settle()

    @property
    def epoch(self) -> int:
        """See `SubjectKeys.epoch`; also lets go of what was remembered of an epoch that has ended."""
        return self._current().wrapped.epoch

    def key_of(self, subject: str) -> bytes | None:
        """See `SubjectKeys.key_of`."""
        held = self._current()
        known = held.keys.get(subject)
        if known is not None:
            return known
        name = name_of(subject)
        if name not in held.wrapped.lines:
            held = self._current(anew=True)  # another process may have made it
        while (line := held.wrapped.lines.get(name)) is not None:
            epoch = held.wrapped.epoch
            try:
                key = unwrap(line, self._epochs.epoch_key(epoch), epoch=epoch, name=name)
            except (FileNotFoundError, TamperDetected):
                if held.stands():
                    raise
                held = self._current()  # the epoch ended in this moment
                continue
            held.keys[subject] = key
            return key
        return self._epochs.raw(name) if self._as_they_are and held.wrapped.epoch == 0 else None

    def make(self, subject: str, key: bytes) -> None:
        """See `SubjectKeys.make`; the file of all keys is written again: 150 bytes a person."""
        _require_key(key)
        name = name_of(subject)
        with locked(self._epochs.folder):
            wrapped = self._epochs.settle()
            if name in wrapped.lines:
                raise _exists()
            self._epochs.add(wrapped, name, key)

    def destroy(self, subject: str) -> None:
        """See `SubjectKeys.destroy`; a new epoch begins, with every other key wrapped again."""
        name = name_of(subject)
        with locked(self._epochs.folder):
            wrapped = self._epochs.settle()
            if name in wrapped.lines:
                self._epochs.begin(wrapped, without=name)
        self._held = None

    def new_epoch(self) -> int:
        """Begin a new epoch with the same keys, so that older copies of them open nothing; its number."""
        with locked(self._epochs.folder):
            wrapped = self._epochs.settle()
            number = self._epochs.begin(wrapped).epoch if wrapped.epoch else 0
        self._held = None
        return number

    def _current(self, *, anew: bool = False) -> _Held:
        """What is known of the epoch that counts; `anew` also looks whether a key was added to it."""
        held = self._held
        if held is not None and held.stands() and not (anew and held.file != self._file(held.wrapped.epoch)):
            return held
        try:
            held = self._read()
        except FileNotFoundError:  # an epoch is just ending: wait for it, and see what is left
            with locked(self._epochs.folder):
                if not self._as_they_are:
                    self._epochs.settle()
                held = self._settled()
        self._held = held
        return held

    def _settled(self) -> _Held:
        try:
            return self._read()
        except FileNotFoundError:
            raise no_epoch_key(self._epochs.current()) from None

    def _read(self) -> _Held:
        epoch = self._epochs.current()
        file = self._file(epoch)  # first: what is added meanwhile is seen the next time
        held = _Held(self._epochs.read(epoch), file, self._epochs.key_file(epoch))
        if epoch and not held.stands():
            raise FileNotFoundError(held.key_file)
        return held

    def _file(self, epoch: int) -> tuple[int, int, int] | None:
        try:
            found = self._epochs.wrapped_file(epoch).stat()
        except FileNotFoundError:
            return None
        return (found.st_ino, found.st_mtime_ns, found.st_size)


def _require_key(key: bytes) -> None:
    if len(key) != KEY_SIZE:
        raise Invalid("subject-key", f"A subject's key has {KEY_SIZE} bytes, this one has {len(key)}.")


def _exists() -> Conflict:
    return Conflict(
        "subject-key-exists",
        "This subject has a key already.",
        remedy="Read the key that is there, and seal with it.",
    )
