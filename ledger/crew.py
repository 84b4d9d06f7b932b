"""
Several processes examine the rows of a log side by side, and hand in what they found in the order of the log.

Each reads its part of the log from the files itself; small results come back.
How many work on it changes nothing but the time: what depends on order is asked afterwards, in one place.
Source: docs/adr/0020.
"""

from __future__ import annotations

import gc
import multiprocessing
import re
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from functools import lru_cache
from itertools import count, islice
from types import TracebackType
from typing import TypeAlias

from ledger.entry import stream_tag
from ledger.envelope import parse_envelope
from ledger.errors import Invalid, TamperDetected
from ledger.evidence import Log, LogRow
from ledger.keys import own_keys
from ledger.quick_examination import examine_quickly
from ledger.reading import read_event
from ledger.signing import key_id
from ledger.stretch import Found

CHUNK = 250
"""Rows handed to a process at once: half a megabyte, and a hundredth of a second of work."""

_KIDS = re.compile(rb'"keyid":"([0-9a-f]{64})"')


class Crew(AbstractContextManager["Crew"]):
    """
    So many examiners; with one of them no process is started.

    At most four chunks for each are under way, so memory stays the same however long the log is.
    Starting a process takes about as long as examining ten thousand rows; forking one takes no time.
    """

    def __init__(self, workers: int = 1, chunk: int = CHUNK, *, forked: bool = False) -> None:
        """
        Begin with no process; those needed are started by the first rows, and get `chunk` rows at a time.

        `forked` says that no database is open in this process, so that copies of it may do the work; they are made
        where the system is known to allow it and no other thread runs here.
        """
        self._workers = workers
        self._chunk = chunk
        self._forked = forked and sys.platform == "linux" and threading.active_count() == 1
        self._pool: ProcessPoolExecutor | None = None

    def start(self) -> None:
        """Have the processes there before anything is opened that does not survive being copied."""
        if self._workers > 1:
            self._started().submit(_settle_in)

    def examined(self, log: Log | Iterable[LogRow], origin: str) -> Iterator[Found]:
        """
        What each row says for itself, in the order of the rows.

        Raises:
            TamperDetected: behind the last row that can be read.
        """
        if self._workers < 2:
            return self._alone(log if isinstance(log, Iterable) else self._rows(log), origin)
        if isinstance(log, Iterable):
            return self._handed_out(log, origin)
        return self._read_elsewhere(log, origin)

    def _alone(self, rows: Iterable[LogRow], origin: str) -> Iterator[Found]:
        known = KnownKeys(origin)
        for chunk in _chunks(rows, self._chunk):
            known.learn(chunk)
            yield from examine_quickly(chunk, origin, known.keys)

    def _handed_out(self, rows: Iterable[LogRow], origin: str) -> Iterator[Found]:
        """Rows that exist only here are sent, with the public keys that are named in them."""
        pool, known = self._started(), KnownKeys(origin)

        def tasks() -> Iterator[Future[_Found]]:
            for chunk in _chunks(rows, self._chunk):
                known.learn(chunk)
                yield pool.submit(_examine_rows, chunk, origin, known.named_in(chunk))

        return self._in_order(tasks())

    def _read_elsewhere(self, log: Log, origin: str) -> Iterator[Found]:
        """Each process reads its part; all learn the public keys first."""
        pool, known = self._started(), KnownKeys(origin)
        known.learn(log.key_rows())

        def tasks() -> Iterator[Future[_Found]]:
            for start in count(0, self._chunk):
                yield pool.submit(_examine_part, log, start, start + self._chunk, origin, known.joined())

        return self._in_order(tasks())

    def _in_order(self, tasks: Iterator[Future[_Found]]) -> Iterator[Found]:
        waiting: deque[Future[_Found]] = deque(islice(tasks, 4 * self._workers))
        while waiting:
            found, damage = waiting.popleft().result()
            yield from found
            if damage is not None:
                raise TamperDetected(*damage[:2], position=damage[2])
            if not found:
                break
            waiting.extend(islice(tasks, 1))
        for task in waiting:
            task.cancel()

    def _rows(self, log: Log) -> Iterator[LogRow]:
        for start in count(0, self._chunk):
            any_row = False
            for row in log.rows(start, start + self._chunk):
                any_row = True
                yield row
            if not any_row:
                return

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
            method = "fork" if self._forked else "forkserver" if "forkserver" in methods else "spawn"
            context = multiprocessing.get_context(method)
            if method == "forkserver":
                context.set_forkserver_preload([__name__])
            self._pool = ProcessPoolExecutor(self._workers, context, initializer=_settle_in)
        return self._pool


ALONE = Crew(1)
"""Nobody else: rows are examined where they are asked for."""


class KnownKeys:
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

    def joined(self) -> bytes:
        """All of them behind each other, as they travel."""
        return b"".join(self.keys.values())

    def named_in(self, rows: Iterable[LogRow]) -> Mapping[str, bytes]:
        """Those among them that signed these rows."""
        ends = ((row.envelope, row.envelope.rfind(b'"signatures"')) for row in rows if row.envelope is not None)
        kids = {kid for envelope, end in ends for kid in _KIDS.findall(envelope, max(end, 0))}
        found = ((kid, self.keys.get(kid)) for kid in map(bytes.decode, kids))
        return {kid: public for kid, public in found if public is not None}


def _chunks(rows: Iterable[LogRow], size: int) -> Iterator[list[LogRow]]:
    """These rows, so many at a time; what was read in front of a damage comes before it is told."""
    chunk: list[LogRow] = []
    waiting = iter(rows)
    while True:
        try:
            row = next(waiting, None)
        except TamperDetected:
            yield chunk
            raise
        if row is not None:
            chunk.append(row)
        if chunk and (row is None or len(chunk) == size):
            yield chunk
            chunk = []
        if row is None:
            return


_Found: TypeAlias = tuple[list[Found], tuple[str, str, int | None] | None]
"""What was found in some rows, and the damage behind which nothing more can be read."""


def _settle_in() -> None:
    """What was imported stays; what is examined lives shortly and in no circles, so it is rarely looked through."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _examine_rows(rows: list[LogRow], origin: str, public_keys: Mapping[str, bytes]) -> _Found:
    return examine_quickly(rows, origin, public_keys), None


def _examine_part(log: Log, start: int, end: int, origin: str, public_keys: bytes) -> _Found:
    rows: list[LogRow] = []
    damage = None
    try:
        for row in log.rows(start, end):
            rows.append(row)  # noqa: PERF402  # what was read in front of a damage counts
    except TamperDetected as error:
        damage = (error.code, error.message, error.position)
    return examine_quickly(rows, origin, _by_kid(public_keys)), damage


@lru_cache(maxsize=1)
def _by_kid(public_keys: bytes) -> Mapping[str, bytes]:
    each = (public_keys[at : at + 32] for at in range(0, len(public_keys), 32))
    return {key_id(public): public for public in each}
