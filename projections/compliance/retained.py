"""
How long what was destroyed had to be kept, by what is left of it.

    kept_for(ledger, act)        every record that an erasure or an end of retention may have destroyed, and until when
    holds_at(ledger, person, …)  the legal holds on somebody's record that stood at a moment

The periods are the clinic's own: `Known.retention`. Whose the part of a session was cannot be read after an erasure:
those parts may be anybody's who was erased, and of one erased person alone they are certainly theirs.
Source: the exact rules, REC-13; the federal term for a controlled substance is CS-09.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ledger.encoding import from_instant
from ledger.erasure import DISCLOSURES, ENCOUNTERS, day_of, years_later
from ledger.events.base import Event
from ledger.events.eligibility import EvaluationCompleted, PreparationSessionHeld
from ledger.events.erasure import LegalHoldLifted, LegalHoldPlaced, RetentionEnded
from ledger.events.expired import NoLongerKept
from ledger.events.fields import Gone
from ledger.events.requests import DisclosureMade
from projections.compliance.known import Fact
from projections.compliance.ledger_at import LedgerAt

_MEETINGS: tuple[type[Event], ...] = (EvaluationCompleted, PreparationSessionHeld)


@dataclass(frozen=True, slots=True)
class Kept:
    """One record: what it was, the day from which it was kept, and until when; `certain` is that both are known."""

    fact: Fact
    what: str
    since: date
    until: date
    certain: bool


def kept_for(ledger: LedgerAt, act: Fact, *, alone: bool) -> list[Kept]:
    """What an act may have destroyed, that which had to be kept longest last; `alone`: nobody else was erased."""
    found = _ended(ledger, act) if isinstance(act.event, RetentionEnded) else _erased(ledger, act, alone=alone)
    return sorted(found, key=lambda each: (each.until, each.fact.position))


def holds_at(ledger: LedgerAt, person: str, act: Fact) -> list[Fact]:
    """The legal holds on a record that had been placed and not been lifted when something happened to it."""
    before = [
        fact for fact in ledger.on(person, LegalHoldPlaced, LegalHoldLifted) if fact.position < act.position
    ]  # fmt: skip
    lifted = {fact.event.placed.dig for fact in before if isinstance(fact.event, LegalHoldLifted)}
    return [fact for fact in before if isinstance(fact.event, LegalHoldPlaced) and fact.dig not in lifted]


def people_of(ledger: LedgerAt, act: Fact) -> list[str]:
    """Whose own records an act destroyed."""
    if not isinstance(act.event, RetentionEnded):
        return [act.stream]
    return list(
        dict.fromkeys(fact.stream for fact in _no_longer_kept(ledger, act) if fact.stream.startswith("person/"))
    )


def _erased(ledger: LedgerAt, act: Fact, *, alone: bool) -> Iterator[Kept]:
    terms = ledger.known.retention
    for fact in ledger.on(act.stream, *_MEETINGS):
        yield _kept(ledger, fact, "a clinical encounter", terms.chart_years, certain=True)
    for fact in ledger.on(act.stream, DisclosureMade):
        yield _kept(ledger, fact, "a disclosure", terms.records_years, certain=True)
    for session, slot in dict.fromkeys(ledger.known.unreadable):
        history = ledger.session(session)
        person = history.person(slot)
        if isinstance(person, Gone) and person.why == "erased":
            for fact in history.facts:
                if fact.stream == f"{session}/{slot}" and fact.position < act.position:
                    yield _kept(ledger, fact, "a clinical encounter", terms.chart_years, certain=alone)


def _ended(ledger: LedgerAt, act: Fact) -> Iterator[Kept]:
    """Of an entry that is no longer kept only the day is known on which it was received, which may be a later one."""
    terms = ledger.known.retention
    for fact in _no_longer_kept(ledger, act):
        kind = fact.event.kind if isinstance(fact.event, NoLongerKept) else ""
        if fact.stream.startswith("session/") or kind in ENCOUNTERS:
            yield _kept(ledger, fact, "a clinical encounter", terms.chart_years, certain=False)
        elif fact.stream.startswith("access/") or kind in DISCLOSURES:
            yield _kept(ledger, fact, "an access or a disclosure", terms.records_years, certain=False)


def _no_longer_kept(ledger: LedgerAt, act: Fact) -> Iterator[Fact]:
    for kind in ("session", "person", "access"):
        for fact in ledger.everywhere(kind, NoLongerKept):
            if isinstance(fact.event, NoLongerKept) and fact.event.under == act.position:
                yield fact


def _kept(ledger: LedgerAt, fact: Fact, what: str, years: int, *, certain: bool) -> Kept:
    entry = ledger.entry(fact.session, fact.dig)
    since = fact.at.date()
    if entry is not None:
        is_here = not isinstance(fact.event, NoLongerKept)
        since = day_of(entry.payload.occurred) if is_here else from_instant(entry.received_at).date()
    return Kept(fact, what, since, years_later(since, years), certain)
