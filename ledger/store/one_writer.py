"""
One writer at a time inside this process.

The library's pool keeps every reader waiting while one thread waits to write.
So its own writer lock is not used: writers queue here, before they ask for a connection.
"""

from __future__ import annotations

from threading import Lock, get_ident


class OneWriter:
    """A lock held for a write transaction; a thread that waits for itself is told so."""

    def __init__(self) -> None:
        """Begin with nobody writing."""
        self._lock = Lock()
        self._owner: int | None = None

    def __enter__(self) -> None:
        """
        Wait until nobody else writes.

        Raises:
            RuntimeError: this thread is writing already, and would wait for ever.
        """
        if self._owner == get_ident():
            raise RuntimeError("This thread has a write transaction open: end it before the next one.")
        self._lock.acquire()
        self._owner = get_ident()

    def __exit__(self, *_: object) -> None:
        """Let the next one in."""
        self._owner = None
        self._lock.release()
