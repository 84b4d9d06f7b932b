"""
One process writes to a ledger at a time: whoever serves it holds a lock on a file beside it.

A second one is told so at once, instead of after its first event (`head-moved`).
The system lets go of the lock when the process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.errors import Refused


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """
    Hold the ledger in this folder for writing.

    Raises:
        Refused: `ledger-served`, when another process holds it.
    """
    descriptor = os.open(folder / "writer.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                "ledger-served",
                "Another process writes to this ledger.",
                remedy="Stop the other session-ledger serve, or talk to it instead.",
            ) from None
        yield
    finally:
        os.close(descriptor)
