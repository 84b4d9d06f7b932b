"""
Every error of the ledger: a stable code, a sentence for a person, and what to do next.

Five kinds, by what the reader should do:

- `Refused`: the record contradicts itself or its signer may not do this. Tell the person.
- `Conflict`: somebody else was first. Load again and retry.
- `Invalid`: the bytes or values handed in are malformed. Fix the request.
- `NotNow`: the disk is full or has failed. Nothing is wrong with the request; hand in the same again later.
- `TamperDetected`: something stored is not what was signed. Stop; never continue past it.

A code is part of the interface: it is never renamed, and `docs/errors.md` explains each one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class LedgerError(Exception):
    """
    What all errors of the ledger share.

    `code` is stable, `field` is the path of the offending member (empty if there is none),
    `remedy` is one sentence that says what to do next.
    """

    def __init__(self, code: str, message: str, *, field: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.remedy = remedy

    def __str__(self) -> str:
        where = f" ({self.field})" if self.field else ""
        then = f" {self.remedy}" if self.remedy else ""
        return f"{self.code}{where}: {self.message}{then}"


class Invalid(LedgerError):
    """Bytes or values that are malformed, out of their format, or impossible: fix them and send again."""


@dataclass(frozen=True, slots=True)
class Objection:
    """
    What one rule has against an authorisation: which rule in which version, and its sentence with the numbers.

    `evidence` are positions in the log; `override` is the role that may permit it all the same, with a reason,
    and None when nobody may.
    `staff` and `credential` say on whose account, where it is about somebody on duty: an override names the same.
    `slot` is whose it is where it is about one partner, None for staff and place.
    """

    rule: str
    version: str
    message: str
    evidence: tuple[int, ...] = ()
    override: str | None = None
    staff: str | None = None
    credential: str | None = None
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the gates and not recorded: digest, type and record of the event, and who signed it first."""

    dig: str
    type: str
    stream: str
    by: str


class Refused(LedgerError):
    """
    A well-formed request that the ledger will not record; nothing was recorded.

    `objections` are those of the rules at a gate, all of them; empty for any other refusal.
    `asked` is the authorisation they kept out; `trace` is where the refusal itself stands in the log, None while it
    does not.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str = "",
        remedy: str = "",
        objections: Sequence[Objection] = (),
        asked: Asked | None = None,
    ) -> None:
        super().__init__(code, message, field=field, remedy=remedy)
        self.objections = tuple(objections)
        self.asked = asked
        self.trace: int | None = None


class Conflict(LedgerError):
    """Another writer was first: load the newest state and try again."""


class NotNow(LedgerError):
    """
    The computer cannot do it: its disk is full, or failed.

    Whether it was recorded may be unknown; the same handed in again is never recorded twice.
    """


class TamperDetected(LedgerError):
    """
    Stored bytes that are not what was signed; work stops here.

    `position` is the first position that cannot be believed, or None if no position can be named.
    """

    def __init__(
        self, code: str, message: str, *, position: int | None = None, field: str = "", remedy: str = ""
    ) -> None:
        super().__init__(code, message, field=field, remedy=remedy)
        self.position = position

    def __str__(self) -> str:
        at = f" at position {self.position}" if self.position is not None else ""
        return f"{self.code}{at}: {self.message}"
