"""
Reviews: somebody who did not write it looked over a part of the record, and says what they saw.

A review is an approval and not a fact of care: whoever wrote a thing does not review it.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.base import NOTHING, Critical, Event, Reference, SessionId, Signer
from ledger.events.fields import Open
from ledger.events.keys import Position
from ledger.events.measures import Count
from ledger.events.words import Moment, Several
from ledger.payload import HexHash
from ledger.vocabulary import StreamKind


class ReviewCompleted(Event):
    """
    A part of the record was looked over: one session, or what was recorded from a time to a time.

    `seen_size` is how much of the log there was; `exceptions` are entries the reviewer wants looked at again.
    """

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("reviewed", roles=("prescriber", "medical-director", "compliance-officer", "privacy-officer")),
    )
    CRITICAL: ClassVar[Critical] = NOTHING
    AUTHORISES: ClassVar[bool] = True

    type: Literal["review-completed/1"] = "review-completed/1"
    began: Open[Moment | None]
    ended: Open[Moment | None]
    exceptions: Open[Several[Reference]]
    outcome: Open[Literal["in-order", "exceptions-seen"]]
    scope: Open[Literal["session", "audit-trail", "stock", "credentials", "devices"]]
    seen_size: Open[Position]
    session: Open[SessionId | None]


class AccessReviewCompleted(Event):
    """
    The privacy officer looked over who had opened which records, from a time to a time.

    `glass_broken` are the uses of emergency access it covers; `anomalies` how many accesses nobody could explain.
    """

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("reviewed", roles=("privacy-officer",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["access-review-completed/1"] = "access-review-completed/1"
    anomalies: Open[Count]
    began: Open[Moment]
    ended: Open[Moment]
    glass_broken: Open[Several[Reference]]
    incidents: Open[Several[Reference]]
    report: Open[HexHash | None]


ReviewEvent: TypeAlias = ReviewCompleted | AccessReviewCompleted
"""Somebody looked it over."""
