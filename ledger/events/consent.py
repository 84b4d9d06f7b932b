"""
Withdrawal: one person takes back all of what they agreed to, or a part of it.

It counts from the moment it was said, and nobody can refuse it: to agree to less needs nobody's leave.
A staff member who heard it may sign beside the person; it counts without them.
What somebody no longer agrees to, and why, is theirs alone and never reaches the partner.
Said in a session it stands there, because the key of a session signs on no other record; it counts everywhere.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ledger.events.base import MONITORS, NOTHING, THEMSELVES, Critical, Event, Reference, Signer
from ledger.events.eligibility import ConsentScope
from ledger.events.fields import Clinical, Identity, Open, Sensitive
from ledger.payload import Word
from ledger.vocabulary import StreamKind


class _Heard(Event):
    """A staff member's signature beside the person's own is welcome and not asked for."""

    def asks(self, signer: Signer) -> bool | None:  # noqa: ARG002  # the same for each
        """None of the signatures that may still come."""
        return False


class ConsentWithdrawn(_Heard):
    """
    One person takes their whole consent back; `consent` is the last one they had signed.

    `during_session` is whether they said so while a session of theirs was under way.
    """

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("declined", by="subject", roles=THEMSELVES),
        Signer("witnessed", roles=(*MONITORS, "registrar"), when="later"),
    )
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["consent-withdrawn/1"] = "consent-withdrawn/1"
    consent: Open[Reference | None]
    during_session: Sensitive[bool]
    reason: Sensitive[Word | None]


class ConsentNarrowed(_Heard):
    """
    One person agrees to less than before: `scope` is all that they still agree to.

    A scope that is wider in any point is a new consent, and needs `consent-signed`.
    """

    STREAM: ClassVar[StreamKind] = "person"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("consented", by="subject", roles=THEMSELVES),
        Signer("witnessed", roles=(*MONITORS, "registrar"), when="later"),
    )
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["consent-narrowed/1"] = "consent-narrowed/1"
    consent: Open[Reference]
    scope: Clinical[ConsentScope]
    during_session: Sensitive[bool]
    reason: Sensitive[Word | None]


class ConsentWithdrawnInSession(_Heard):
    """
    As `consent-withdrawn`, said in a session and signed there with the key of the person's slot.

    `consent` is sealed: on the session's record it would say in the open who is in which slot.
    """

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("declined", by="subject", roles=THEMSELVES),
        Signer("witnessed", roles=MONITORS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["consent-withdrawn-in-session/1"] = "consent-withdrawn-in-session/1"
    reason: Sensitive[Word | None]
    consent: Identity[Reference | None]


class ConsentNarrowedInSession(_Heard):
    """As `consent-narrowed`, said in a session and signed there with the key of the person's slot."""

    STREAM: ClassVar[StreamKind] = "partner"
    SIGNERS: ClassVar[tuple[Signer, ...]] = (
        Signer("consented", by="subject", roles=THEMSELVES),
        Signer("witnessed", roles=MONITORS, when="later"),
    )
    CRITICAL: ClassVar[Critical] = NOTHING

    type: Literal["consent-narrowed-in-session/1"] = "consent-narrowed-in-session/1"
    scope: Clinical[ConsentScope]
    reason: Sensitive[Word | None]
    consent: Identity[Reference | None]


ConsentEvent: TypeAlias = ConsentWithdrawn | ConsentNarrowed
"""What makes a consent smaller, or ends it, on the person's own record."""

ConsentInSession: TypeAlias = ConsentWithdrawnInSession | ConsentNarrowedInSession
"""The same on the record of the session in which it was said."""
