"""
Small files that survive a crash: whole, under their name, and on the disk before the call returns.

The order is the whole idea: bytes into a new file, fsync it, give it its name, fsync the folder.
What is written in place keeps its length, so that its bytes alone have to reach the disk.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


def write_new(path: Path, data: bytes) -> None:
    """
    Write a new file that only its owner may read (mode 0600), and fsync it; its name is not durable yet.

    Raises:
        FileExistsError: there is a file of this name.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def overwrite(descriptor: int, data: bytes, at: int) -> None:
    """Put bytes in the place of others; the length of the file stays, so one fdatasync is enough."""
    os.pwrite(descriptor, data, at)
    os.fdatasync(descriptor)


def make_folder(path: Path) -> None:
    """Make a folder that only its owner may enter (mode 0700), and those above it, with durable names; or find it."""
    if not path.exists():
        make_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class locked:  # noqa: N801  # used like a function; a class, because each recording goes through it
    """
    An exclusive lock on a folder that exists, or on a file, which is made; against other processes and threads.

    Released by the system when the process dies.
    """

    __slots__ = ("_descriptor", "_path")

    def __init__(self, path: Path) -> None:
        """Lock nothing yet."""
        self._path = path

    def __enter__(self) -> None:
        """Wait until nobody else has it."""
        try:
            self._descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            self._descriptor = os.open(self._path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        except BaseException:
            os.close(self._descriptor)
            raise

    def __exit__(self, *_: object) -> None:
        """Let the next one in."""
        os.close(self._descriptor)
