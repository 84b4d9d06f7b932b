"""
Overrides: which of them serves a gate, and which declares a finding beforehand.

One of the session is about staff and place: it serves where rule, member of staff and credential are the same.
One of a partner serves where the rule is the same, it stands on the record of that partner, and it permits this.
It has to be signed in the role that the rule's gate names for that authorisation; where nobody may, none serves.
An override cures nothing: what is done under it is a finding, and a declared one.
Source: the exact rules, section 0, items 8, 9 and 11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from ledger.events.base import Event
from ledger.events.deviations import AuthorisationOverridden, RuleOverriddenForPartner
from ledger.events.dosing import DoseAuthorised
from ledger.events.lifecycle import SessionClosed, SessionOpened
from ledger.events.release import ReleaseAuthorised
from projections.compliance.finding import Whose
from projections.compliance.history import History
from projections.compliance.known import Fact

PERMITS: Final[Mapping[type[Event], str]] = {
    DoseAuthorised: "dose",
    ReleaseAuthorised: "release",
    SessionOpened: "opening",
    SessionClosed: "closing",
}
"""What an override for a partner has to permit, before each authorisation."""


def override_for(
    history: History,
    rule: str,
    role: str | None,
    slot: Whose,
    staff: str | None,
    credential: str | None,
    permits: str | None = None,
) -> Fact | None:
    """The first override of this session that serves here; None when there is none, or nobody may give one."""
    if role is None:
        return None
    return next(
        (fact for fact in _overrides(history, rule, slot, staff, credential, permits) if _signed_as(fact, role)),
        None,
    )


def given_before(override: Fact | None, at: datetime | None, act: int | None) -> bool:
    """Whether an override was given before the act it is for, both as it happened and as it was recorded."""
    if override is None or (at is not None and override.at > at):
        return False
    return act is None or override.position < act


def _overrides(
    history: History, rule: str, slot: Whose, staff: str | None, credential: str | None, permits: str | None
) -> Iterator[Fact]:
    for fact in history.facts:
        match fact.event:
            case AuthorisationOverridden() as event if fact.stream == history.session:
                if (event.rule, event.staff, event.credential) == (rule, staff, credential) and not slot:
                    yield fact
            case RuleOverriddenForPartner() as event:
                if (
                    event.permits == permits
                    and slot
                    and fact.stream == f"{history.session}/{slot}"
                    and event.rule == rule
                ):
                    yield fact


def _signed_as(fact: Fact, role: str) -> bool:
    return any(signer.role == role for signer in fact.signed)
