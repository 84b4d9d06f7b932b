"""
Whether somebody's credential counts on a day, at a place: by what was granted, renewed, suspended and revoked.

    holding(entries, "bls", "2025-11-15", Place("location/…", "NY"))   -> Holding("expired", (6,))

Days are those of the place, and both ends of a credential are valid days.
A renewal counts from the day it is effective, not from the day it was issued; a revocation may reach back.
What was recorded after a question was asked is for the caller to leave out: then and now differ in nothing else.
Source: the exact rules, section 0, items 3 and 7, and SUP-02.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ledger.events.authority import CredentialGranted
from ledger.events.staff import (
    CredentialReinstated,
    CredentialRenewed,
    CredentialRevoked,
    CredentialSuspended,
    TrainingCompleted,
)
from ledger.reading import PlacedEvent
from ledger.vocabulary import CredentialType, Profession

CREDENTIAL_EVENTS = (
    CredentialGranted,
    CredentialRenewed,
    CredentialSuspended,
    CredentialReinstated,
    CredentialRevoked,
)
"""Types that say something about how long a credential counts."""

State: TypeAlias = Literal[
    "valid", "none", "not-yet", "expired", "suspended", "revoked", "other-place", "other-profession"
]
"""How a credential stands; `none` is one that nobody ever recorded."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is done: the location, and the state whose law holds there (None when nobody recorded it)."""

    location: str | None
    state: str | None


@dataclass(frozen=True, slots=True)
class Holding:
    """How a credential stands, the positions that say so, and its first or last day where that is the reason."""

    state: State
    evidence: tuple[int, ...] = ()
    day: str | None = None


@dataclass(frozen=True, slots=True)
class _Term:
    """One grant or renewal, with the profession of what it renews."""

    position: int
    event: CredentialGranted | CredentialRenewed
    profession: Profession | None


def holding(
    entries: Iterable[PlacedEvent],
    credential: CredentialType,
    day: str,
    place: Place,
    professions: Sequence[Profession] = (),
) -> Holding:
    """
    How somebody's credential stands on a day at a place; `entries` are what counts of their record, in its order.

    With `professions` it has to be a licence for one of them: one that does not say what it is for is for none.
    Training as a monitor counts by its own record too, until it has to be repeated.
    A licence has to name the state; any other credential that names states has to name this one.
    """
    entries = list(entries)
    if credential == "monitor" and (trained := _trained(entries, day)) is not None:
        return Holding("valid", (trained,))
    about = [e for e in entries if isinstance(e.event, CREDENTIAL_EVENTS) and e.event.credential == credential]
    terms = _terms(about)
    if not terms:
        return Holding("none")
    fitting = [term for term in terms if not professions or term.profession in professions]
    if not fitting:
        return Holding("other-profession", tuple(term.position for term in terms))
    here = [term for term in fitting if _covers(term.event, place)]
    if not here:
        return Holding("other-place", tuple(term.position for term in fitting))
    running = [term for term in here if term.event.effective <= day <= term.event.expires]
    if not running:
        return _out_of_time(here, day)
    revoked: tuple[int, ...] = ()
    for term in running:
        ended = _revoked(about, term, day, place)
        if ended is None:
            suspended = _suspended(about, day, place)
            evidence = (term.position,) if suspended is None else (term.position, suspended)
            return Holding("valid" if suspended is None else "suspended", evidence)
        revoked = (*revoked, term.position, ended)
    return Holding("revoked", revoked)


def holding_anywhere(
    entries: Sequence[PlacedEvent], credential: CredentialType, day: str, professions: Sequence[Profession] = ()
) -> Holding:
    """The same for what is done at no place: that it holds at one of those it names is enough."""
    terms = [each.event for each in entries if isinstance(each.event, CredentialGranted | CredentialRenewed)]
    named = [term for term in terms if term.credential == credential]
    places = [
        Place(at, state) for term in named for at in term.locations or (None,) for state in term.states or (None,)
    ]
    found = [holding(entries, credential, day, place, professions) for place in (*places, Place(None, None))]
    return next((held for held in found if held.state == "valid"), found[0])


def _trained(entries: Sequence[PlacedEvent], day: str) -> int | None:
    """Where a passed training as a monitor stands that counts on this day."""
    for placed in entries:
        event = placed.event
        if (
            isinstance(event, TrainingCompleted)
            and event.subject == "monitor"
            and event.passed is True
            and event.completed <= day <= (event.repeat_by or day)
        ):
            return placed.position
    return None


def _terms(about: Sequence[PlacedEvent]) -> list[_Term]:
    professions: dict[str, Profession | None] = {}
    terms: list[_Term] = []
    for placed in about:
        event = placed.event
        if isinstance(event, CredentialGranted):
            professions[placed.dig] = event.profession
        elif isinstance(event, CredentialRenewed):
            professions[placed.dig] = professions.get(event.granted.dig)
        else:
            continue
        terms.append(_Term(placed.position, event, professions[placed.dig]))
    return terms


def _covers(event: CredentialGranted | CredentialRenewed, place: Place) -> bool:
    if event.locations and place.location not in event.locations:
        return False
    return place.state in event.states or (not event.states and event.credential != "licence")


def _out_of_time(terms: Sequence[_Term], day: str) -> Holding:
    """No term runs on this day: the last one that had ended, or else the first that had not begun."""
    ended = [term for term in terms if term.event.expires < day]
    if ended:
        last = max(ended, key=lambda term: (term.event.expires, term.position))
        return Holding("expired", (last.position,), last.event.expires)
    first = min(terms, key=lambda term: (term.event.effective, term.position))
    return Holding("not-yet", (first.position,), first.event.effective)


def _revoked(about: Sequence[PlacedEvent], term: _Term, day: str, place: Place) -> int | None:
    """Where the revocation stands that ended this term by this day; what was granted afterwards is not ended by it."""
    for placed in about:
        event = placed.event
        if (
            isinstance(event, CredentialRevoked)
            and placed.position > term.position
            and (not event.states or place.state in event.states)
            and (event.retroactive_from or event.effective) <= day
        ):
            return placed.position
    return None


def _suspended(about: Sequence[PlacedEvent], day: str, place: Place) -> int | None:
    """Where the suspension stands that holds on this day."""
    lifted = {
        placed.event.suspended.dig
        for placed in about
        if isinstance(placed.event, CredentialReinstated) and placed.event.effective <= day
    }
    for placed in about:
        event = placed.event
        if (
            isinstance(event, CredentialSuspended)
            and placed.dig not in lifted
            and event.effective <= day
            and (not event.states or place.state in event.states)
        ):
            return placed.position
    return None
