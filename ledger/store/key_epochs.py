"""
Epochs: how one key of many is destroyed so that no copy of the others brings it back.

    subjects/epoch-7.keys   all subject keys, wrapped; may be backed up
    epoch/7.key             the key that wraps them; never in a backup

To destroy one, a new epoch begins without it:

1. the key of epoch 8 is written
2. `epoch-8.keys` is written beside the old file and gets its name: from here on epoch 8 counts
3. the key of epoch 7 is overwritten and removed
4. `epoch-7.keys` is removed

Each step is on the disk before the next. A crash before step 2 is complete leaves epoch 7 as it was; after it,
whoever comes next finishes. A backup of `epoch-7.keys` opens nothing any more, for anybody.
What an overwritten file leaves on the medium is not in our hands: keep `epoch/` on an encrypted volume.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from ledger.errors import Refused
from ledger.store.durable import sync_folder, write_new
from ledger.store.wrapped_keys import KEY_SIZE, NONCE_SIZE, WrappedKeys, parse_wrapped, stored_badly, unwrap, wrap

_FILE = re.compile(r"epoch-([1-9][0-9]{0,9})\.keys")
_KEY = re.compile(r"([1-9][0-9]{0,9})\.key")
_RAW = re.compile(r"[0-9a-f]{64}\.key")


class KeyEpochs:
    """The two folders; whoever changes anything holds the lock of the first one."""

    def __init__(self, folder: Path, epochs: Path, entropy: Callable[[int], bytes], *, make: bool = True) -> None:
        """
        Use these folders; made with mode 0700 if they are missing and `make` says so.

        Raises:
            Refused: `keys-folder`, when others may enter one of them.
        """
        self.folder = _closed(folder.absolute(), make=make)
        self.epochs = _closed(epochs.absolute(), make=make)
        self._entropy = entropy

    def current(self) -> int:
        """The number of the epoch that counts, 0 before the first."""
        return max(_numbers(self.folder, _FILE), default=0)

    def key_file(self, epoch: int) -> Path:
        """Where the key of an epoch is while it counts."""
        return self.epochs / f"{epoch}.key"

    def wrapped_file(self, epoch: int) -> Path:
        """Where the wrapped keys of an epoch are."""
        return self.folder / f"epoch-{epoch}.keys"

    def read(self, epoch: int) -> WrappedKeys:
        """
        The wrapped keys of an epoch, none for epoch 0.

        Raises:
            TamperDetected: `subject-key-stored`.
            FileNotFoundError: the epoch has ended.
        """
        if epoch == 0:
            return WrappedKeys(0, {})
        wrapped = parse_wrapped(self.wrapped_file(epoch).read_bytes())
        if wrapped.epoch != epoch:
            raise stored_badly()
        return wrapped

    def epoch_key(self, epoch: int) -> bytes:
        """
        The key of an epoch.

        Raises:
            TamperDetected: `subject-key-stored`.
            FileNotFoundError: the epoch has ended, or its key is lost.
        """
        key = self.key_file(epoch).read_bytes()
        if len(key) != KEY_SIZE:
            raise stored_badly()
        return key

    def raw(self, name: str) -> bytes | None:
        """A key as it lay in clear before there were epochs, if nobody has taken it over yet."""
        try:
            key = (self.folder / f"{name}.key").read_bytes()
        except FileNotFoundError:
            return None
        if len(key) != KEY_SIZE:
            raise stored_badly()
        return key

    # -- under the lock -----------------------------------------------------------------------------

    def settle(self) -> WrappedKeys:
        """
        The keys of the epoch that counts, after finishing what a crash left half done, and taking over old files.

        Raises:
            Refused: `epoch-key-missing`: these keys are of an epoch whose key is not here; `subject-key-stray`.
            TamperDetected: `subject-key-stored`.
        """
        epoch = self.current()
        if epoch and not self.key_file(epoch).exists():
            raise no_epoch_key(epoch)
        for path in [*self.folder.glob("*.new"), *self.epochs.glob("*.new")]:
            path.unlink()
        for path in [*self.folder.glob("*.ended"), *self.epochs.glob("*.ended")]:
            _overwrite(path)
        if epoch:
            for other in _numbers(self.epochs, _KEY) - {epoch}:
                self._remove_key(self.key_file(other))
            for older in _numbers(self.folder, _FILE) - {epoch}:
                self.wrapped_file(older).unlink()
        wrapped = self.read(epoch)
        return self._take_over(wrapped)

    def add(self, wrapped: WrappedKeys, name: str, key: bytes) -> WrappedKeys:
        """One key more in this epoch, or in the first one; the whole file is written again."""
        epoch = wrapped.epoch or self._first()
        line = wrap(key, self.epoch_key(epoch), self._entropy(NONCE_SIZE), epoch=epoch, name=name)
        more = WrappedKeys(epoch, {**wrapped.lines, name: line})
        self._write(more)
        return more

    def begin(self, wrapped: WrappedKeys, without: str | None = None) -> WrappedKeys:
        """A new epoch with the keys of this one, but one; the old epoch's key is destroyed when this returns."""
        old_key, old = self.epoch_key(wrapped.epoch), wrapped.epoch
        keys = {
            name: unwrap(line, old_key, epoch=old, name=name) for name, line in wrapped.lines.items() if name != without
        }
        new = self._new_epoch(old + 1, keys)
        self._remove_key(self.key_file(old))
        self.wrapped_file(old).unlink()
        sync_folder(self.folder)
        return new

    def _new_epoch(self, epoch: int, keys: Mapping[str, bytes]) -> WrappedKeys:
        epoch_key = self._entropy(KEY_SIZE)
        write_new(self.key_file(epoch), epoch_key)
        sync_folder(self.epochs)
        lines = {
            name: wrap(key, epoch_key, self._entropy(NONCE_SIZE), epoch=epoch, name=name) for name, key in keys.items()
        }
        wrapped = WrappedKeys(epoch, lines)
        self._write(wrapped)
        return wrapped

    def _first(self) -> int:
        """The number of the first epoch; a key that a crash left without its file is used, if it is whole."""
        left = max(_numbers(self.epochs, _KEY), default=0)
        if left and self.key_file(left).stat().st_size == KEY_SIZE:
            return left
        if left:
            self._remove_key(self.key_file(left))
        write_new(self.key_file(left or 1), self._entropy(KEY_SIZE))
        sync_folder(self.epochs)
        return left or 1

    def _write(self, wrapped: WrappedKeys) -> None:
        file = self.wrapped_file(wrapped.epoch)
        new = file.with_suffix(".new")
        write_new(new, wrapped.bytes())
        new.rename(file)
        sync_folder(self.folder)

    def _take_over(self, wrapped: WrappedKeys) -> WrappedKeys:
        """Before there were epochs, each key lay in a file of its own, in clear."""
        raw = [path for path in self.folder.glob("*.key") if _RAW.fullmatch(path.name)]
        if not raw:
            return wrapped
        if wrapped.epoch == 0:
            keys = {path.stem: path.read_bytes() for path in raw}
            if any(len(key) != KEY_SIZE for key in keys.values()):
                raise stored_badly()
            number = max(_numbers(self.epochs, _KEY), default=0) + 1
            wrapped = self._new_epoch(number, keys)
        strays = [path for path in raw if path.stem not in wrapped.lines]
        if strays:
            raise Refused(
                "subject-key-stray",
                f"{strays[0]} is a key from the time before epochs, of somebody whose key is not kept any more.",
                remedy="It comes from an old backup. If the person was erased, destroy that copy too.",
            )
        for path in raw:
            self._remove_key(path)
        sync_folder(self.folder)
        return wrapped

    def _remove_key(self, path: Path) -> None:
        """Take its name from a key, so that nobody reads it half overwritten; overwrite it where it lies; remove it."""
        ended = path.with_name(f"{path.name}.ended")
        path.rename(ended)
        sync_folder(path.parent)
        _overwrite(ended)


def _overwrite(ended: Path) -> None:
    descriptor = os.open(ended, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.pwrite(descriptor, bytes(KEY_SIZE), 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    ended.unlink()
    sync_folder(ended.parent)


def _numbers(folder: Path, pattern: re.Pattern[str]) -> set[int]:
    found = (pattern.fullmatch(path.name) for path in folder.iterdir())
    return {int(match[1]) for match in found if match}


def _closed(folder: Path, *, make: bool) -> Path:
    if not folder.exists():
        if not make:
            return folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(folder.parent)
    if folder.stat().st_mode & 0o077:
        raise Refused(
            "keys-folder",
            f"Others than its owner may enter the folder {folder}.",
            remedy=f"Close it (chmod 700 {folder}) and find out who could read the keys.",
        )
    return folder


def no_epoch_key(epoch: int) -> Refused:
    """The refusal to open keys of an epoch whose key is not here."""
    return Refused(
        "epoch-key-missing",
        f"The subject keys are of epoch {epoch}, and the key of that epoch is not here.",
        remedy="If somebody was erased since that copy was made, it is useless on purpose; see docs/operations.md.",
    )
