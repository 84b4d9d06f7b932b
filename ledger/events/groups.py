"""
Groups: several couples at a retreat who share a room and the people who watch.

A group is known by its code. Each session says for itself that it joined one; no record lists the sessions of a
group, so nobody's copy says who else was there.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.base import MONITORS, NOTHING, Critical, Event, Reference, Signer, StaffId
from ledger.events.fields import Open
from ledger.events.measures import Count
from ledger.events.words import Code, Moment, Several
from ledger.vocabulary import StreamKind


class RetreatGroupFormed(Event):
    """
    A place plans a group: at most so many couples in one room, watched by these monitors together.

    `protocol` is the version whose figures for a group apply, such as how many one monitor may watch.
    """

    STREAM: ClassVar[StreamKind] = "location"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("approved", roles=("prescriber", "medical-director")),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["retreat-group-formed/1"] = "retreat-group-formed/1"
    couples_at_most: Open[Count]
    group: Open[Code]
    monitors: Open[Several[StaffId]]
    planned_from: Open[Moment]
    planned_to: Open[Moment]
    protocol: Open[Reference | None]
    room: Open[Code]


class SessionJoinedGroup(Event):
    """A session is part of a group from now on: its monitors are shared with others in the same room."""

    STREAM: ClassVar[StreamKind] = "session"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=(*MONITORS, "scheduler")),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["session-joined-group/1"] = "session-joined-group/1"
    formed: Open[Reference | None]
    group: Open[Code]
    room: Open[Code]


class SessionLeftGroup(Event):
    """A session is no longer part of its group; what is about a partner is no reason that stands here."""

    STREAM: ClassVar[StreamKind] = "session"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=(*MONITORS, "scheduler")),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["session-left-group/1"] = "session-left-group/1"
    group: Open[Code]
    room_after: Open[Code | None]


GroupMember: TypeAlias = SessionJoinedGroup | SessionLeftGroup
"""What a session says of the group it is in."""
