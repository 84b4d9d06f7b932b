"""
The threads that keep the event loop free: some record, one writes, a few read, two stretch passwords, 64 MiB each.

A coroutine waits for them without a thread of its own, which a plain `def` route would cost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

RECORDERS = 16
"""Threads that record: as many requests can be committed together."""


class ServiceThreads:
    """Work done beside the event loop, each kind where it keeps no other kind waiting."""

    def __init__(self) -> None:
        self._writer = ThreadPoolExecutor(1, "writer")
        self._recorders = ThreadPoolExecutor(RECORDERS, "recorder")
        self._readers = ThreadPoolExecutor(6, "reader")
        self._waiters = ThreadPoolExecutor(16, "waiter")
        self._stretchers = ThreadPoolExecutor(2, "stretcher")

    async def write(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do it in the one thread that writes."""
        return await done_in(self._writer, work, *args, **kwargs)

    async def read(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do it in a thread that reads."""
        return await done_in(self._readers, work, *args, **kwargs)

    async def stretch(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do it where passwords are stretched, at most two at a time."""
        return await done_in(self._stretchers, work, *args, **kwargs)

    def end_threads(self) -> None:
        """Let each finish what it does, and take nothing more."""
        for executor in (self._recorders, self._writer, self._readers, self._waiters, self._stretchers):
            executor.shutdown()


async def done_in(executor: ThreadPoolExecutor, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the work gives, done by a thread of this pool."""
    return await asyncio.wrap_future(executor.submit(work, *args, **kwargs))
