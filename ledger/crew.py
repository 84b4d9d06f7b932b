"""
Several processes examine the rows of a log side by side, and hand in what they found in the order of the log.

Bytes go in, small results come out; subject keys stay where the blocks were opened.
How many work on it changes nothing but the time: what depends on order is asked afterwards, in one place.
Source: docs/adr/0020.
"""

from __future__ import annotations

import gc
import multiprocessing
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from itertools import islice
from types import TracebackType

from ledger.entry import stream_tag
from ledger.envelope import parse_envelope
from ledger.errors import Invalid
from ledger.evidence import LogRow
from ledger.examination import Examined, examine
from ledger.keys import own_keys
from ledger.reading import read_event

CHUNK = 250
"""Rows handed to a process at once: half a megabyte, and a hundredth of a second of work."""

_KIDS = re.compile(rb'"keyid":"([0-9a-f]{64})"')


class Crew(AbstractContextManager["Crew"]):
    """
    So many examiners; with one of them no process is started.

    At most four chunks for each are under way, so memory stays the same however long the log is.
    Starting a process takes about as long as examining ten thousand rows.
    """

    def __init__(self, workers: int = 1, chunk: int = CHUNK) -> None:
        """Begin with no process; those needed are started by the first rows, and get `chunk` rows at a time."""
        self._workers = workers
        self._chunk = chunk
        self._pool: ProcessPoolExecutor | None = None

    def examined(self, rows: Iterable[LogRow], origin: str) -> Iterator[Examined]:
        """What each row says for itself, in the order of the rows."""
        known = _KnownKeys(origin)
        chunks = _chunks(rows, self._chunk)
        if self._workers < 2:
            for chunk in chunks:
                known.learn(chunk)
                yield from examine(chunk, origin, known.keys)
            return
        pool = self._started()
        waiting: deque[Future[list[Examined]]] = deque()
        for chunk in chunks:
            known.learn(chunk)
            waiting.append(pool.submit(examine, chunk, origin, known.named_in(chunk)))
            if len(waiting) >= 4 * self._workers:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Send everybody home; what is still under way is not waited for longer than its chunk."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            methods = multiprocessing.get_all_start_methods()
            context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
            if "forkserver" in methods:
                context.set_forkserver_preload([__name__])
            self._pool = ProcessPoolExecutor(self._workers, context, initializer=gc.freeze)
        return self._pool


ALONE = Crew(1)
"""Nobody else: rows are examined where they are asked for."""


class _KnownKeys:
    """The public keys that the rows seen so far bring; who may use them, and from where on, is not asked here."""

    def __init__(self, origin: str) -> None:
        self._tag = stream_tag(origin, "keys").encode()
        self.keys: dict[str, bytes] = {}

    def learn(self, rows: Iterable[LogRow]) -> None:
        """Take in the keys in those of these rows that are on the stream `keys`."""
        for row in rows:
            if row.envelope is None or self._tag not in row.entry:
                continue
            try:
                event = read_event(parse_envelope(row.envelope).payload, {})
            except Invalid:
                continue
            self.keys.update((kid, public) for kid, (_, public) in own_keys(event).items())

    def named_in(self, rows: Iterable[LogRow]) -> Mapping[str, bytes]:
        """Those among them that signed these rows."""
        ends = ((row.envelope, row.envelope.rfind(b'"signatures"')) for row in rows if row.envelope is not None)
        kids = {kid for envelope, end in ends for kid in _KIDS.findall(envelope, max(end, 0))}
        found = ((kid, self.keys.get(kid)) for kid in map(bytes.decode, kids))
        return {kid: public for kid, public in found if public is not None}


def _chunks(rows: Iterable[LogRow], size: int) -> Iterator[list[LogRow]]:
    waiting = iter(rows)
    while chunk := list(islice(waiting, size)):
        yield chunk
