"""
Findings: what people answerable for it say of a finding, from first sight to its end.

    acknowledged  somebody has seen it
    explained     somebody concerned says why it came to it
    dispositioned it was looked into, and this became of it
    closed        nothing is left to do
    reopened      it was closed too early

A finding is no event: a rule finds it whenever it is asked. So each names it by its identity, which is the same at
every asking, and by the entries it rests on. A reason is a word; what needs words stands as an addendum on the
record it is about, sealed for those who may read that.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import StringConstraints

from ledger.events.base import NOTHING, Critical, Event, Reference, Signer
from ledger.events.corrections import CORRECTORS
from ledger.events.deviations import FindingAcknowledged, FindingDispositioned, RuleId
from ledger.events.fields import Open
from ledger.events.words import Code, LocalDate, Named, Several
from ledger.payload import HexHash, Word
from ledger.vocabulary import Role, StreamKind

FindingId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$"), Named("identity of a finding")]
"""The same for the same rule, record and occasion, whatever the verdict; it says nothing by itself."""

ANSWERABLE: tuple[Role, ...] = ("compliance-officer", "medical-director")
"""Who decides what becomes of a finding; never somebody who caused it."""


class _About(Event):
    """Which finding: its identity, its rule as it was then, and the entries it rested on."""

    evidence: Open[Several[Reference]]
    finding: Open[FindingId]
    rule: Open[RuleId]
    rule_version: Open[Code]


class FindingAcknowledged2(_About):
    """Somebody answerable has seen a finding; nothing is decided by that."""

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("acknowledged", roles=(*ANSWERABLE, "prescriber")),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["finding-acknowledged/2"] = "finding-acknowledged/2"


class FindingExplained(_About):
    """
    Somebody concerned says why it came to a finding, in one word; also who caused it may.

    `addendum` is the entry that says more, on the record it is about; `document` the hash of a paper kept elsewhere.
    """

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=CORRECTORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["finding-explained/1"] = "finding-explained/1"
    addendum: Open[Reference | None]
    document: Open[HexHash | None]
    reason: Open[Word]


class FindingDispositioned2(_About):
    """
    A finding was looked into, and this became of it; whoever caused it does not decide that.

    `action` names what is to be done so that it does not happen again, `due` until when.
    """

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("reviewed", roles=ANSWERABLE),)
    CRITICAL: ClassVar[Critical] = NOTHING
    AUTHORISES: ClassVar[bool] = True

    type: Literal["finding-dispositioned/2"] = "finding-dispositioned/2"
    action: Open[Code | None]
    due: Open[LocalDate | None]
    outcome: Open[Literal["accepted-deviation", "corrected", "corrective-action", "false-positive"]]
    reason: Open[Word | None]


class FindingClosed(_About):
    """A finding is closed: `disposition` is what had become of it, null where nothing had to."""

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("reviewed", roles=ANSWERABLE),)
    CRITICAL: ClassVar[Critical] = NOTHING
    AUTHORISES: ClassVar[bool] = True

    type: Literal["finding-closed/1"] = "finding-closed/1"
    disposition: Open[Reference | None]


class FindingReopened(_About):
    """A finding that was closed is open again, and why; `closed` is the entry that had closed it."""

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("reviewed", roles=ANSWERABLE),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["finding-reopened/1"] = "finding-reopened/1"
    closed: Open[Reference]
    reason: Open[Word]


FindingEvent: TypeAlias = (
    FindingAcknowledged
    | FindingAcknowledged2
    | FindingExplained
    | FindingDispositioned
    | FindingDispositioned2
    | FindingClosed
    | FindingReopened
)
"""What became of a finding."""
