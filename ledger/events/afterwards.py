"""
Afterwards: how somebody is the next day, and the talk that follows a session.

Both stand on the partner's own record of the session they follow, also after it was closed.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.arrival import Suicidality
from ledger.events.base import MONITORS, NOTHING, Critical, Event, Signer
from ledger.events.fields import Clinical, Open, Sensitive
from ledger.events.measures import Count
from ledger.events.words import LocalDate, Moment, Several
from ledger.payload import Word
from ledger.vocabulary import StreamKind


class FollowUpContactMade(Event):
    """
    Somebody asked one partner how they are, or tried to; `attempt` counts the tries for one session.

    What was not asked is null; `drove_before_window` is what the person says of themselves.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["follow-up-contact-made/1"] = "follow-up-contact-made/1"
    attempt: Clinical[Count]
    channel: Clinical[Literal["in-person", "phone", "video", "message"]]
    reached: Clinical[bool]
    slept: Clinical[bool | None]
    urinary_screened: Clinical[bool]
    drove_before_window: Sensitive[bool | None]
    next_step: Sensitive[Literal["none", "further-contact", "prescriber-informed", "escalated"]]
    suicidality: Sensitive[Suicidality | None]
    symptoms: Sensitive[Several[Word]]
    urinary_symptoms: Sensitive[bool | None]


class IntegrationSessionHeld(Event):
    """The talk after a session, from when to when and whether this partner attended; never what was said."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["integration-session-held/1"] = "integration-session-held/1"
    began: Open[Moment]
    ended: Open[Moment]
    attended: Clinical[bool]


class IntegrationOffered(Event):
    """One partner was offered a talk after the session, for this day, and what they answered."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (Signer("performed", roles=MONITORS),)
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["integration-offered/1"] = "integration-offered/1"
    channel: Clinical[Literal["in-person", "phone", "video", "message"]]
    offered_for: Clinical[LocalDate | None]
    answer: Sensitive[Literal["accepted", "declined", "later", "none"]]


AfterwardsEvent: TypeAlias = FollowUpContactMade | IntegrationOffered | IntegrationSessionHeld
"""The days after a session."""
