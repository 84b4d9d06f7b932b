"""
A ledger's files as an audit reads them, in this process or in another one, which opens them for itself.

So neither rows nor subject keys travel between processes; what is sealed is opened where it is examined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ledger.errors import TamperDetected
from ledger.evidence import LogRow
from ledger.follow import rows_between
from ledger.store.port import Store
from ledger.store.sqlite import open_for_audit
from ledger.store.subject_keys import FolderSubjectKeys, SubjectKeys


@dataclass(frozen=True, slots=True)
class StoredLog:
    """
    The log in a database file; sealed blocks are opened with the keys in these folders, unless they are None.

    `end` leaves out the rows from that position on, which came after the audit began.

    See `ledger.evidence.Log`.
    """

    database: Path
    origin: str
    subjects: Path | None
    epochs: Path | None
    end: int | None = None

    def rows(self, start: int, end: int) -> Iterator[LogRow]:
        """See `Log.rows`."""
        yield from rows_between(*_opened(self), start, end if self.end is None else min(end, self.end))

    def key_rows(self) -> Iterator[LogRow]:
        """See `Log.key_rows`."""
        store = open_for_audit(self.database, self.origin)
        try:
            for row in store.stream_rows("keys"):
                yield LogRow(row.position, row.entry, row.envelope, {}, row.leaf)
        finally:
            store.close()


class Moment(NamedTuple):
    """A ledger as it stood at one moment: its checkpoints by size, and where it ended (None: read all there is)."""

    checkpoints: Sequence[tuple[int, bytes]]
    end: int | None


TRIES = 100
"""How often a moment is looked for at which a checkpoint covers every entry."""


def covered_moment(store: Store, wait: Callable[[], None]) -> Moment:
    """
    A moment at which all entries are covered, for the audit of a ledger that grows while it is read.

    A writer keeps its checkpoint after its entries, with the next ones if there are any, so there may always be
    entries that nothing covers: then the moment is that of the newest checkpoint, once it covers what was there first.
    `wait` lets a little time pass before it is looked again; what is never covered is then audited as it is.
    Rows that the head does not count are read like all others.
    """
    first = store.head().size
    checkpoints = list(store.checkpoints())
    size = store.head().size  # after the checkpoints: an honest one covers no more than this
    for _ in range(TRIES):
        covered = checkpoints[-1][0] if checkpoints else 0
        if covered >= size:
            break
        if covered >= first:
            return Moment(checkpoints, covered)
        wait()
        checkpoints += store.checkpoints(covered + 1)
        size = store.head().size
    return Moment(checkpoints, None if _has_uncounted(store, size) else size)


def _has_uncounted(store: Store, size: int) -> bool:
    """Whether there are rows behind this head, or behind damage for all anybody can tell, that nobody just added."""
    try:
        return store.row(size) is not None and store.head().size == size
    except TamperDetected:
        return True


@lru_cache(maxsize=1)
def _opened(log: StoredLog) -> tuple[Store, SubjectKeys | None]:
    """Opened once in each process that reads it, and closed when that ends."""
    subject_keys = None if log.subjects is None else FolderSubjectKeys(log.subjects, log.epochs)
    return open_for_audit(log.database, log.origin), subject_keys
