"""
What is written after the answer: with the next transaction, or a moment later by a thread of its own.

Only for what can be made again byte for byte, a signed checkpoint: nobody waits for it, everybody who asks this
process has it at once, and a process that dies before it is written leaves it to the next start.
There is one such thread for a process, which sleeps while nothing waits.
"""

from __future__ import annotations

import atexit
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TypeAlias
from weakref import WeakMethod, WeakSet

A_MOMENT = 0.005
"""Seconds for which something has to have waited: while there is a next transaction, it takes it along."""

Write: TypeAlias = Callable[[Mapping[int, bytes]], None]


class Soon:
    """Checkpoints by size that one store has given out and not written yet; safe to use from several threads."""

    def __init__(self, write: Write) -> None:
        """`write` is a method that writes them, without a sync; nothing is kept alive for it."""
        self._write = WeakMethod(write)
        self._waiting: dict[int, bytes] = {}
        self._is_asked = False
        self._one_writes = Lock()
        _THREAD.stores.add(self)

    @property
    def waiting(self) -> dict[int, bytes]:
        """Those that are not written yet; a copy."""
        return self._waiting.copy()

    def add(self, size: int, note: bytes) -> None:
        """One more, unless there is one of its size."""
        self._waiting.setdefault(size, note)
        if not self._is_asked:
            self._is_asked = True
            _THREAD.ask(self)

    def written(self, these: Mapping[int, bytes]) -> None:
        """These stand in the file now."""
        for size in these:
            self._waiting.pop(size, None)

    def write(self) -> None:
        """Write what waits; where that cannot be now, it goes on waiting, and whoever records next meets the same."""
        write = self._write()
        if write is None:
            return
        with self._one_writes, suppress(Exception):
            if self._waiting:
                write(self.waiting)

    def close(self) -> None:
        """Write what waits, and nothing any more when this returns: then the connection may be closed."""
        self.write()
        with self._one_writes:
            self._waiting = {}

    def look(self, before: tuple[int, ...]) -> tuple[int, ...]:
        """Write what waited at the look before too; what is to be looked at again, nothing when nothing is."""
        waiting = tuple(self._waiting)
        if waiting == before:
            self._is_asked = False
            self.write()
            return ()
        return waiting


class _Thread:
    """Looks after all stores of this process; begun when it is first asked."""

    def __init__(self) -> None:
        self.stores: WeakSet[Soon] = WeakSet()
        self.begin()

    def begin(self) -> None:
        """Nothing runs and nothing was asked: so it is at first, and in a process that was forked."""
        self._asked: SimpleQueue[Soon] = SimpleQueue()
        self._lock = Lock()
        self._runs = False

    def ask(self, soon: Soon) -> None:
        if not self._runs:
            with self._lock:
                if not self._runs:
                    self._runs = True
                    Thread(target=self._run, name="after-the-answer", daemon=True).start()
        self._asked.put(soon)

    def finish(self) -> None:
        """The process ends: nothing waits any longer."""
        for soon in tuple(self.stores):
            soon.write()

    def _run(self) -> None:
        asked = self._asked
        while True:
            looked: dict[Soon, tuple[int, ...]] = {asked.get(): ()}
            while looked:
                time.sleep(A_MOMENT)
                while not asked.empty():
                    looked.setdefault(asked.get(), ())
                looked = {soon: again for soon, before in looked.items() if (again := soon.look(before))}


_THREAD = _Thread()
atexit.register(_THREAD.finish)
os.register_at_fork(after_in_child=_THREAD.begin)
