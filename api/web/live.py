"""
The live stream: every entry's position, type and record, in order, without a gap and never twice.

    id: 43
    data: {"position":42,"type":"dose-administered/1","stream":"session/…/a"}

The id is the size of the log after the event, so it is what a page then asks for with `at_least`, and what
a browser that lost the connection hands back as `Last-Event-ID`.
Nobody is remembered here: each stream reads the log itself, from where its reader left off.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from fastapi.sse import ServerSentEvent

from ledger.store.port import EventRow, Row

ROWS = 200
"""Rows read at once."""

LOOK_AGAIN = 5.0
"""Seconds after which a stream asks again whether its reader is still signed in."""

ReadRows = Callable[[int, int], Awaitable[Sequence[Row]]]


class Live:
    """Wakes every stream when the log has grown; `say` and `end` are called from any thread."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._grown: asyncio.Event | None = None
        self.ended = False

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Work on this event loop."""
        self._loop, self._grown = loop, asyncio.Event()

    def say(self) -> None:
        """The log has grown."""
        if self._loop is not None and not self._loop.is_closed():
            with contextlib.suppress(RuntimeError):  # the loop may close in this very moment
                self._loop.call_soon_threadsafe(self._wake)

    def end(self) -> None:
        """Let all streams come to their end."""
        self.ended = True
        self.say()

    async def entries(
        self,
        start: int,
        read: ReadRows,
        size: Callable[[], int],
        admitted: Callable[[], bool],
        named: Callable[[EventRow], bool],
    ) -> AsyncIterator[ServerSentEvent]:
        """
        The events from `start` on, now and as they come, while their reader is admitted.

        By type and stream where `named` says so, else as positions.
        """
        yield ServerSentEvent(comment="follows the log", retry=1000)
        while admitted() and not self.ended:
            grown = self._grown
            if start >= size():
                if grown is not None:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(grown.wait(), LOOK_AGAIN)
                continue
            for row in await read(start, min(ROWS, size() - start)):
                start = row.position + 1
                if isinstance(row, EventRow):
                    told = {"type": row.type, "stream": row.stream} if named(row) else {}
                    yield ServerSentEvent(id=str(start), data={"position": row.position} | told)

    def _wake(self) -> None:
        grown, self._grown = self._grown, asyncio.Event()
        if grown is not None:
            grown.set()
