"""
A finding: what one rule says about one person, with the numbers it compared and where they stand in the log.

    met             what the rule asks for is on record
    breached        it is not, and the limit has passed; or a test at one moment failed
    pending         the limit has not passed: at the limit itself it is still pending
    not-applicable  nothing has set the rule going, or an exception holds
    cannot-judge    the evidence is there and cannot be read: withheld, erased or expired

Only a breached one is a finding in the strict sense; the others answer "and what about …?".
A breached one is *declared* when somebody answerable had overridden the rule beforehand, and *open* otherwise.
What became of it afterwards is told by `projections.findings`.
Source: the exact rules, section 0, items 8 and 9.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ledger.vocabulary import CredentialType, Slot

Verdict: TypeAlias = Literal["met", "breached", "pending", "not-applicable", "cannot-judge"]
Severity: TypeAlias = Literal["C", "M", "m", "i"]
"""Critical, major, minor, information."""

Whose: TypeAlias = Slot | Literal[""]
"""Whose finding it is; empty for one about staff or place, which is about the session as a whole."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """
    What a rule function says; which rule it was and in which session is added when it is collected.

    `anchor` is the content digest of the event that set the clock going, empty where there is one finding per
    person and session.
    `due` is when something should be done, `limit` the last second at which it counts as done, `made_at` when
    it was done; `outstanding` says that it still can be, also late.
    `causes` are the reasons in words a program can read; `severity` is null for the rule's own.
    `staff` and `credential` are on whose account, where it is about somebody on duty; `act` is where the first
    act that it judges stands.
    `about` is the record it is about and `protocol` the position of the protocol whose figures were used, where
    that is not the session's: `stock/…`, `location/…`, `person/…`.
    """

    slot: Whose
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
    staff: str | None = None
    credential: CredentialType | None = None
    act: int | None = None
    about: str = ""
    protocol: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One verdict of one rule; instants are in the ledger's spelling, `evidence` are positions in the log.

    `session` is empty for a verdict about another record, which `about` then names.

    `protocol` is the position of the protocol whose figures were used, None when none could be found.
    `declared_by` is the position of the override that was given beforehand, None for a finding nobody declared.
    """

    rule: str
    version: str
    verdict: Verdict
    severity: Severity
    slot: Whose
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
    staff: str | None = None
    credential: CredentialType | None = None
    declared_by: int | None = None
    about: str = ""

    @property
    def subject(self) -> str:
        """Whose it is: the record `session/…/a`, `session/…` for one about staff or place, or any other record."""
        if self.about:
            return self.about
        return f"{self.session}/{self.slot}" if self.slot else self.session

    @property
    def identity(self) -> str:
        """The same at every asking, for the same rule, person and occasion; whatever the verdict."""
        text = f"session-ledger/finding/v1\n{self.rule}\n{self.subject}\n{self.anchor}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def soonest(findings: list[Finding], rule: str, slot: Slot) -> Finding | None:
    """Of one rule and person the outstanding finding whose limit comes first: what a board shows."""
    mine = [each for each in findings if each.outstanding and (each.rule, each.slot) == (rule, slot)]
    return min(mine, key=lambda each: (each.limit or "", each.due or ""), default=None)
