"""
A finding: what one rule says about one person, with the numbers it compared and where they stand in the log.

    met             what the rule asks for is on record
    breached        it is not, and the limit has passed; or a test at one moment failed
    pending         the limit has not passed: at the limit itself it is still pending
    not-applicable  nothing has set the rule going, or an exception holds
    cannot-judge    the evidence is there and cannot be read: withheld, erased or expired

Only a breached one is a finding in the strict sense; the others answer "and what about …?".
Whether a finding was declared, acknowledged or closed is not known yet: those events come later.
Source: the exact rules, section 0, items 8 and 9.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ledger.vocabulary import Slot

Verdict: TypeAlias = Literal["met", "breached", "pending", "not-applicable", "cannot-judge"]
Severity: TypeAlias = Literal["C", "M", "m", "i"]
"""Critical, major, minor, information."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """
    What a rule function says; which rule it was and in which session is added when it is collected.

    `anchor` is the content digest of the event that set the clock going, empty where there is one finding per
    person and session.
    `due` is when something should be done, `limit` the last second at which it counts as done, `made_at` when
    it was done; `outstanding` says that it still can be, also late.
    `causes` are the reasons in words a program can read; `severity` is null for the rule's own.
    """

    slot: Slot
    verdict: Verdict
    sentence: str
    evidence: tuple[int, ...] = ()
    anchor: str = ""
    due: str | None = None
    limit: str | None = None
    made_at: str | None = None
    outstanding: bool = False
    causes: tuple[str, ...] = ()
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One verdict of one rule; instants are in the ledger's spelling, `evidence` are positions in the log.

    `protocol` is the position of the protocol whose figures were used, None when none could be found.
    """

    rule: str
    version: str
    verdict: Verdict
    severity: Severity
    slot: Slot
    session: str
    sentence: str
    evidence: tuple[int, ...]
    protocol: int | None
    anchor: str = ""
    due: str | None = None
    limit: str | None = None
    made_at: str | None = None
    outstanding: bool = False
    causes: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """Whose it is: the record `session/…/a`."""
        return f"{self.session}/{self.slot}"

    @property
    def identity(self) -> str:
        """The same at every asking, for the same rule, person and occasion; whatever the verdict."""
        text = f"session-ledger/finding/v1\n{self.rule}\n{self.subject}\n{self.anchor}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def soonest(findings: list[Finding], rule: str, slot: Slot) -> Finding | None:
    """Of one rule and person the outstanding finding whose limit comes first: what a board shows."""
    mine = [each for each in findings if each.outstanding and (each.rule, each.slot) == (rule, slot)]
    return min(mine, key=lambda each: (each.limit or "", each.due or ""), default=None)
