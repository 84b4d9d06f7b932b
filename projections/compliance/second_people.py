"""Signatures of second people that came by themselves: who confirmed an entry, and when."""

from __future__ import annotations

from ledger.events.corrections import CountersignatureGiven
from ledger.vocabulary import Meaning
from projections.compliance.history import History
from projections.compliance.known import Fact, record_of
from projections.compliance.ledger_at import LedgerAt


def confirmed_by(history: History, entry: Fact, meaning: Meaning) -> list[Fact]:
    """The countersignatures that confirm an entry in this meaning, by somebody who did not sign it, by time."""
    return confirming(history.ledger, entry, meaning)


def confirming(ledger: LedgerAt, entry: Fact, meaning: Meaning) -> list[Fact]:
    """The same of an entry on any record."""
    placed = ledger.known.entries.get(record_of(entry.stream), ())
    found = [
        ledger.known.fact(each)
        for each in placed
        if each.position < ledger.size
        and isinstance(each.event, CountersignatureGiven)
        and each.event.target.dig == entry.dig
        and each.event.gives == meaning
        and each.event.verdict == "confirms"
    ]
    own = set(entry.by)
    return sorted(
        (fact for fact in found if fact.at <= ledger.as_of and not own & set(fact.by)),
        key=lambda fact: (fact.at, fact.position),
    )


def counted_by_two(ledger: LedgerAt, entry: Fact) -> bool:
    """Whether two people counted: one did it, and another one verified it, at once or later."""
    did = {each.by for each in entry.signed if each.meaning == "performed"}
    verified = {each.by for each in entry.signed if each.meaning == "verified"}
    verified |= {by for each in confirming(ledger, entry, "verified") for by in each.by}
    return bool(did and verified - did)
