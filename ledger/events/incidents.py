"""
Incidents: a boundary was crossed, or somebody's data went where it should not.

Each stands on a governance record with a number of its own, which is in no copy of a couple or a partner.
Of a boundary incident only its class is kept, never who was touched by whom: whoever it is about must not find out
from the record that it was reported, and what was said about it belongs to the compliance officer.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.base import NOTHING, Critical, Event, Reference, SessionId, Signer
from ledger.events.corrections import CORRECTORS
from ledger.events.fields import Open
from ledger.events.measures import Count
from ledger.events.words import LocalDate, Moment, Several
from ledger.payload import Word
from ledger.vocabulary import StreamKind


class BoundaryIncidentRecorded(Event):
    """
    A boundary was crossed in a session, of this class; nothing else of it is written here.

    A member of staff signs it, also for a participant who told them; compliance sees it as soon as it is recorded.
    The record's number is its own, never the session's: from that a partner could see that there is an entry.
    """

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("received", roles=CORRECTORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["boundary-incident-recorded/1"] = "boundary-incident-recorded/1"
    kind: Open[Literal["touch", "conduct", "partner-pressure", "recording", "other"]]
    session: Open[SessionId]


class BoundaryIncidentClosed(Event):
    """Compliance has dealt with a boundary incident; how stands outside the ledger, this says that it was done."""

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("reviewed", roles=("compliance-officer",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["boundary-incident-closed/1"] = "boundary-incident-closed/1"
    incident: Open[Reference]
    outcome: Open[Literal["substantiated", "not-substantiated", "undetermined"]]


class PrivacyIncidentOpened(Event):
    """
    Data may have been seen by somebody who should not have; `notify_by` is until when those it concerns are told.

    Who they are stands in no open field: `subjects` only counts them.
    """

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=("privacy-officer",)),)
    CRITICAL: ClassVar[Critical] = frozenset({"discovered_at", "notify_by"})

    type: Literal["privacy-incident-opened/1"] = "privacy-incident-opened/1"
    discovered_at: Open[Moment]
    evidence: Open[Several[Reference]]
    kind: Open[
        Literal["wrong-recipient", "wrong-record", "unneeded-access", "lost-device", "lost-paper", "breach", "other"]
    ]
    notify_by: Open[LocalDate | None]
    risk: Open[Literal["not-assessed", "low", "medium", "high"]]
    subjects: Open[Count]


class PrivacyIncidentClosed(Event):
    """A privacy incident was dealt with: what risk it was, who was told, and what was done."""

    STREAM: ClassVar[StreamKind] = "governance"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("reviewed", roles=("privacy-officer",)),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["privacy-incident-closed/1"] = "privacy-incident-closed/1"
    authority_told: Open[bool]
    done: Open[Several[Word]]
    incident: Open[Reference]
    risk: Open[Literal["low", "medium", "high"]]
    subjects_told: Open[bool]


IncidentEvent: TypeAlias = (
    BoundaryIncidentRecorded | BoundaryIncidentClosed | PrivacyIncidentOpened | PrivacyIncidentClosed
)
"""What went wrong between people, or with their data."""
