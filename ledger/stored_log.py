"""
A ledger's files as an audit reads them, in this process or in another one, which opens them for itself.

So neither rows nor subject keys travel between processes; what is sealed is opened where it is examined.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ledger.evidence import LogRow
from ledger.follow import rows_between
from ledger.store.port import Store
from ledger.store.sqlite import open_for_audit
from ledger.store.subject_keys import FolderSubjectKeys, SubjectKeys


@dataclass(frozen=True, slots=True)
class StoredLog:
    """
    The log in a database file; sealed blocks are opened with the keys in these folders, unless they are None.

    See `ledger.evidence.Log`.
    """

    database: Path
    origin: str
    subjects: Path | None
    epochs: Path | None

    def rows(self, start: int, end: int) -> Iterator[LogRow]:
        """See `Log.rows`."""
        yield from rows_between(*_opened(self), start, end)

    def key_rows(self) -> Iterator[LogRow]:
        """See `Log.key_rows`."""
        store = open_for_audit(self.database, self.origin)
        try:
            for row in store.stream_rows("keys"):
                yield LogRow(row.position, row.entry, row.envelope, {}, row.leaf)
        finally:
            store.close()


@lru_cache(maxsize=1)
def _opened(log: StoredLog) -> tuple[Store, SubjectKeys | None]:
    """Opened once in each process that reads it, and closed when that ends."""
    subject_keys = None if log.subjects is None else FolderSubjectKeys(log.subjects, log.epochs)
    return open_for_audit(log.database, log.origin), subject_keys
