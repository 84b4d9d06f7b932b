"""
Consents: what one person agreed to at a moment, after all they had signed, narrowed or withdrawn by then.

Source: the exact rules, ELIG-03 and ELIG-04: the latest consent event before the dose counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ledger.events.consent import (
    ConsentNarrowed,
    ConsentNarrowedInSession,
    ConsentWithdrawn,
    ConsentWithdrawnInSession,
)
from ledger.events.eligibility import ConsentScope, ConsentSigned
from ledger.events.fields import Gone
from ledger.vocabulary import Slot
from projections.compliance.history import History
from projections.compliance.known import Fact

_ON_RECORD = (ConsentSigned, ConsentNarrowed, ConsentWithdrawn)
_IN_SESSION = (ConsentNarrowedInSession, ConsentWithdrawnInSession)

_FLAGS = ("data_sharing", "joint", "observers", "off_label_ketamine", "recording", "solo")


@dataclass(frozen=True, slots=True)
class Agreed:
    """
    What somebody agreed to: by which signed form, and to which scope; `scope` is null after a withdrawal.

    `last` is the event that made it so, `signed` the form it rests on; null when no form was ever signed.
    """

    last: Fact
    signed: Fact | None
    scope: ConsentScope | Gone | None


def said(history: History, slot: Slot) -> list[Fact]:
    """All that somebody said about what they agree to, on their own record and in any session, by time."""
    own = history.personal(slot, *_ON_RECORD)
    in_sessions = [fact for other, where in history.sessions_of(slot) for fact in other.of(where, *_IN_SESSION)]
    return sorted([*own, *in_sessions], key=lambda fact: (fact.at, fact.position))


def agreed(said: Sequence[Fact], before: datetime) -> Agreed | None:
    """What somebody had agreed to by the last they said strictly before a moment; None if they had said nothing."""
    signed: Fact | None = None
    scope: ConsentScope | Gone | None = None
    last: Fact | None = None
    for fact in said:
        if fact.at >= before:
            break
        match fact.event:
            case ConsentSigned():
                last, signed, scope = fact, fact, fact.event.scope
            case ConsentNarrowed():
                last, scope = fact, fact.event.scope
                signed = next((one for one in said if one.dig == fact.event.consent.dig), signed)
            case ConsentNarrowedInSession():
                last, scope = fact, fact.event.scope
            case ConsentWithdrawn() | ConsentWithdrawnInSession():
                last, signed, scope = fact, None, None
            case _:
                continue
    return None if last is None else Agreed(last, signed, scope)


def widened(before: ConsentScope | None, after: ConsentScope) -> list[str]:
    """What somebody agrees to now and did not before, in the names of the fields and of what they list."""
    old = before or _nothing()
    flags = [flag for flag in _FLAGS if getattr(after, flag) and not getattr(old, flag)]
    return [*flags, *_added(old.routes, after.routes), *_added(old.touch, after.touch)]


def _added(old: Iterable[str], new: Iterable[str]) -> list[str]:
    had = set(old)
    return [each for each in new if each not in had]


def _nothing() -> ConsentScope:
    return ConsentScope(
        data_sharing=False,
        joint=False,
        observers=False,
        off_label_ketamine=False,
        recording=False,
        routes=(),
        solo=False,
        touch=(),
    )
