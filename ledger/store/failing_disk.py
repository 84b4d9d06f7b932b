"""
A disk that is full or fails, in the ledger's words, and when it may no longer be believed.

`store-full`: there is no room. Nothing is broken, and recording goes on when there is room again.
`store-io`: a write or an fsync failed. The system may have thrown away what it could not write, and answers the next
fsync with success all the same; so nothing is tried again on top of it. Whoever was writing stops for good, and a
new process goes on from what can be read.
A file that is no longer a database where it is read is another matter: it was damaged, and whose it is says how.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeAlias

from eventsourcing.persistence import PersistenceError

from ledger.errors import LedgerError, NotNow, TamperDetected

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_BROKEN = frozenset({errno.EIO, errno.EROFS, errno.ENXIO, errno.ENODEV, errno.ENOTCONN, errno.ESTALE})
_NO_ROOM_IN_SQLITE = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})
_BROKEN_IN_SQLITE = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})
_DAMAGED_IN_SQLITE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


Damaged: TypeAlias = "Callable[[], LedgerError] | None"
"""Makes what is raised when the file is no longer a database where it is read."""

_OF_THE_DISK = (OSError, sqlite3.Error, PersistenceError, UnicodeDecodeError)


def told_plainly(damaged: Damaged = None) -> AbstractContextManager[None]:
    """
    Whatever is done inside, with the errors of the disk in the words of the ledger.

    Raises:
        NotNow: `store-full` or `store-io`.
    """
    return _Plainly(damaged)


def damaged_log() -> TamperDetected:
    """What is said of a log that is no longer a database where it is read."""
    return TamperDetected(
        "store-damaged",
        "The file ledger.db is damaged.",
        remedy="Stop, copy the file as it is, look at the disk, and take the newest backup.",
    )


class Trust:
    """What one writer still believes of its disk: nothing more after the first failed write or fsync."""

    def __init__(self) -> None:
        """Begin by believing it."""
        self._lost: str | None = None

    def kept(self, damaged: Damaged = None) -> AbstractContextManager[None]:
        """
        Whatever is done inside, unless something failed before; `damaged` as in `told_plainly`.

        Raises:
            NotNow: `store-full`, or `store-io`, from then on each time.
        """
        return _Plainly(damaged, self)

    def believed(self) -> None:
        """Pass, unless something failed before."""
        if self._lost is not None:
            raise _failed(self._lost)

    def lose(self, failure: NotNow) -> None:
        """Believe nothing more, if this says that the disk failed."""
        if failure.code == "store-io":
            self._lost = failure.message


class _Plainly:
    """A class, and no generator: each recording goes through it four times."""

    __slots__ = ("_damaged", "_trust")

    def __init__(self, damaged: Damaged, trust: Trust | None = None) -> None:
        self._damaged = damaged
        self._trust = trust

    def __enter__(self) -> None:
        if self._trust is not None:
            self._trust.believed()

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, _OF_THE_DISK):
            try:
                _tell(error, self._damaged)
            except NotNow as failure:
                if self._trust is not None:
                    self._trust.lose(failure)
                raise
        elif self._trust is not None and isinstance(error, NotNow):
            self._trust.lose(error)


def _tell(error: BaseException, damaged: Damaged) -> None:
    """Raise what is to be said of this; nothing, when it is not about the disk."""
    cause: BaseException | None = error
    while cause is not None:
        code = getattr(cause, "sqlite_errorcode", 0)
        if getattr(cause, "errno", None) in _NO_ROOM or code in _NO_ROOM_IN_SQLITE:
            raise NotNow(
                "store-full",
                "The disk is full: this was not recorded, or nobody can know yet that it was.",
                remedy="Make room, then hand in the same again; it is never recorded twice.",
            ) from error
        if getattr(cause, "errno", None) in _BROKEN or code & 0xFF in _BROKEN_IN_SQLITE:
            words = getattr(cause, "strerror", None) or str(cause)
            raise _failed(
                f"The disk failed ({words}): this was not recorded, or nobody can know yet that it was."
            ) from error
        if damaged is not None and (code & 0xFF in _DAMAGED_IN_SQLITE or _is_no_text(cause)):
            raise damaged() from error
        cause = cause.__cause__ or cause.__context__


def _is_no_text(error: BaseException) -> bool:
    """Whether a text of the database is none; the binding tells that by words alone."""
    return isinstance(error, UnicodeDecodeError) or "Could not decode to UTF-8" in str(error)


def _failed(message: str) -> NotNow:
    return NotNow(
        "store-io",
        message,
        remedy="Look at the disk, start the ledger again, then hand in the same again; it is never recorded twice.",
    )
