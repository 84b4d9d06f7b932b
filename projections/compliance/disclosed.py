"""
What left for one person, whether something of their partner may have been in it, and whether the partner allowed it.

An entry that stood on the wrong partner's record went along with everything that was taken from that record: that
it is the other's shows only when it is reattributed. Whom something went to is compared as it was written down.
Source: the exact rules, REC-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ledger.effective import Standing
from ledger.entry import stream_tag
from ledger.events.access import SysRecordExported
from ledger.events.fields import Gone
from ledger.events.requests import DisclosureMade, ReleaseOfInformationRevoked, ReleaseOfInformationSigned
from ledger.vocabulary import Slot
from projections.compliance.apart import zone_of
from projections.compliance.history import History
from projections.compliance.known import SLOTS, Fact
from projections.compliance.ledger_at import LedgerAt
from projections.compliance.moments import local

Value = TypeVar("Value")

_EVERYTHING = ("whole-record", "sessions", "other")
_ACTS: dict[str, tuple[str, ...]] = {
    "adverse-events": ("adverse", "emergencies"),
    "consents": ("consent",),
    "doses": ("dosing", "holds"),
    "evaluations": ("eligibility",),
    "release": ("release",),
}
"""Of each content the acts, as the catalogue of events is divided, whose entries of a session it holds."""


@dataclass(frozen=True, slots=True)
class Strayed:
    """An entry that stood on one partner's record of a session, and is the other's as is known now."""

    history: History
    slot: Slot
    entry: Standing

    @property
    def record(self) -> str:
        """The record it stood on."""
        return f"{self.history.session}/{self.slot}"

    @property
    def position(self) -> int:
        """Where it stands."""
        return self.entry.original.position

    @property
    def whose(self) -> str | Gone:
        """The person it is about."""
        return self.history.person(other_slot(self.slot))

    def left_with(self, copy: Fact) -> bool:
        """
        Whether a copy of these records took it along.

        A copy for one partner is made without what had been put right by then: it holds the place of that entry alone.
        """
        event = copy.event
        if not isinstance(event, SysRecordExported) or self.position >= event.size:
            return False
        is_there = stream_tag(self.entry.original.payload.ledger, self.record) in event.records
        was_known = event.partner_left_out and self.entry.counts is None and max(self.entry.by) < event.size
        return is_there and not was_known

    def is_in(self, content: Sequence[str]) -> bool:
        """Whether it belongs to this part of a record."""
        act = type(self.entry.original.event).__module__.rpartition(".")[2]
        return any(each in _EVERYTHING or act in _ACTS.get(each, ()) for each in content)


def copy_named(ledger: LedgerAt, shown: DisclosureMade) -> Fact | None:
    """The copy of this ledger that a disclosure gives out, by its hash; None for one that was made outside."""
    if shown.export is None:
        return None
    copies = ledger.everywhere("access", SysRecordExported)
    return next((each for each in copies if getattr(each.event, "content", None) == shown.export), None)


def holds_partner(ledger: LedgerAt, person: str, partner: str, copy: Fact) -> list[str]:
    """The sessions of which a copy holds the partner's own record, where a person went with that partner."""
    origin, held = origin_of(ledger), getattr(copy.event, "records", ())
    return [
        history.session
        for history, slot in ledger.sessions_of(person)
        if history.person(other_slot(slot)) == partner
        if stream_tag(origin, f"{history.session}/{other_slot(slot)}") in held
    ]


def origin_of(ledger: LedgerAt) -> str:
    """The name of the ledger, as every entry says it; nothing where there is none yet."""
    entry = ledger.known.index.first()
    return "" if entry is None else entry.payload.ledger


def other_slot(slot: Slot) -> Slot:
    """The partner's."""
    return "b" if slot == "a" else "a"


def strayed(ledger: LedgerAt) -> list[Strayed]:
    """Every entry that was reattributed; it looks into the sessions of which something was said later."""
    return [
        Strayed(history, slot, entry)
        for name in ledger.names("session")
        if ledger.known.standings(name, ledger.size)
        for history in (ledger.session(name),)
        for entry in history.entries()
        if entry.status == "reattributed-away"
        for slot in SLOTS
        if entry.original.stream == f"{name}/{slot}"
    ]


def partners_of(ledger: LedgerAt, person: str) -> dict[str, str | Gone]:
    """Everybody with whom a person was planned for a session; the value is gone where it cannot be read who."""
    found = (history.person(other_slot(slot)) for history, slot in ledger.sessions_of(person))
    return {each if isinstance(each, str) else each.why: each for each in found}


def allows(ledger: LedgerAt, partner: str, shown: Fact) -> tuple[bool | None, tuple[int, ...]]:
    """Whether a partner had allowed this disclosure to its recipient, None if that cannot be read; and by what."""
    event = shown.event
    if not isinstance(event, DisclosureMade):
        return False, ()
    day = f"{local(shown.at, zone_of(ledger, shown)):%Y-%m-%d}"
    unread: tuple[int, ...] = ()
    for fact, signed in _in_force(ledger, partner, shown, day):
        to, content = _both_read(signed.recipient, event.recipient), _both_read(signed.content, event.content)
        if to is None or content is None:
            unread = (fact.position,)
        elif _same(*to) and _covers(*content):
            return True, (fact.position,)
    return (None if unread else False), unread


def _in_force(
    ledger: LedgerAt, partner: str, shown: Fact, day: str
) -> Iterator[tuple[Fact, ReleaseOfInformationSigned]]:
    """What somebody had signed by then, still valid on that day and not taken back."""
    before = [
        fact
        for fact in ledger.on(partner, ReleaseOfInformationSigned, ReleaseOfInformationRevoked)
        if fact.at <= shown.at
    ]
    revoked = {fact.event.signed.dig for fact in before if isinstance(fact.event, ReleaseOfInformationRevoked)}
    for fact in before:
        signed = fact.event
        if isinstance(signed, ReleaseOfInformationSigned) and day <= signed.valid_until and fact.dig not in revoked:
            yield fact, signed


def _both_read(one: Value | Gone, other: Value | Gone) -> tuple[Value, Value] | None:
    """Both values, None if one of them cannot be read any more."""
    return None if isinstance(one, Gone) or isinstance(other, Gone) else (one, other)


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _covers(allowed: Sequence[str], shown: Sequence[str]) -> bool:
    return "whole-record" in allowed or set(shown) <= set(allowed)
